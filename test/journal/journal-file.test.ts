// Goal: what the disk does not take waits, in its order, and goes on where it stopped; what is too much is said; and nothing is
// called durable that is not.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { JournalFile } from '../../lib/journal/journal-file.js';

describe('JournalFile', () => {
  let folder: string;
  let errors: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-file-'));
    errors = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const on = (fd: number, maxPendingBytes = 1000): JournalFile =>
    new JournalFile(fd, { onError: error => errors.push(String(error)), maxPendingBytes });

  it('should have written what was appended in the same turn', async () => {
    const path = join(folder, 'a');
    const file = on(openSync(path, 'a'));
    file.append(Buffer.from('one\n'));
    file.append(Buffer.from('two\n'));
    expect(readFileSync(path, 'utf8')).to.equal('one\ntwo\n');
    expect(file.appendedBytes).to.equal(8);
    expect(await file.sync()).to.equal(true);
    file.close();
    file.close();
    file.append(Buffer.from('three\n'));
    expect(await file.sync()).to.equal(false);
    expect(readFileSync(path, 'utf8')).to.equal('one\ntwo\n');
  });

  it('should sync for all who wait, also for what came in the meantime', async () => {
    const file = on(openSync(join(folder, 'a'), 'a'));
    const syncs: Promise<boolean>[] = [];
    for (let line = 0; line < 20; line++) {
      file.append(Buffer.from('line\n'));
      syncs.push(file.sync());
    }
    expect(await Promise.all(syncs)).to.deep.equal(syncs.map(() => true));
    file.close();
  });

  it('should close only when nobody syncs any more', async () => {
    const file = on(openSync(join(folder, 'a'), 'a'));
    file.append(Buffer.from('line\n'));
    const sync = file.sync();
    file.close();
    expect(await sync).to.equal(true);
    expect(errors).to.deep.equal([]);
  });

  it('should keep what a full disk does not take, until it is too much', async () => {
    const file = on(openSync('/dev/full', 'a'), 10);
    file.append(Buffer.from('12345'));
    file.append(Buffer.from('67890'));
    expect(file).to.include({ isBroken: false, appendedBytes: 10 });
    expect(await file.sync()).to.equal(false);
    expect(errors.length).to.equal(3);
    expect(errors[0]).to.match(/ENOSPC/);
    file.append(Buffer.from('1'));
    expect(file.isBroken).to.equal(true);
    expect(await file.sync()).to.equal(false);
    file.close();
  });

  it('should go on in the middle of a line, when there is room again', () => {
    // A pipe takes so much and no more, and the rest when it was read.
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const from = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const file = on(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK), 2 ** 22);
    const lines = Array.from({ length: 30 }, (_, line) =>
      Buffer.alloc(10_007, String.fromCharCode(65 + line)),
    );
    for (const line of lines) file.append(line);
    expect(errors.length).to.be.greaterThan(0);
    let read = Buffer.alloc(0);
    const piece = Buffer.alloc(10_000);
    const wanted = Buffer.concat(lines);
    while (read.length < wanted.length) {
      read = Buffer.concat([read, piece.subarray(0, readSync(from, piece))]);
      file.append(Buffer.alloc(0));
    }
    expect(read.equals(wanted)).to.equal(true);
    expect(file.isBroken).to.equal(false);
    file.close();
    closeSync(from);
  });

  it('should be broken when a sync fails: what was not written then is dropped by the system', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const from = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const file = on(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    file.append(Buffer.from('line\n'));
    expect(await file.sync()).to.equal(false);
    expect(file.isBroken).to.equal(true);
    expect(errors.join()).to.match(/EINVAL/);
    file.close();
    closeSync(from);
  });
});
