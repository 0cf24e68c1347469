// What is delivered is what was recorded: readers export to a real OpenTelemetry Collector and a real Prometheus 3, which
// answer late, refuse, hang, and are killed for 3 and for 30 seconds, in both temporalities. The SDK's periodic reader does
// the same beside them. What counts is what the peers have kept on disk. And the official exporters for all protocols, and
// what processes with a collector thread had recorded when they ended.
// Usage: node scripts/check-exports.mjs [--runs N] [--faults exporters,ends,late,fails,…]. The programs: OTELCOL and PROMETHEUS, or PATH.
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';
import { parseArgs } from 'node:util';
import { Collector, findPrograms, Prometheus } from './export-peers.mjs';
import { endProcesses, judgeEnd } from './ended-processes.mjs';
import { judgeClient, playOutage } from './otlp-exporters.mjs';
import { Steps } from './steps.mjs';

const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, faults: { type: 'string' } },
});
const RUNS = Number(flags.runs);
const INTERVAL = 1000;
const TIMEOUT = 900;
/** An exporter whose own patience is shorter says that it failed; with a longer one the reader's deadline comes first. */
const SHORT = 700;
const LONG = 10_000;
const { CUMULATIVE, DELTA } = AggregationTemporality;
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** How long the exporters' own patience is, and what happens to them, or after a second and a half to the peer, until it ends. */
const FAULTS = {
  late: {
    patience: LONG,
    millis: 3000,
    answer: attempt => (attempt % 2 === 0 ? { delay: 1.5 * INTERVAL } : {}),
  },
  fails: { patience: SHORT, millis: 3000, answer: attempt => (attempt % 3 === 0 ? {} : { refuses: true }) },
  hangs: {
    patience: LONG,
    millis: 3000,
    begin: peer => peer.signal('SIGSTOP'),
    end: peer => peer.signal('SIGCONT'),
  },
  // The exporter gives up first and says that it failed what the peer then takes: at least once is more than once.
  impatient: {
    patience: SHORT,
    millis: 3000,
    begin: peer => peer.signal('SIGSTOP'),
    end: peer => peer.signal('SIGCONT'),
  },
  killed3: { patience: SHORT, millis: 3000, begin: peer => peer.end('SIGKILL'), end: peer => peer.start() },
  killed30: {
    patience: SHORT,
    millis: 30_000,
    begin: peer => peer.end('SIGKILL'),
    end: peer => peer.start(),
  },
};

/** An OTLP exporter that can be made to answer late or to fail, and remembers what became of each export. */
class Exporter {
  exports = [];
  #attempt = 0;

  constructor(url, temporality, { patience, answer = () => ({}) }) {
    this.answer = answer;
    this.real = new OTLPMetricExporter({ url, temporalityPreference: temporality, timeoutMillis: patience });
  }

