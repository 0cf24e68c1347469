// Real receivers of OTLP for check-exports.mjs: an OpenTelemetry Collector that writes what it got to a file, and a
// Prometheus 3 with its OTLP receiver. Each can be killed, frozen and started again, and says what it has kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const START_MILLIS_MAX = 60_000;
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** The path in the environment variable, else the first one of that name in PATH; undefined: there is none. */
export function findProgram(variable, name) {
  const candidates = process.env[variable]
    ? [process.env[variable]]
    : (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, name));
  return candidates.find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

class Peer {
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

  async prepare() {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}/v1/metrics`;
    this.readyUrl = `http://127.0.0.1:${port}/`;
    const config = {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
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

  /** What is in its file: a list of { service, time, value }. A line that was cut off by a kill is no delivery. */
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
        const service = resource.attributes.find(({ key }) => key === 'service.name').value.stringValue;
        const points = scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(({ sum }) => sum.dataPoints));
        return points.map(({ timeUnixNano, asDouble, asInt }) => ({
          service,
          time: Number(BigInt(timeUnixNano) / 1_000_000n),
          value: Number(asDouble ?? asInt),
        }));
      });
    });
  }
}

export class Prometheus extends Peer {
  static title = 'Prometheus 3';

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
