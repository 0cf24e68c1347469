// Goal: what is sent is what is shown, and nothing that the disk does not have. Method: the command in this process, OpenTelemetry's
// own exporter, and a receiver on loopback.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { OtlpExport } from '../../lib/cli/otlp-export.js';
import { WatchLog } from '../../lib/cli/watch-log.js';
import { TestApiServer } from '../kubernetes/test-api-server.js';
import { OtlpReceiver } from '../register/otlp-receiver.js';
import { RunningWatch, watchedWorkflow } from './running-watch.js';

const JSON_EACH = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
const NAME = 'argo_workflows_runs';

describe('OtlpExport', () => {
  const { env } = process;
  let server: TestApiServer;
  let receiver: OtlpReceiver;

  beforeEach(async () => {
    server = await TestApiServer.start();
    receiver = new OtlpReceiver();
    process.env = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.listen() };
  });

  afterEach(async () => {
    process.env = env;
    await receiver.close();
    await server.close();
  });

  /** Once it watches. */
  const start = async (
    environment: Readonly<Record<string, string>>,
    argv: readonly string[] = [],
  ): Promise<RunningWatch> => {
    const begun = server.asked(({ kind }) => kind === 'watch');
    const running = new RunningWatch(['--server', server.url.href, ...argv], {
      ...JSON_EACH,
      ...environment,
    });
    await begun;
    return running;
  };

  const counted = async (...names: string[]): Promise<void> => {
    for (const name of names) server.change('ADDED', watchedWorkflow(name, 'argo'));
    await server.caughtUp();
  };

  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise(resolve => setTimeout(resolve, 10));
  };

  /** The values of the counter, export by export, of those that have it. */
  const sent = (): number[] =>
    receiver.requests
      .map(request => {
        const alone = new OtlpReceiver();
        alone.requests.push(request);
        return alone.values(NAME)['argo'];
      })
      .filter(value => value !== undefined);

  it('should send a new counter as 0 first, then as it is, what it says of itself, and the last at its end', async () => {
    const running = await start({ OTEL_METRIC_EXPORT_INTERVAL: '300' });
    await counted('a', 'b');
    await until(() => sent().includes(2));
    expect(sent()[0]).to.equal(0);
    expect(new Set(sent())).to.deep.equal(new Set([0, 2]));
    const own = await running.selfMetrics();
    expect(own.get('events_total{type="ADDED"}')).to.be.greaterThan(0);
    expect(receiver.values('otel_argo_metrics_events')['ADDED']).to.equal(
      own.get('events_total{type="ADDED"}'),
    );
    expect(receiver.resource()).to.deep.equal({
      'service.name': 'otel-argo-metrics',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'otel-argo-metrics',
    });
    expect(await running.end()).to.equal(ExitCode.ok);
    expect(running.said).to.contain(' info metrics are sent by OTLP, http/json, each 300ms\n');
  });

  it('should send at its end what came since the last export, and show at /metrics what it shows without OTLP', async () => {
    const named = { OTEL_SERVICE_NAME: 'runs', OTEL_RESOURCE_ATTRIBUTES: 'a=b' };
    const running = await start(named);
    await counted('a', 'b', 'c');
    expect(await running.metrics()).to.equal(
      `# HELP ${NAME} Runs\n# TYPE ${NAME} counter\n${NAME}{namespace="argo"} 3\n`,
    );
    expect(receiver.requests).to.deep.equal([]);
    expect(await running.end()).to.equal(ExitCode.ok);
    expect(sent()).to.deep.equal([3]);
    expect(receiver.resource()).to.include({ 'service.name': 'runs', a: 'b' });
  });

  it('should go on after a restart where it was, with a state, and let no counter fall', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'watch-'));
    const first = await start({}, ['--state', folder]);
    await counted('a', 'b');
    await first.end();
    // It is new, and would be shown as 0 when it goes on.
    expect(sent()).to.deep.equal([0]);
    const second = await start({ OTEL_METRIC_EXPORT_INTERVAL: '200' }, ['--state', folder]);
    await counted('c');
    await until(() => sent().includes(3));
    await second.end();
    const third = await start({ OTEL_METRIC_EXPORT_INTERVAL: '200' }, ['--state', folder]);
    await third.end();
    expect(sent()).to.deep.equal([...sent()].sort((a, b) => a - b));
    await rm(folder, { recursive: true });
  });

  it('should say once that nobody receives, go on, and say that it arrives again', async () => {
    const port = new URL(process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '').port;
    await receiver.close();
    process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '100';
    const running = await start({ OTEL_METRIC_EXPORT_INTERVAL: '100' });
    await until(() => running.said.includes('OTLP: an export failed'));
    await counted('a');
    expect(await running.metrics()).to.contain(`\n${NAME}{namespace="argo"} 1\n`);
    const failed = [...(await running.selfMetrics())].find(([name]) =>
      name.startsWith('store_exports_failed_total'),
    );
    expect(failed?.[1]).to.be.greaterThan(0);
    receiver = new OtlpReceiver();
    await receiver.listen(Number(port));
    await until(() => running.said.includes('OTLP: exports arrive again'));
    await until(() => sent().includes(1));
    await running.end();
    expect(running.said.match(/OTLP: an export failed: .*ECONNREFUSED/g)).to.have.length(1);
    expect(running.said).to.not.match(/OTLP: an export failed.*\n[^]*OTLP: an export failed/);
  });

  it('should end with 1 and name the package that is missing', async () => {
    const context = { env: {}, stderr: new PassThrough(), clock: Date };
    const log = new WatchLog(context, { format: 'text', level: 'info' });
    const otlp = { protocol: 'http/json', intervalMillis: 1000 } as const;
    const missing: unknown = await OtlpExport.make({ otlp }, context, log, () => undefined).catch(
      (error: unknown) => error,
    );
    expect(String(missing)).to.equal(
      'Error: otlp.enabled, http/json: it needs a package: npm install @opentelemetry/exporter-metrics-otlp-http',
    );
    expect(await OtlpExport.make({ otlp: undefined }, context, log)).to.equal(undefined);
  });

  it('should say what it cannot read of the resource', async () => {
    const running = await start({ OTEL_RESOURCE_ATTRIBUTES: 'a' });
    await running.end();
    expect(running.said).to.contain(' warning OTEL_RESOURCE_ATTRIBUTES must be ');
    expect(receiver.resource()['service.name']).to.equal('otel-argo-metrics');
  });
});
