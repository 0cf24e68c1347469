import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { isClosed } from '../../lib/cli/closed-output.js';
import { ROOT } from '../support/source-tree.js';

const BIN = join(ROOT, 'dist/esm/bin.js');

describe('isClosed', () => {
  it('should tell a reader that left from other failures', () => {
    const withCode = (code: string): Error => Object.assign(new Error('write'), { code });
    expect(['EPIPE', 'ERR_STREAM_UNABLE_TO_PIPE'].map(code => isClosed(withCode(code)))).to.deep.equal([
      true,
      true,
    ]);
    expect([withCode('ENOSPC'), new Error('no'), undefined].map(isClosed)).to.deep.equal([
      false,
      false,
      false,
    ]);
  });
});

describe('the command whose output nobody takes', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'output-'));
    const metrics = { prometheus: [{ name: 'm', help: 'x'.repeat(200_000), counter: { value: '1' } }] };
    const object = {
      kind: 'Workflow',
      metadata: { name: 'w', uid: 'u' },
      spec: { metrics, entrypoint: 'main', templates: [{ name: 'main', container: {} }] },
      status: {
        phase: 'Succeeded',
        nodes: { w: { name: 'w', type: 'Pod', templateName: 'main', phase: 'Succeeded' } },
      },
    };
    writeFileSync(join(folder, 'events.ndjson'), JSON.stringify({ type: 'ADDED', object }));
    writeFileSync(
      join(folder, 'wf.json'),
      JSON.stringify({ ...object, spec: { metrics: { prometheus: [{}] } } }),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  async function exitOf(
    stdout: 'pipe' | number,
    ...argv: string[]
  ): Promise<{ code: unknown; stderr: string }> {
    const child = spawn(process.execPath, [BIN, ...argv], {
      cwd: ROOT,
      stdio: ['ignore', stdout, 'pipe'],
    });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise(resolve => child.once('close', resolve));
    return { code, stderr };
  }

  it('should end quietly when the reader left', async () => {
    expect(await exitOf('pipe', 'replay', join(folder, 'events.ndjson'))).to.deep.equal({
      code: 0,
      stderr: '',
    });
    expect((await exitOf('pipe', 'lint', join(folder, 'wf.json'))).stderr).to.not.contain('EPIPE');
  }).timeout(60_000);

  it('should say it and exit with 1 when the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await exitOf(full, 'replay', join(folder, 'events.ndjson'));
    expect(code).to.equal(1);
    expect(stderr).to.contain('ENOSPC');
  }).timeout(60_000);
});

describe('the command that waits for a named pipe without a writer', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'pipe-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** Says when the command begins to listen to signals: before that, Node itself ends. */
  const TELL = `data:text/javascript,process.on('newListener', name => name === 'SIGTERM' && console.log(name))`;

  it('should end at the first signal', async () => {
    const pipe = join(folder, 'events');
    execFileSync('mkfifo', [pipe]);
    const child = spawn(process.execPath, ['--import', TELL, BIN, 'replay', pipe], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)));
    try {
      await new Promise(resolve => child.stdout.once('data', resolve));
      // The pipe is opened in the same turn as the arguments are read, soon after.
      await delay(500);
      child.kill('SIGTERM');
      expect(await Promise.race([ended, delay(30_000, 'hangs')])).to.equal('SIGTERM');
    } finally {
      child.kill('SIGKILL');
    }
  }).timeout(60_000);
});
