// Goal: with a state, `watch` goes on where it was: counts equal those of a watch without a break, and none is ever shown smaller.
// Method: the command itself, ended and started again, with a server on loopback in the place of kubectl proxy.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { StateKeeper } from '../../lib/cli/state-keeper.js';
import { TestApiServer } from '../kubernetes/test-api-server.js';
import { RunningWatch, watchedWorkflow } from './running-watch.js';

describe(StateKeeper.name, () => {
  let folder: string;
  let server: TestApiServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'otel-argo-metrics-'));
    server = await TestApiServer.start();
  });

  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const start = (
    env: Readonly<Record<string, string>> = {},
    argv: readonly string[] = [],
    laterMillis = 0,
  ): RunningWatch =>
    new RunningWatch(['--server', server.url.href, '--state', folder, ...argv], env, laterMillis);

  /** Watching, with everything taken that there is. */
  async function watching(env?: Readonly<Record<string, string>>, laterMillis = 0): Promise<RunningWatch> {
    const begun = server.asked(({ kind }) => kind === 'watch');
    const running = start(env, [], laterMillis);
    await Promise.race([begun, running.done]);
    await server.caughtUp();
    return running;
  }

  const add = (name: string): void => server.change('ADDED', watchedWorkflow(name, 'argo'));
  const runs = async (running: RunningWatch): Promise<string | undefined> =>
    /^argo_workflows_runs\{namespace="argo"\} (.*)$/m.exec(await running.metrics())?.[1];

  it('should go on from its version without a list, and show at once what it showed', async () => {
    add('before');
    const first = await watching();
    add('a');
    await server.caughtUp();
    expect(await runs(first)).to.equal('1');
    expect(await first.end()).to.equal(ExitCode.ok);
    expect(first.said).to.contain(`info state in ${folder} is new\n`);
    add('b');
    server.change('DELETED', watchedWorkflow('b', 'argo'));
    server.change('DELETED', watchedWorkflow('a', 'argo'));
    server.requests.length = 0;
    const second = await watching();
    expect(await runs(second)).to.equal('2');
    expect(server.requests.filter(({ kind }) => kind === 'list')).to.deep.equal([]);
    expect(second.said).to.contain(`info state in ${folder}: goes on with 1 series and 2 workflows\n`);
    expect(await second.end()).to.equal(ExitCode.ok);
  });

  it('should not show as 0 what was born before the restart, longer ago than new counters are', async () => {
    const byDefault = { OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '' };
    const first = await watching(byDefault);
    add('a');
    await server.caughtUp();
    expect(await runs(first)).to.equal('0');
    await first.end();
    const second = await watching(byDefault, 10_000);
    expect(await runs(second)).to.equal('0');
    await second.end();
    const third = await watching(byDefault, 80_000);
    expect(await runs(third)).to.equal('1');
    await third.end();
  });

  it('should list where the history is gone, and count once what it missed', async () => {
    const first = await watching();
    add('a');
    await server.caughtUp();
    await first.end();
    add('b');
    add('c');
    server.compact();
    add('d');
    const second = await watching();
    expect(await runs(second)).to.equal('4');
    expect(server.requests.filter(({ kind }) => kind === 'list')).to.have.length.greaterThan(1);
    await second.end();
  });

  it('should go on through many restarts, whatever comes in between', async () => {
    let count = 0;
    for (let restart = 0; restart < 6; restart++) {
      const running = await watching();
      const before = await runs(running);
      expect(before).to.equal(count === 0 ? undefined : `${count}`);
      add(`up-${restart}`);
      await server.caughtUp();
      expect(await runs(running)).to.equal(`${++count}`);
      expect(await running.end()).to.equal(ExitCode.ok);
      add(`down-${restart}`);
      count++;
    }
  });

  it('should end when another process goes on with its state, and show nothing more', async () => {
    const first = await watching();
    add('a');
    await server.caughtUp();
    expect(await runs(first)).to.equal('1');
    const second = await watching();
    expect(await runs(second)).to.equal('1');
    expect(await runs(first)).to.equal(undefined);
    expect(await first.done).to.equal(ExitCode.failed);
    expect(first.said).to.match(/another process has the state in .* \[STATE_TAKEN\]\n/);
    add('b');
    await server.caughtUp();
    expect(await runs(second)).to.equal('2');
    await second.end();
  });

  it('should leave the state to who has it when the address is taken', async () => {
    const first = await watching();
    const address = new URL(first.url).host;
    const second = start({}, ['--listen', address]);
    expect(await second.done).to.equal(ExitCode.failed);
    expect(second.said).to.contain('[ENDPOINT_FAILED]');
    add('a');
    await server.caughtUp();
    expect(await runs(first)).to.equal('1');
    expect(await first.end()).to.equal(ExitCode.ok);
  });

  describe('of a state that is damaged', () => {
    beforeEach(async () => {
      const first = await watching();
      add('a');
      await server.caughtUp();
      await first.end();
      const bytes = await readFile(join(folder, 'journal'));
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(join(folder, 'journal'), bytes);
    });

    it('should begin with a baseline, say so, and put it aside', async () => {
      const second = await watching();
      expect(second.said).to.match(/ error state in .* cannot be used, and was put aside: /);
      expect(await runs(second)).to.equal(undefined);
      add('b');
      await server.caughtUp();
      expect(await runs(second)).to.equal('1');
      await second.end();
      expect(await readFile(join(folder, 'journal.lost'))).to.have.length.greaterThan(0);
    });

    it('should count all that is there, if it is told to', async () => {
      const second = await watching({ OTEL_ARGO_METRICS_STATE_WHEN_LOST: 'count' });
      expect(await runs(second)).to.equal('1');
      await second.end();
    });

    it('should end with 1, if it is told to', async () => {
      const second = start({ OTEL_ARGO_METRICS_STATE_WHEN_LOST: 'refuse' });
      expect(await second.done).to.equal(ExitCode.failed);
      expect(second.said).to.contain('[STATE_REFUSED]');
    });
  });

  it('should begin anew for another server', async () => {
    const first = await watching();
    add('a');
    await server.caughtUp();
    await first.end();
    const other = await TestApiServer.start();
    const begun = other.asked(({ kind }) => kind === 'watch');
    const second = new RunningWatch(['--server', other.url.href, '--state', folder]);
    await begun;
    expect(second.said).to.match(/ error state in .* cannot be used, and was put aside: /);
    expect(await runs(second)).to.equal(undefined);
    await second.end();
    await other.close();
  });

  it('should say that nothing is kept, where no folder is given', async () => {
    const begun = server.asked(({ kind }) => kind === 'watch');
    const running = new RunningWatch(['--server', server.url.href]);
    await begun;
    expect(running.said).to.contain(
      ' warning no state is kept: a restart begins with a baseline; --state DIR keeps one\n',
    );
    await running.end();
  });
});
