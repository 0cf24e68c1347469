import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readBoundedFile } from '../../lib/cli/bounded-file.js';

describe('readBoundedFile', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'bounded-'))));
  after(() => rmSync(folder, { recursive: true }));

  async function refusal(path: string, bytesMax: number, silenceMillis?: number): Promise<string> {
    try {
      await readBoundedFile(path, { bytesMax, ...(silenceMillis === undefined ? {} : { silenceMillis }) });
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  }

  it('should read a file up to the bound and refuse a longer one', async () => {
    const path = join(folder, 'plain');
    writeFileSync(path, 'x'.repeat(100_000));
    expect((await readBoundedFile(path, { bytesMax: 100_000 })).length).to.equal(100_000);
    expect(await refusal(path, 99_999)).to.equal('larger than 99999 bytes');
    expect(await refusal(join(folder, 'missing'), 1)).to.contain('missing');
    expect(await refusal(folder, 100_000)).to.match(/EISDIR/);
  });

  it('should give up what has no end', async () => {
    expect(await refusal('/dev/zero', 1_000_000)).to.equal('larger than 1000000 bytes');
  });

  it('should take what a pipe brings, and not wait for a writer that never comes', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect((await readBoundedFile(fifo, { bytesMax: 10 })).length).to.equal(0);
    const silent = spawn('sh', ['-c', 'exec 3<>"$0"; echo ready; read -r _', fifo]);
    await new Promise(resolve => silent.stdout.once('data', resolve));
    expect(await refusal(fifo, 10, 50)).to.equal('nothing came for 0.05 seconds');
    silent.stdin.end();
    await new Promise(resolve => silent.once('exit', resolve));
    const writer = spawn('sh', ['-c', 'exec 3<>"$0"; printf abc >&3; echo ready; read -r _', fifo]);
    await new Promise(resolve => writer.stdout.once('data', resolve));
    const read = readBoundedFile(fifo, { bytesMax: 10 });
    setTimeout(() => writer.stdin.end(), 50);
    expect((await read).toString()).to.equal('abc');
  });
});
