// Goal: one process has a folder, whoever comes later goes on from everything that it showed, and what cannot be read is neither
// taken for true nor overwritten.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isMetricStoreError } from '../../lib/errors.js';
import { lineOf } from '../../lib/journal/journal-lines.js';
import { Journal, type JournalFound, type JournalOptions } from '../../lib/journal/journal.js';

describe('Journal', () => {
  let root: string;
  let folder: string;
  let errors: string[];
  const open: Journal[] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'journal-'));
    folder = join(root, 'state');
    errors = [];
  });
  afterEach(() => {
    for (const journal of open.splice(0)) journal.close();
    rmSync(root, { recursive: true });
  });

  const journalOf = (options: Partial<JournalOptions> = {}): Journal => {
    const journal = new Journal({
      folder,
      identity: 'i',
      onError: error => errors.push(String(error)),
      ...options,
    });
    open.push(journal);
    return journal;
  };
  const recordsOf = (found: JournalFound): readonly string[] | string =>
    found.outcome === 'found' ? [...found.records()] : found.outcome;
  /** Begins with what was there. */
  const begin = async (journal: Journal): Promise<(readonly string[] | string)[]> => {
    const seen: (readonly string[] | string)[] = [];
    await journal.begin(found => {
      const records = recordsOf(found);
      seen.push(records);
      return Promise.resolve({
        records: typeof records === 'string' ? [] : records,
        isLost: found.outcome === 'lost',
      });
    });
    return seen;
  };
  const codeOf = async (act: () => unknown): Promise<string> => {
    try {
      await act();
      return 'none';
    } catch (error) {
      return isMetricStoreError(error) ? error.code : String(error);
    }
  };
  const path = (): string => join(folder, 'journal');

  it('should give back what was appended, once and again', async () => {
    const first = journalOf();
    expect(await begin(first)).to.deep.equal(['none']);
    first.append('one');
    first.append('two');
    expect(await first.sync()).to.equal('durable');
    first.close();
    const second = journalOf();
    expect(await begin(second)).to.deep.equal([['one', 'two']]);
    second.append('three');
    expect(await begin(journalOf())).to.deep.equal([['one', 'two', 'three']]);
    expect(errors).to.deep.equal([]);
    expect(readFileSync(path(), 'latin1')).to.include('"generation":3');
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
  });

  it('should begin anew with a snapshot when it has grown, and forget what came before', async () => {
    const journal = journalOf({ maxBytes: 300 });
    await begin(journal);
    for (let line = 0; !journal.wantsSnapshot; line++) journal.append(`line ${line}`);
    expect(journal.bytes).to.be.greaterThan(300);
    expect(journal.replace(['all'])).to.equal(true);
    expect(journal.wantsSnapshot).to.equal(false);
    journal.append('more');
    expect(await journal.sync()).to.equal('durable');
    expect(readdirSync(folder)).to.deep.equal(['journal']);
    expect(await begin(journalOf())).to.deep.equal([['all', 'more']]);
  });

  it('should want no snapshot of a small state for every little thing, nor wait long behind a large one', async () => {
    const journal = journalOf();
    await begin(journal);
    journal.append('x'.repeat(200_000));
    expect(journal.wantsSnapshot).to.equal(false);
    journal.append('x'.repeat(100_000));
    expect(journal.wantsSnapshot).to.equal(true);
    journal.replace(['x'.repeat(200_000)]);
    journal.append('x'.repeat(700_000));
    expect(journal.wantsSnapshot).to.equal(false);
    journal.append('x'.repeat(200_000));
    expect(journal.wantsSnapshot).to.equal(true);
  });

  it('should be taken from who had it, who shows nothing any more, and whose late writes land nowhere', async () => {
    const old = journalOf();
    await begin(old);
    old.append('one');
    expect(await old.sync()).to.equal('durable');
    const next = journalOf();
    await begin(next);
    old.append('late');
    expect(await old.sync()).to.equal('taken');
    expect(old.replace(['late'])).to.equal(false);
    expect(old.wantsSnapshot).to.equal(false);
    expect(await next.sync()).to.equal('durable');
    expect(await begin(journalOf())).to.deep.equal([['one']]);
    expect(await next.sync()).to.equal('taken');
  });

  it('should notice that it was taken while it waited for the disk', async () => {
    const old = journalOf();
    await begin(old);
    old.append('one');
    const sync = old.sync();
    await begin(journalOf());
    expect(await sync).to.equal('taken');
  });

  it('should go on from what the other one wrote while it was read, and until it was replaced', async () => {
    const old = journalOf();
    await begin(old);
    old.append('one');
    const seen: (readonly string[] | string)[] = [];
    await journalOf().begin(found => {
      const records = recordsOf(found);
      seen.push(records);
      // Whatever it shows now, it can show.
      if (seen.length < 4) old.append(`more ${seen.length}`);
      return Promise.resolve({ records: records as string[], isLost: false });
    });
    expect(seen.at(-1)).to.deep.equal(['one', 'more 1', 'more 2', 'more 3']);
    expect(await begin(journalOf())).to.deep.equal([seen.at(-1)]);
  });

  it('should not wait for ever for one that writes all the time', async () => {
    const old = journalOf();
    await begin(old);
    let tries = 0;
    await journalOf().begin(found => {
      tries++;
      old.append('again');
      return Promise.resolve({ records: recordsOf(found) as string[], isLost: false });
    });
    expect(tries).to.equal(10);
    expect(await old.sync()).to.equal('taken');
  });

  it('should read again when a third one was faster', async () => {
    await begin(journalOf());
    const third = journalOf();
    const seen: (readonly string[] | string)[] = [];
    const second = journalOf();
    await second.begin(async found => {
      seen.push(recordsOf(found));
      if (seen.length === 1) {
        await begin(third);
        third.append('of the third');
      }
      return { records: recordsOf(found) as string[], isLost: false };
    });
    expect(seen).to.deep.equal([[], ['of the third']]);
    expect(await third.sync()).to.equal('taken');
    expect(await second.sync()).to.equal('durable');
  });

  it('should cut off a torn line, and keep what is damaged beside a new one', async () => {
    const first = journalOf();
    await begin(first);
    first.append('one');
    first.append('two');
    first.close();
    truncateSync(path(), statSync(path()).size - 3);
    const second = journalOf();
    expect(await begin(second)).to.deep.equal([['one']]);
    second.close();
    const bytes = readFileSync(path());
    bytes[bytes.length - 3] = 0x21;
    writeFileSync(path(), bytes);
    expect(await begin(journalOf())).to.deep.equal(['lost']);
    expect(readFileSync(join(folder, 'journal.lost')).equals(bytes)).to.equal(true);
    expect(await begin(journalOf({ identity: 'j' }))).to.deep.equal(['lost']);
  });

  it('should leave what a later version wrote, and what could not be restored', async () => {
    const first = journalOf();
    await begin(first);
    first.close();
    const ours = readFileSync(path());
    expect(await codeOf(() => journalOf().begin(() => Promise.reject(new Error('no'))))).to.equal(
      'Error: no',
    );
    expect(readFileSync(path()).equals(ours)).to.equal(true);
    const later = Buffer.concat([lineOf('H{"journal":[99,0]}'), Buffer.from('whatever')]);
    writeFileSync(path(), later);
    expect(await codeOf(() => begin(journalOf()))).to.equal('STATE_REFUSED');
    expect(readFileSync(path()).equals(later)).to.equal(true);
    expect(readdirSync(folder)).to.deep.equal(['journal']);
  });

  it('should refuse a folder that is none, and a journal that is none', async () => {
    writeFileSync(folder, '');
    expect(await codeOf(() => journalOf())).to.equal('STATE_REFUSED');
    rmSync(folder);
    mkdirSync(path(), { recursive: true });
    expect(await codeOf(() => begin(journalOf()))).to.equal('STATE_REFUSED');
  });

  it('should go on with its old file when a snapshot cannot be written', async () => {
    const journal = journalOf();
    await begin(journal);
    journal.append('one');
    const failing = function* (): Generator<string> {
      yield 'a';
      throw new Error('no snapshot');
    };
    expect(journal.replace(failing())).to.equal(false);
    expect(errors.join()).to.match(/no snapshot/);
    expect(readdirSync(folder)).to.deep.equal(['journal']);
    journal.append('two');
    expect(await journal.sync()).to.equal('durable');
    expect(await begin(journalOf())).to.deep.equal([['one', 'two']]);
  });

  it('should be durable when it was replaced while somebody waited', async () => {
    const journal = journalOf();
    await begin(journal);
    journal.append('one');
    const sync = journal.sync();
    journal.replace(['one']);
    expect(await sync).to.equal('durable');
  });

  it('should remove what processes left that were killed, once nobody can be at work on it', () => {
    mkdirSync(folder);
    for (const name of ['journal.1-a.new', 'journal.2-b.new', 'other']) writeFileSync(join(folder, name), '');
    const old = Date.now() / 1000 - 7200;
    for (const name of ['journal.1-a.new', 'other']) utimesSync(join(folder, name), old, old);
    journalOf();
    expect(existsSync(join(folder, 'journal.1-a.new'))).to.equal(false);
    expect(readdirSync(folder)).to.have.members(['journal.2-b.new', 'other']);
  });

  it('should show nothing before it has begun, nor when its folder is gone', async () => {
    const journal = journalOf();
    expect(await journal.sync()).to.equal('taken');
    expect(journal.replace([])).to.equal(false);
    expect([journal.bytes, journal.wantsSnapshot]).to.deep.equal([0, false]);
    const other = journalOf();
    await begin(other);
    rmSync(folder, { recursive: true });
    expect(await other.sync()).to.equal('taken');
  });
});
