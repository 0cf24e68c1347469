// Real receivers of OTLP for check-exports.mjs: an OpenTelemetry Collector that writes what it got to a file, and a
// Prometheus 3 with its OTLP receiver. Each can be killed, frozen and started again, and says what it has kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './steps.mjs';

const START_MILLIS_MAX = 60_000;
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** The programs that the environment variable names, in the form of PATH, and the first one of that name in PATH. */
export function findPrograms(variable, name) {
  const paths = text => (text ?? '').split(delimiter).filter(path => path !== '');
  const inPath = paths(process.env.PATH).map(folder => join(folder, name));
  const found = [...paths(process.env[variable]).filter(isProgram), ...inPath.filter(isProgram).slice(0, 1)];
  return [...new Set(found)];
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

export class Peer {
  #child;

  constructor(program) {
    this.program = program;
    this.folder = mkdtempSync(join(tmpdir(), 'export-peer-'));
  }

  async start() {
    this.output = '';
    this.#child = spawn(this.program, this.args(), { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', data => (this.output = (this.output + data).slice(-4000)));
    const { pid } = this.#child;
    const end = performance.now() + START_MILLIS_MAX;
    while (!(await this.isReady())) {
      if (this.#child.exitCode !== null || performance.now() > end)
        throw new Error(`${this.program} (${pid}) did not start\n${this.output}`);
      await pause(50);
    }
  }

  signal(name) {
    this.#child.kill(name);
  }

  async end(signal) {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }

  async isReady() {
    const ready = await fetch(this.readyUrl).catch(() => undefined);
    await ready?.arrayBuffer();
    return ready !== undefined && ready.status < 500;
  }

  async remove() {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Collector extends Peer {
  static title = 'OpenTelemetry Collector';
  static variable = 'OTELCOL';
  static program = 'otelcol';

  static suits() {
    return true;
  }

  async prepare() {
    const [port, grpcPort] = [await freePort(), await freePort()];
    this.url = `http://127.0.0.1:${port}/v1/metrics`;
    this.grpcUrl = `http://127.0.0.1:${grpcPort}`;
    this.readyUrl = `http://127.0.0.1:${port}/`;
    const config = {
      receivers: {
        otlp: {
          protocols: {
            http: { endpoint: `127.0.0.1:${port}` },
            grpc: { endpoint: `127.0.0.1:${grpcPort}` },
          },
        },
      },
      exporters: { file: { path: join(this.folder, 'out.jsonl'), append: true, flush_interval: '10ms' } },
      service: {
        pipelines: { metrics: { receivers: ['otlp'], exporters: ['file'] } },
        telemetry: { metrics: { level: 'none' } },
      },
    };
    writeFileSync(join(this.folder, 'config.yaml'), JSON.stringify(config)); // JSON is YAML.
  }

  args() {
    return ['--config', `file:${join(this.folder, 'config.yaml')}`];
  }

  /**
   * What is in its file: a list of { service, key, temporality, start, time, value }. A line that was cut off by a kill is no
   * delivery.
   */
  async kept() {
    await pause(500);
    await this.end('SIGTERM');
    const path = join(this.folder, 'out.jsonl');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    return lines.flatMap(line => {
      let request;
      try {
        request = JSON.parse(line);
      } catch {
        return [];
      }
      return request.resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
        const service = attributeOf(resource, 'service.name');
        const metrics = scopeMetrics.flatMap(scope => scope.metrics);
        return metrics.flatMap(pointsOf).map(point => ({ service, ...point }));
      });
    });
  }
}

const attributeOf = ({ attributes }, name) => attributes.find(({ key }) => key === name).value.stringValue;
const millisOf = nanos => Number(BigInt(nanos ?? 0) / 1_000_000n);

/** The points of a metric as OTLP/JSON has it. `key`: its name and the point's attributes. */
function pointsOf({ name, sum, gauge, histogram }) {
  const { dataPoints, aggregationTemporality: temporality } = sum ?? histogram ?? gauge;
  return dataPoints.map(({ attributes = [], startTimeUnixNano, timeUnixNano, ...value }) => ({
    key: [name, ...attributes.map(({ key, value: { stringValue } }) => `${key}=${stringValue}`).sort()].join(
      ' ',
    ),
    temporality,
    start: millisOf(startTimeUnixNano),
    time: millisOf(timeUnixNano),
    value: histogram
      ? { count: Number(value.count), sum: value.sum, counts: value.bucketCounts.map(Number) }
      : Number(value.asDouble ?? value.asInt),
  }));
}

export class Prometheus extends Peer {
  static title = 'Prometheus 3';
  static variable = 'PROMETHEUS';
  static program = 'prometheus';

  /** Older ones take no OTLP. */
  static async suits(program) {
    return (await run(program, ['--help'])).stdout.includes('--[no-]web.enable-otlp-receiver');
  }

  async prepare() {
    this.port = await freePort();
    this.url = `http://127.0.0.1:${this.port}/api/v1/otlp/v1/metrics`;
    this.readyUrl = `http://127.0.0.1:${this.port}/-/ready`;
    // As its guide to OTLP advises. Without it Prometheus answers 200 and drops what overtook an older sample.
    const config = { storage: { tsdb: { out_of_order_time_window: '10m' } } };
    writeFileSync(join(this.folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML.
  }

  args() {
    return [
      `--config.file=${join(this.folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(this.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${this.port}`,
      '--web.enable-otlp-receiver',
      // Deltas are stored as they come: the sum of the samples is what was delivered.
      '--enable-feature=otlp-native-delta-ingestion',
      '--log.level=error',
    ];
  }

  async isReady() {
    const ready = await fetch(this.readyUrl).catch(() => undefined);
    await ready?.arrayBuffer();
    return ready?.status === 200;
  }

  /** The raw samples. */
  async kept() {
    const query = encodeURIComponent('{__name__=~"jobs.*"}[1h]');
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/query?query=${query}`);
    const { status, data, error } = await answer.json();
    if (status !== 'success') throw new Error(error);
    return data.result.flatMap(({ metric, values }) =>
      values.map(([seconds, value]) => ({
        service: metric.job,
        time: Math.round(seconds * 1000),
        value: Number(value),
      })),
    );
  }
}