  export(metrics, done) {
    const points = metrics.scopeMetrics.flatMap(scope => scope.metrics.flatMap(metric => metric.dataPoints));
    const value = points.reduce((sum, point) => sum + point.value, 0);
    const [seconds, nanos] = points[0].endTime;
    const entry = { time: seconds * 1000 + Math.floor(nanos / 1e6), value, arrived: false };
    this.exports.push(entry);
    const { delay = 0, refuses = false } = this.answer(++this.#attempt);
    if (refuses) return done({ code: 1, error: new Error('refused') });
    this.real.export(metrics, result => {
      entry.arrived = result.code === 0;
      setTimeout(() => done(result), delay);
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

const READERS = [
  { who: 'ours', temporality: DELTA },
  { who: 'ours', temporality: CUMULATIVE },
  { who: 'ours, at most once', temporality: DELTA },
  { who: 'sdk', temporality: DELTA },
  { who: 'sdk', temporality: CUMULATIVE },
];

/** One reader on a store or a provider of its own: what it recorded, what its exporter did. */
class Client {
  recorded = 0;

  constructor(run, { who, temporality }, url, fault) {
    this.title = `${who}, ${temporality === DELTA ? 'delta' : 'cumulative'}`;
    this.temporality = temporality;
    this.service = `${this.title} ${run}`;
    this.exporter = new Exporter(url, temporality, fault);
    const options = { exporter: this.exporter, exportIntervalMillis: INTERVAL, exportTimeoutMillis: TIMEOUT };
    if (who !== 'sdk') this.store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const delivery = who === 'ours' ? 'at-least-once' : 'at-most-once';
    const reader = this.store
      ? new DoubleBufferedMetricReader({ store: this.store, delivery, ...options })
      : new PeriodicExportingMetricReader(options);
    const resource = resourceFromAttributes({ 'service.name': this.service });
    this.provider = new MeterProvider({ readers: [reader], resource });
    this.counter = (this.store ?? this.provider).getMeter('m').createCounter('jobs');
    this.timer = setInterval(() => {
      const value = 1 + Math.floor(Math.random() * 9);
      this.recorded += value;
      this.counter.add(value);
    }, 50);
  }

  async shutdown() {
    clearInterval(this.timer);
    await this.provider.shutdown();
  }

  /** Delivered, and what the reader could not know: answered and lost by the peer, kept by the peer without an answer. */
  judge(kept) {
    const mine = kept.filter(({ service }) => service === this.service);
    const { exports } = this.exporter;
    if (this.temporality === CUMULATIVE) {
      const newest = mine.reduce((best, point) => (point.time >= best.time ? point : best), {
        time: 0,
        value: 0,
      });
      return { recorded: this.recorded, delivered: newest.value, repeated: 0, peerLost: 0, givenUp: 0 };
    }
    const delivered = mine.reduce((sum, { value }) => sum + value, 0);
    const arrived = exports.filter(entry => entry.arrived);
    const answered = arrived.reduce((sum, { value }) => sum + value, 0);
    const times = new Set(mine.map(({ time }) => time));
    const lost = arrived.filter(({ time }) => !times.has(time)).reduce((sum, { value }) => sum + value, 0);
    const givenUp = this.store?.statistics().deltaBatchesInDoubt ?? 0;
    return {
      recorded: this.recorded,
      delivered,
      repeated: delivered - answered + lost,
      peerLost: lost,
      givenUp,
    };
  }
}

/** Runs with a peer that is taken away afterwards, whatever happens. */
async function withPeer(Kind, program, run) {
  const peer = new Kind(program);
  try {
    await peer.prepare();
    await peer.start();
    return await run(peer);
  } finally {
    await peer.remove();
  }
}

/** The official exporters, all with one Collector. */
async function checkExporters(steps, program) {
  await withPeer(Collector, program, async peer => {
    const outage = `${Collector.title}: it is killed while threads record, and comes back`;
    const played = await steps.step(outage, () => playOutage(peer));
    if (played === undefined) return;
    const points = await peer.kept();
    for (const client of played.clients)
      await steps.step(`${client.service}: has what was recorded`, () => {
        console.log(`    ${judgeClient(client, played.recorded, points)}`);
      });
  });
}

/** Processes with a collector thread, all with one Collector. */
async function checkEnds(steps, program) {
  await withPeer(Collector, program, async peer => {
    const title = `${Collector.title}: processes with a collector thread end`;
    const ended = await steps.step(title, () => endProcesses(peer));
    if (ended === undefined) return;
    const points = await peer.kept();
    for (const end of ended)
      await steps.step(`${end.service}: has what was recorded`, () => {
        console.log(`    ${judgeEnd(end, points)}`);
      });
  });
}

async function play(peer, fault) {
  const clients = [];
  for (let run = 0; run < RUNS; run++) {
    for (const reader of READERS) clients.push(new Client(run, reader, peer.url, fault));
    // Spread over the interval, so that the fault meets them in all phases of an export.
    await pause(INTERVAL / RUNS);
  }
  await pause(1500);
  await fault.begin?.(peer);
  await pause(fault.millis);
  await fault.end?.(peer);
  for (const { exporter } of clients) exporter.answer = () => ({});
  await pause(4 * INTERVAL);
  await Promise.all(clients.map(client => client.shutdown()));
  return clients;
}

const total = (list, pick) => list.reduce((sum, item) => sum + pick(item), 0);

/** Prints a row for each kind of reader; returns why the promise is broken, or undefined. */
function report(clients, kept) {
  const complaints = [];
  const rows = READERS.map(({ who, temporality }) => {
    const own = clients.filter(
      ({ title }) => title === `${who}, ${temporality === DELTA ? 'delta' : 'cumulative'}`,
    );
    const verdicts = own.map(client => client.judge(kept));
    const exact = verdicts.filter(({ recorded, delivered }) => recorded === delivered).length;
    // Nobody can know better than the answers: what the peer lost or kept against its word is the peer's.
    const honest = verdicts.filter(
      ({ recorded, delivered, repeated, peerLost }) => delivered === recorded + repeated - peerLost,
    ).length;
    if (who === 'ours' && honest < own.length) complaints.push(`${own[0].title}: ${honest} of ${own.length}`);
    const tooMuch = verdicts.filter(
      ({ recorded, delivered, repeated }) => delivered > recorded + repeated,
    ).length;
    if (who !== 'sdk' && tooMuch > 0) complaints.push(`${own[0].title}: too much in ${tooMuch}`);
    return {
      reader: own[0].title,
      recorded: total(verdicts, ({ recorded }) => recorded),
      delivered: total(verdicts, ({ delivered }) => delivered),
      'exact runs': `${exact} of ${own.length}`,
      'kept unanswered': total(verdicts, ({ repeated }) => repeated),
      'answered, lost by the peer': total(verdicts, ({ peerLost }) => peerLost),
      'given up in doubt': total(verdicts, ({ givenUp }) => givenUp),
    };
  });
  const columns = Object.keys(rows[0]);
  const line = cells => `    | ${cells.join(' | ')} |`;
  console.log([line(columns), ...rows.map(row => line(columns.map(column => row[column])))].join('\n'));
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

const steps = new Steps();
const faults = flags.faults?.split(',');
let skipped = 0;
const kinds = [Collector, Prometheus];
for (const Kind of kinds) {
  const { title, variable, program: name } = Kind;
  let program;
  for (const path of findPrograms(variable, name)) if (await Kind.suits(path)) program ??= path;
  if (program === undefined) {
    console.log(`  - ${title}: skipped, there is none in PATH (${name}) and ${variable} names none`);
    skipped++;
    continue;
  }
  if (Kind === Collector && (faults === undefined || faults.includes('exporters')))
    await checkExporters(steps, program);
  if (Kind === Collector && (faults === undefined || faults.includes('ends')))
    await checkEnds(steps, program);
  for (const faultName of faults?.filter(fault => fault in FAULTS) ?? Object.keys(FAULTS))
    await steps.step(`${title}: ${faultName}, ${RUNS} runs`, () =>
      withPeer(Kind, program, async peer => {
        const clients = await play(peer, FAULTS[faultName]);
        report(clients, await peer.kept());
      }),
    );
}
if (skipped === kinds.length) console.log('nothing to check');
else steps.finish();
