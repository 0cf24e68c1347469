// The official OTLP exporters, each in both temporalities, into one real Collector that is killed and started again while
// threads record. Six readers on one store; a collection goes in several requests. In the end the Collector has kept, of
// each reader, what was recorded: sums, up-down counters, histograms with their buckets, last values of gauges.
import { AggregationTemporality, MeterProvider } from '@opentelemetry/sdk-metrics';
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';
import { merge, startRecorders } from './recorders.mjs';

const INTERVAL = 500;
const TIMEOUT = 450;
/** Of the exporters: they give up before the reader does, so what a reader hears is true. */
const PATIENCE = 350;
const BATCH_SIZE = 16;
const OUTAGE = 3000;
/** gRPC waits longer from try to try. */
const RECOVERY_MAX = 30_000;
const EXPORTERS = { 'http/json': JsonExporter, 'http/protobuf': ProtobufExporter, grpc: GrpcExporter };
const TEMPORALITIES = { cumulative: AggregationTemporality.CUMULATIVE, delta: AggregationTemporality.DELTA };
/** As OTLP numbers them. */
const OTLP_DELTA = 1;

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

async function until(isTrue, millis, what) {
  for (const end = performance.now() + millis; !isTrue(); await pause(20))
    if (performance.now() > end) throw new Error(`never: ${what}`);
}

/** An exporter that can be held back, and counts. */
class HeldExporter {
  arrived = 0;
  failed = 0;
  inFlight = 0;
  /** Points of the largest request. */
  largest = 0;
  #gate = Promise.resolve();
  #open = () => undefined;

  constructor(real) {
    this.real = real;
  }

  hold() {
    this.#gate = new Promise(resolve => (this.#open = resolve));
  }

  release() {
    this.#open();
  }

  async export(metrics, done) {
    await this.#gate;
    this.inFlight++;
    const points = metrics.scopeMetrics
      .flatMap(scope => scope.metrics)
      .flatMap(({ dataPoints }) => dataPoints);
    this.largest = Math.max(this.largest, points.length);
    this.real.export(metrics, result => {
      this.inFlight--;
      if (result.code === 0) this.arrived++;
      else this.failed++;
      done(result);
    });
  }

  selectAggregationTemporality(type) {
    return this.real.selectAggregationTemporality(type);
  }
  forceFlush() {
    return this.real.forceFlush();
  }
  shutdown() {
    return this.real.shutdown();
  }
}

/** One reader of the store, under a service name of its own. */
function openClient(store, collector, protocol, temporality) {
  const service = `${protocol}, ${temporality}`;
  const url = protocol === 'grpc' ? collector.grpcUrl : collector.url;
  const temporalityPreference = TEMPORALITIES[temporality];
  const real = new EXPORTERS[protocol]({ url, temporalityPreference, timeoutMillis: PATIENCE });
  const exporter = new HeldExporter(real);
  const reader = new DoubleBufferedMetricReader({
    store,
    exporter,
    exportIntervalMillis: INTERVAL,
    exportTimeoutMillis: TIMEOUT,
    maxExportBatchSize: BATCH_SIZE,
  });
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes({ 'service.name': service }),
  });
  return { service, exporter, shutdown: () => provider.shutdown() };
}

/** Records while the Collector goes and comes back. Returns what was recorded, and the clients that exported it. */
export async function playOutage(collector) {
  const store = createStore({ maxBytes: 16 * 1024 * 1024 });
  const clients = Object.keys(EXPORTERS).flatMap(protocol =>
    Object.keys(TEMPORALITIES).map(temporality => openClient(store, collector, protocol, temporality)),
  );
  const exporters = clients.map(({ exporter }) => exporter);
  const allArrive = async what => {
    const before = exporters.map(({ arrived }) => arrived);
    // More than the requests of one collection.
    const isDone = () => exporters.every(({ arrived }, index) => arrived >= before[index] + 4);
    await until(isDone, RECOVERY_MAX, what);
  };
  const recorders = startRecorders(store);
  await allArrive('all exporters deliver');
  // An answered request may still be in the Collector's buffer: that would be its loss, not ours.
  for (const exporter of exporters) exporter.hold();
  await until(
    () => exporters.every(({ inFlight }) => inFlight === 0),
    PATIENCE * 2,
    'all requests are answered',
  );
  await pause(100);
  await collector.end('SIGKILL');
  for (const exporter of exporters) exporter.release();
  await pause(OUTAGE);
  await collector.start();
  await allArrive('all exporters deliver again');
  const recorded = await recorders.stop();
  await Promise.all(clients.map(({ shutdown }) => shutdown()));
  await store.shutdown();
  return { recorded, clients };
}

/** What the receiver makes of its points: deltas added up, else the newest. */
function totalsOf(points) {
  const totals = new Map();
  for (const { key, temporality, value } of points.toSorted((one, other) => one.time - other.time))
    totals.set(key, temporality === OTLP_DELTA ? merge(totals.get(key), value) : value);
  return totals;
}

/** Intervals of one series in which a delta stands twice: whoever adds up by time takes one of them for the other. */
function overlapsOf(points) {
  const ends = new Map();
  const deltas = points.filter(({ temporality }) => temporality === OTLP_DELTA);
  return deltas
    .toSorted((one, other) => one.time - other.time)
    .filter(({ key, start, time }) => {
      const isOver = start < (ends.get(key) ?? -Infinity);
      ends.set(key, time);
      return isOver;
    });
}

const textOf = map => [...map].map(([key, value]) => `${key}: ${JSON.stringify(value)}`).sort();

/** Throws unless the Collector has of this client what was recorded, and the client had the trouble it should have had. */
export function judgeClient({ service, exporter }, recorded, points) {
  const { arrived, failed, largest } = exporter;
  if (failed === 0) throw new Error('no export failed: the Collector was never away');
  if (largest > BATCH_SIZE) throw new Error(`${largest} points in one export`);
  const own = points.filter(point => point.service === service);
  const hasDelta = own.some(({ temporality }) => temporality === OTLP_DELTA);
  if (hasDelta !== service.endsWith('delta')) throw new Error('not the temporality that was asked for');
  const [expected, kept] = [textOf(recorded), textOf(totalsOf(own))];
  const wrong = [...new Set([...expected, ...kept])].filter(
    line => !expected.includes(line) || !kept.includes(line),
  );
  const overlaps = overlapsOf(own).map(({ key, start, time }) => `${key}: ${start} to ${time} overlaps`);
  if (wrong.length + overlaps.length > 0)
    throw new Error([...wrong.sort(), ...overlaps].slice(0, 12).join('\n'));
  return `${recorded.size} series, ${arrived} exports arrived, ${failed} failed`;
}
