// Goal: what only a process shows of OTLP: that nothing is sent that a full disk does not have, and that a receiver which hangs holds
// nobody. Method: the command as a process of its own, and OpenTelemetry's own exporter.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { TestApiServer } from '../kubernetes/test-api-server.js';
import { OtlpReceiver } from '../register/otlp-receiver.js';
import { ROOT } from '../support/source-tree.js';
import { watchedWorkflow } from './running-watch.js';

/** Without a listener the signal of a file that is too large ends the process. */
const NO_SIGXFSZ = 'data:text/javascript,process.on("SIGXFSZ",()=>undefined)';

describe('watch with OTLP, as a process', () => {
  let server: TestApiServer;
  let receiver: OtlpReceiver;
  let child: ChildProcess | undefined;
  let said: string;

  beforeEach(async () => {
    server = await TestApiServer.start();
    said = '';
  });

  afterEach(async () => {
    child?.kill('SIGKILL');
    await receiver.close();
    await server.close();
  });

  /** Once it watches. */
  const start = async (
    argv: readonly string[],
    environment: Record<string, string>,
  ): Promise<ChildProcess> => {
    const begun = server.asked(({ kind }) => kind === 'watch');
    const command = [
      '--import',
      NO_SIGXFSZ,
      join(ROOT, 'dist/esm/bin.js'),
      'watch',
      '--listen',
      '127.0.0.1:0',
    ];
    const env = {
      ...process.env,
      ...{ OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.listen(),
      ...environment,
    };
    const started = spawn(process.execPath, [...command, '--server', server.url.href, ...argv], { env });
    started.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    child = started;
    await begun;
    return started;
  };

  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise(resolve => setTimeout(resolve, 20));
  };

  const ended = async (started: ChildProcess): Promise<unknown[]> => {
    const exit = once(started, 'exit');
    started.kill('SIGTERM');
    return exit;
  };

  it('should send nothing that the disk does not have, at its end neither', async function () {
    if (process.platform !== 'linux') this.skip(); // Reason: others have no `prlimit`.
    receiver = new OtlpReceiver();
    const folder = await mkdtemp(join(tmpdir(), 'watch-full-'));
    const started = await start(['--state', folder], { OTEL_METRIC_EXPORT_INTERVAL: '500' });
    server.change('ADDED', watchedWorkflow('a', 'argo'));
    await server.caughtUp();
    const runs = (): number | undefined => receiver.values('argo_workflows_runs')['argo'];
    await until(() => runs() === 1);
    execFileSync('prlimit', ['--pid', String(started.pid), '--fsize=1:']);
    for (const name of ['b', 'c']) server.change('ADDED', watchedWorkflow(name, 'argo'));
    await server.caughtUp();
    await until(() => said.includes(`state in ${folder}: `));
    const before = receiver.requests.length;
    const failures = said.length;
    // Of two collections the second one began when the disk refused already.
    await new Promise(resolve => setTimeout(resolve, 1200));
    expect(receiver.requests.length, said.slice(failures)).to.equal(before);
    await ended(started);
    expect(receiver.requests.length).to.equal(before);
    expect(runs()).to.equal(1);
    await rm(folder, { recursive: true });
  });

  for (const how of ['without', 'with'])
    it(`should end with 0 in time although the receiver never answers, and say it, ${how} a state`, async () => {
      receiver = new OtlpReceiver(false);
      const folder = await mkdtemp(join(tmpdir(), 'watch-hang-'));
      const started = await start(how === 'with' ? ['--state', folder] : [], {
        OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
      });
      server.change('ADDED', watchedWorkflow('a', 'argo'));
      await server.caughtUp();
      expect(await ended(started)).to.deep.equal([0, null]);
      expect(said).to.contain('OTLP: the last export: ').and.contain('EXPORT_TIMEOUT');
      await rm(folder, { recursive: true });
    });

  it('should send in protobuf by default', async () => {
    receiver = new OtlpReceiver(false);
    const types: (string | undefined)[] = [];
    receiver.onRequest = ({ headers }) => types.push(headers['content-type']);
    const started = await start([], { OTEL_EXPORTER_OTLP_PROTOCOL: '', OTEL_METRIC_EXPORT_INTERVAL: '200' });
    await until(() => types.length > 0);
    started.kill('SIGKILL');
    expect(types[0]).to.equal('application/x-protobuf');
  });
});
