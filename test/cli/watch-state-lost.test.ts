// Goal: of a state that cannot be used nothing counts and nothing is overwritten, and what counts instead is what was asked for.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { lineOf } from '../../lib/journal/journal-lines.js';
import {
  codeOfRejected,
  WatchedProcess,
  watchedAt,
  type Shown,
  type WatchedProcessOptions,
} from './watched-process.js';
import { START, workflow } from './watched-workflow.js';

describe('a WatchState that cannot be used', () => {
  let folder: string;

  const OTHER = { identity: { prefix: 'other_' } };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watch-lost-'));
    const first = await watchedAt(START, { folder });
    first.observe(workflow('a', 1), '1');
    first.observer.sync([workflow('a', 1).object]);
    await first.scrape();
    await first.end();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const listed = async (options: WatchedProcessOptions): Promise<[string | undefined, Shown | undefined]> => {
    const watched = new WatchedProcess(START, { folder, ...options });
    const found = await watched.begin();
    watched.observer.sync([workflow('a', 1).object, workflow('b', 2).object]);
    const shown = await watched.scrape();
    await watched.end();
    return [found?.outcome, shown];
  };

  it('should take what is there for counted, or count it, or refuse', async () => {
    expect(await codeOfRejected(() => listed({ ...OTHER, whenLost: 'refuse' }))).to.equal('STATE_REFUSED');
    // Refused is not overwritten.
    copyFileSync(join(folder, 'journal'), join(folder, 'kept'));
    expect(await listed({ ...OTHER, whenLost: 'baseline' })).to.deep.equal(['lost', {}]);
    copyFileSync(join(folder, 'kept'), join(folder, 'journal'));
    const [outcome, shown] = await listed({ ...OTHER, whenLost: 'count' });
    expect([outcome, shown?.['argo_workflows_level{}']]).to.deep.equal(['lost', '2']);
    copyFileSync(join(folder, 'kept'), join(folder, 'journal'));
    const [again, goesOn] = await listed({ whenLost: 'refuse' });
    expect([again, goesOn?.['argo_workflows_level{}']]).to.deep.equal(['found', '2']);
  });

  it('should take records that say nothing for no state, and keep them', async () => {
    const whole = readFileSync(join(folder, 'journal'));
    for (const record of [
      '{',
      '{"o":[["add",77,1]]}',
      '{"o":[["what"]]}',
      '{"w":[["u",{"l":9}]]}',
      '{"w":[["u",{"r":[9,9,""]}]]}',
    ]) {
      const bytes = Buffer.concat([whole, lineOf(`R${record}`)]);
      writeFileSync(join(folder, 'journal'), bytes);
      expect(await codeOfRejected(() => listed({ whenLost: 'refuse' })), record).to.equal('STATE_REFUSED');
      expect((await listed({ whenLost: 'baseline' }))[0], record).to.equal('lost');
      expect(readFileSync(join(folder, 'journal.lost')).equals(bytes), record).to.equal(true);
    }
  });
});

describe('a WatchState on a full disk', () => {
  const FULL_DISK = fileURLToPath(new URL('workers/full-disk.mjs', import.meta.url));
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'watch-full-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [how, maxPendingBytes] of [
    ['with what waited', 2 ** 20],
    ['with a snapshot, where too much waited', 1000],
  ] as const)
    it(`should show nothing that is not on it, and go on when there is room, ${how}`, async () => {
      // 20 blocks of 1024 bytes.
      const command = 'ulimit -S -f 20; exec "$0" "$@"';
      const args = [process.execPath, FULL_DISK, folder, String(maxPendingBytes)];
      const child = spawn('bash', ['-c', command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      for await (const chunk of child.stdout) said += String(chunk);
      expect(JSON.parse(said)).to.deep.equal([true, false, true, { done: true, position: '520' }]);
      const rest = await watchedAt(START, { folder, identity: {} });
      expect(rest.state?.position).to.equal('520');
      expect(await rest.scrape())
        .to.have.property('argo_workflows_runs{}')
        .that.matches(/^520 since /);
      await rest.end();
    });
});
