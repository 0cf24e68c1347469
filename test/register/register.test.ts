// Goal: one flag gives an application that knows only OpenTelemetry's API, and its worker threads, metrics that are all there in
// the end, and changes nothing else of it. Method: processes with the built entry preloaded, the real exporters, a receiver.
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/source-tree.js';
import { freePort, preloadedAfter, runChild, type ChildEnd } from './child.js';
import { OtlpReceiver } from './otlp-receiver.js';

async function withReceiver(
  use: (receiver: OtlpReceiver, env: Record<string, string>) => Promise<void>,
  answers = true,
): Promise<void> {
  const receiver = new OtlpReceiver(answers);
  const OTEL_EXPORTER_OTLP_ENDPOINT = await receiver.listen();
  try {
    await use(receiver, { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  } finally {
    await receiver.close();
  }
}

/** The npm that runs this, or one that is installed: a Node of the npm package `node` has none beside it. */
function npmOf(node: string): string {
  const beside = [
    join(node, '../../lib/node_modules/npm/bin/npm-cli.js'),
    join(node, '../node_modules/npm/bin/npm-cli.js'),
  ];
  const inPath = (process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, 'npm'));
  const found = [process.env['npm_execpath'] ?? '', ...beside, ...inPath].find(path => existsSync(path));
  if (found === undefined) throw new Error('there is no npm');
  return realpathSync(found);
}

const answerOf = ({ printed, said }: ChildEnd): unknown => {
  if (printed === '') throw new Error(said);
  return JSON.parse(printed) as unknown;
};

describe('otel-argo-metrics/register', () => {
  const ENDS: Record<string, { code: number | null; signal?: string }> = {
    natural: { code: 0 },
    exit: { code: 3 },
    throw: { code: 1 },
    rejected: { code: 1 },
    blocked: { code: 3 },
    'at once': { code: 3 },
    'only the worker': { code: 0 },
    SIGTERM: { code: null, signal: 'SIGTERM' },
    SIGINT: { code: null, signal: 'SIGINT' },
    SIGHUP: { code: null, signal: 'SIGHUP' },
    'handled and raised again': { code: null, signal: 'SIGTERM' },
  };

  const OBSERVING = ['exit', 'at once', 'SIGTERM'];

  for (const [how, { code, signal = null }] of Object.entries(ENDS))
    for (const observes of OBSERVING.includes(how) ? ['', 'yes'] : [''])
      it(`should export what all threads recorded last: ${how}${observes === '' ? '' : ', with observables'}`, () =>
        withReceiver(async (receiver, env) => {
          const end = await runChild('app.mjs', [how], { ...env, OBSERVES: observes });
          expect([end.code, end.signal], end.said).to.deep.equal([code, signal]);
          expect(end.said).not.to.include('otel-argo-metrics');
          const main = how === 'only the worker' ? {} : { main: 7 };
          const worker = how === 'at once' ? {} : { worker: 7 };
          expect(receiver.values('jobs')).to.deep.equal({ ...main, ...worker });
        }));

  it('should export deltas too', () =>
    withReceiver(async (receiver, env) => {
      const OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE = 'delta';
      const all: string[] = [];
      for (const how of ['natural', 'at once', 'SIGTERM']) {
        const preferred = { ...env, OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE };
        const { said } = await runChild('app.mjs', [how], preferred);
        all.push(said);
      }
      // On a machine that is busy with something else two seconds may be over, which is said.
      const late = all.filter(said => said.includes('did not finish within 2000 ms')).length;
      expect(late).to.be.at.most(1);
      expect(receiver.values('jobs')).to.deep.equal({ main: 7, worker: 7 });
      expect(receiver.requests, all.join('')).to.have.length(3 - late);
    }));

  it('should say that a receiver which is down, or never answers, has not got it, and keep the end', async () => {
    const down = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
    const endsOf = async (how: string, env: Record<string, string>, says: RegExp): Promise<void> => {
      const { code, signal, said } = await runChild('app.mjs', [how], env);
      expect([code, signal]).to.deep.equal(how === 'exit' ? [3, null] : [null, how]);
      expect(said).to.match(says);
    };
    // They wait, most of the time.
    await withReceiver(async (_, silent) => {
      await Promise.all([
        ...['exit', 'SIGTERM'].map(how =>
          endsOf(how, down, /an export failed|did not finish within 2000 ms/),
        ),
        endsOf('exit', silent, /the last export.* (did not finish within 2000 ms|failed)/),
      ]);
    }, false);
  });

  for (const preload of ['import', 'require', 'NODE_OPTIONS'] as const)
    it(`should serve what the main thread, a worker and a terminated one recorded: ${preload}`, async () => {
      const OTEL_EXPORTER_PROMETHEUS_PORT = await freePort();
      const env = {
        OTEL_EXPORTER_PROMETHEUS_PORT,
        OTEL_SERVICE_NAME: 'shop',
        OTEL_RESOURCE_ATTRIBUTES: 'a=b%20c',
      };
      const { printed, ...end } = await runChild('serving.mjs', [], env, preload);
      expect(end).to.deep.include({ code: 0, said: '' });
      expect(printed).to.match(/^jobs_total\{otel_scope_name="app",who="main"\} 7$/m);
      expect(printed).to.match(/^jobs_total\{otel_scope_name="app",who="worker"\} 14$/m);
      expect(printed).to.match(
        /^target_info\{a="b c",service_instance_id="[-0-9a-f]{36}",service_name="shop",/m,
      );
      expect(printed).to.match(/^process_start_time_seconds\{/m);
    });

  it('should send the resource of the environment', () =>
    withReceiver(async (receiver, env) => {
      await runChild('app.mjs', ['at once'], {
        ...env,
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,service.instance.id=1',
      });
      expect(receiver.resource()).to.include({ 'service.name': 'a', 'service.instance.id': '1' });
    }));

  it('should print, with several exporters beside each other', () =>
    withReceiver(async (receiver, env) => {
      const OTEL_METRICS_EXPORTER = 'console,otlp';
      const { printed } = await runChild('app.mjs', ['exit'], { ...env, OTEL_METRICS_EXPORTER });
      expect(printed.match(/value: 7/g)).to.have.length(2);
      expect(receiver.values('jobs')).to.deep.equal({ main: 7, worker: 7 });
    }));

  it('should listen to nothing before somebody wants a meter', async () => {
    const OTEL_EXPORTER_PROMETHEUS_PORT = await freePort();
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT };
    expect(answerOf(await runChild('printing.mjs', ['listens'], env))).to.equal('nothing');
    expect(answerOf(await runChild('printing.mjs', ['listens', 'wanted'], env))).to.equal(200);
  });

  it('should leave npm, which has the flag too, alone: the port goes to the program that it runs', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
    try {
      const scripts = { start: `node ${JSON.stringify(join(ROOT, 'test/register/programs/serving.mjs'))}` };
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }));
      const npm = npmOf(process.execPath);
      const OTEL_EXPORTER_PROMETHEUS_PORT = await freePort();
      const env = { OTEL_EXPORTER_PROMETHEUS_PORT, npm_config_update_notifier: 'false' };
      const { code, printed, said } = await runChild(npm, ['start', '--silent'], env, 'NODE_OPTIONS', folder);
      expect(code, said).to.equal(0);
      // npm itself may have something to say of the version of Node.
      expect(said).not.to.include('EADDRINUSE').and.not.to.include('otel-argo-metrics');
      expect(printed).to.match(/^jobs_total\{otel_scope_name="app",who="worker"\} 14$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('should wait for a port that is taken, and say so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: String(port), OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1' };
    const serving = runChild('serving.mjs', [], { ...env });
    taken.on('request', (_, response) => {
      // It is there, and another one: the program asks until it is ours.
      response.destroy();
      setTimeout(() => taken.close(), 300);
    });
    const { code, said, printed } = await serving;
    expect(said).to.include('EADDRINUSE');
    expect(code).to.equal(0);
    expect(printed).to.include('jobs_total');
  });

  it('should change nothing in the environment of child processes and threads', async () => {
    for (const given of ['prometheus', undefined]) {
      const env = { REMOVED: 'x', ...(given !== undefined && { OTEL_METRICS_EXPORTER: given }) };
      const seen = answerOf(await runChild('printing.mjs', ['environments'], env));
      const exporter = given ?? null;
      const before = { OTEL_METRICS_EXPORTER: exporter, ADDED: null, REMOVED: 'x' };
      const after = { OTEL_METRICS_EXPORTER: exporter, ADDED: '7', REMOVED: null };
      expect(seen).to.deep.equal({
        here: before,
        ofFork: before,
        ofWorker: before,
        inherited: after,
        copied: after,
      });
    }
  });

  it('should be nothing when the SDK is disabled', async () => {
    const OTEL_SDK_DISABLED = 'True';
    expect(answerOf(await runChild('printing.mjs', ['provider'], { OTEL_SDK_DISABLED }))).to.equal(
      'NoopMeterProvider',
    );
    expect(answerOf(await runChild('printing.mjs', ['provider']))).to.equal('RegisteredProvider');
  });

  it('should leave a MeterProvider that was set before, and say once why there is nothing of its own', async () => {
    const { code, printed, said } = await runChild(
      'app.mjs',
      ['natural'],
      {},
      preloadedAfter('provider.mjs'),
    );
    expect([code, printed]).to.deep.equal([0, '']);
    expect(said.trim().split('\n')).to.have.length(1);
    expect(said).to.match(
      /^otel-argo-metrics: there are no metrics: .*preload otel-argo-metrics\/register before/,
    );
  });

  it('should leave a logger that was set before', async () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: 'x', OTEL_METRICS_EXPORTER: 'none' };
    const { printed, said } = await runChild('app.mjs', ['natural'], env, preloadedAfter('logger.mjs'));
    expect(said).to.equal('');
    expect(printed).to.match(/^logged: otel-argo-metrics: OTEL_EXPORTER_PROMETHEUS_PORT must be [^\n]*\n$/);
  });

  it('should record without an exporter when there is to be none', async () => {
    const env = { OTEL_METRICS_EXPORTER: 'none', OTEL_EXPORTER_PROMETHEUS_PORT: await freePort() };
    expect(answerOf(await runChild('printing.mjs', ['listens', 'wanted'], env))).to.equal('nothing');
    expect(answerOf(await runChild('printing.mjs', ['sharesMain'], env))).to.deep.equal([['jobs', 1]]);
  });

  it('should give its store to a worker that preloads nothing', async () => {
    expect(answerOf(await runChild('printing.mjs', ['bareWorker']))).to.deep.equal([
      'NoopMeterProvider',
      true,
    ]);
    // It preloads what the environment says.
    const preloaded = await runChild('printing.mjs', ['bareWorker'], {}, 'NODE_OPTIONS');
    expect(answerOf(preloaded)).to.deep.equal(['RegisteredProvider', true]);
  });

  it('should name the package that is missing, once, and let the application run', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
    const installed = join(folder, 'node_modules');
    cpSync(join(ROOT, 'dist/esm'), join(installed, 'otel-argo-metrics/esm'), { recursive: true });
    writeFileSync(join(installed, 'otel-argo-metrics/package.json'), '{ "type": "module" }');
    mkdirSync(join(installed, '@opentelemetry'));
    symlinkSync(join(ROOT, 'node_modules/@opentelemetry/api'), join(installed, '@opentelemetry/api'));
    cpSync(join(ROOT, 'test/register/programs/app.mjs'), join(folder, 'app.mjs'));
    const preload = {
      flags: [`--import=${join(installed, 'otel-argo-metrics/esm/register.js')}`],
      NODE_OPTIONS: undefined,
    };
    try {
      for (const [values, name] of [
        [{}, 'exporter-metrics-otlp-proto'],
        [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'exporter-metrics-otlp-grpc'],
        [{ OTEL_METRICS_EXPORTER: 'console' }, 'sdk-metrics'],
      ] as const) {
        const env = { OTEL_METRICS_EXPORTER: 'otlp', ...values };
        const { code, said } = await runChild(join(folder, 'app.mjs'), ['exit'], env, preload, folder);
        expect(code).to.equal(3);
        expect(said.trim().split('\n')).to.have.length(1);
        expect(said).to.include(`npm install @opentelemetry/${name}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('should warn once of what cannot be understood, and go on with the default', () =>
    withReceiver(async (receiver, env) => {
      const wrong = {
        OTEL_METRICS_EXPORTER: 'graphite',
        OTEL_METRIC_EXPORT_INTERVAL: '-1',
        OTEL_METRIC_EXPORT_TIMEOUT: 'soon',
        OTEL_EXPORTER_PROMETHEUS_PORT: '70000',
        OTEL_RESOURCE_ATTRIBUTES: 'no pair',
        OTEL_LOG_LEVEL: 'loud',
        OTEL_SDK_DISABLED: '1',
      };
      const { code, said } = await runChild('app.mjs', ['natural'], { ...env, ...wrong });
      expect(code).to.equal(0);
      for (const [name, value] of Object.entries(wrong))
        expect(
          said.split('\n').filter(line => line.includes(`${name} must be`) && line.includes(value)),
          name,
        ).to.have.length(1);
      expect(receiver.values('jobs')).to.deep.equal({ main: 7, worker: 7 });
    }));
});
