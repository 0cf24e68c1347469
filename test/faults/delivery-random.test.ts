// Goal: against any exporter, in virtual time, deltas arrive once, and what does not arrive is what an exporter swallowed.
import { diag } from '@opentelemetry/api';
import {
  MeterProvider,
  type Histogram,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';
import { millisOf } from '../support/collected.js';
import { inVirtualTime, outcome } from '../support/virtual-time.js';
import { captureWarnings } from './warnings.js';

type Done = Parameters<PushMetricExporter['export']>[1];

const INTERVAL = 10;
const TIMEOUT = 5;
const START = 1_700_000_000_000;

interface Answer {
  readonly after: number;
  readonly how: 'delivers' | 'fails' | 'swallows';
}

interface Script {
  readonly answers: readonly Answer[];
  /** A record each millisecond: which series. */
  readonly records: readonly number[];
  readonly delivery: 'at-least-once' | 'at-most-once';
  readonly maxExportBatchSize: number | undefined;
  readonly temporality: 0 | 1;
}

interface Handed {
  readonly series: string;
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Every point of an export; a histogram gives its count and its buckets beside its sum. */
function pointsOf({ scopeMetrics }: ResourceMetrics): Handed[] {
  return scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.flatMap(({ attributes, value, startTime, endTime }) => {
        const point = (part: string, number: number): Handed => ({
          series: `${name}${part} ${JSON.stringify(attributes)}`,
          start: millisOf(startTime),
          end: millisOf(endTime),
          value: number,
        });
        if (typeof value === 'number') return [point('', value)];
        const { sum, count, buckets } = value as Histogram;
        return [
          point('.sum', sum ?? 0),
          point('.count', count),
          ...buckets.counts.map((inBucket, index) => point(`.${index}`, inBucket)),
        ];
      }),
    ),
  );
}

/** Delivers what it is told to, and remembers what became of each export. */
class RandomExporter {
  readonly exports: { points: Handed[]; fate: 'pending' | Answer['how'] }[] = [];
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  export(metrics: ResourceMetrics, done: Done): void {
    // When the script is over the exporter is well.
    const { after, how } = this.#script.answers[this.exports.length] ?? { after: 0, how: 'delivers' };
    const handed: (typeof this.exports)[number] = { points: pointsOf(metrics), fate: 'pending' };
    this.exports.push(handed);
    const answer = (): void => {
      handed.fate = how;
      if (how !== 'swallows') done({ code: how === 'delivers' ? 0 : 1 });
    };
    if (after === 0) answer();
    else setTimeout(answer, after);
  }

  selectAggregationTemporality(): 0 | 1 {
    return this.#script.temporality;
  }

  /** Points of exports with one of these fates, in the order in which they were handed over. */
  points(...fates: string[]): Handed[] {
    return this.exports.filter(({ fate }) => fates.includes(fate)).flatMap(({ points }) => points);
  }
}

function sums(points: readonly Handed[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { series, value } of points)
    if (!series.startsWith('g ') && value !== 0) result.set(series, (result.get(series) ?? 0) + value);
  return new Map([...result].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function play(
  script: Script,
): Promise<{ exporter: RandomExporter; recorded: Handed[]; ending: string }> {
  const exporter = new RandomExporter(script);
  const recorded: Handed[] = [];
  let ending = '';
  await inVirtualTime(async pass => {
    let now = START;
    const store = createStore({ maxBytes: 4 * 1024 * 1024, shared: false, clock: { now: () => now } });
    const { delivery, maxExportBatchSize } = script;
    const reader = new DoubleBufferedMetricReader({
      store,
      exporter: exporter as unknown as PushMetricExporter,
      exportIntervalMillis: INTERVAL,
      exportTimeoutMillis: TIMEOUT,
      delivery,
      ...(maxExportBatchSize !== undefined && { maxExportBatchSize }),
    });
    const provider = new MeterProvider({ readers: [reader] });
    const host = provider.getMeter('m').createCounter('host');
    const meter = store.getMeter('m');
    const [counter, gauge] = [meter.createCounter('c'), meter.createGauge('g')];
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [10, 100] } });
    const note = (series: string, value: number): void =>
      void recorded.push({
        series: `${series} {}`.replace(/ (\d) \{\}$/, ' {"k":$1}'),
        start: 0,
        end: 0,
        value,
      });
    for (const [step, k] of script.records.entries()) {
      now++;
      host.add(1);
      note('host', 1);
      counter.add(step, { k });
      note(`c ${k}`, step);
      if (k > 1) gauge.record(step, { k });
      if (k === 1) {
        histogram.record(step);
        note('h.sum', step);
        note('h.count', 1);
        note(`h.${step <= 10 ? 0 : step <= 100 ? 1 : 2}`, 1);
      }
      await pass(1);
    }
    // The late ones answer, and what they owe goes out.
    for (let round = 0; round < script.answers.length + 20; round++) {
      now += INTERVAL;
      await pass(INTERVAL);
    }
    ending = await outcome(provider.shutdown(), pass);
    await pass(100);
    await store.shutdown();
  });
  return { exporter, recorded, ending };
}

const scripts = (fixed: Partial<Script>): fc.Arbitrary<Script> =>
  fc.record({
    answers: fc.array(
      fc.record({
        after: fc.nat(3 * INTERVAL),
        how: fc.constantFrom('delivers' as const, 'delivers' as const, 'fails' as const, 'swallows' as const),
      }),
      { maxLength: 12 },
    ),
    records: fc.array(fc.nat(3), { minLength: 1, maxLength: 120 }),
    delivery: fc.constant(fixed.delivery ?? ('at-least-once' as const)),
    maxExportBatchSize: fc.constantFrom(undefined, 1, 2, 5),
    temporality: fc.constant(fixed.temporality ?? (0 as const)),
  });

/** How many scripts; more by hand. */
const RUNS = Number(process.env['GENERATED_INPUTS'] ?? 60);

describe('any exporter', () => {
  beforeEach(() => void captureWarnings());
  afterEach(() => diag.disable());

  it('late-answer, late-export-multiplies: gets each delta once, and what it swallows is all that is lost', async () => {
    await fc.assert(
      fc.asyncProperty(scripts({}), async script => {
        const { exporter, recorded, ending } = await play(script);
        expect(ending).to.equal('resolves');
        expect(exporter.points('pending')).to.deep.equal([]);
        expect(sums(exporter.points('delivers', 'swallows'))).to.deep.equal(sums(recorded));
        const last = new Map<string, Handed>();
        for (const point of exporter.points('delivers')) {
          const before = last.get(point.series);
          last.set(point.series, point);
          if (point.series.startsWith('host') || before === undefined) continue;
          expect(point.end, `${point.series} goes on`).to.be.greaterThan(before.end - 1);
          if (!point.series.startsWith('g ')) expect(point.start, point.series).to.be.at.least(before.end);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('lambda-freeze: is handed each delta once at most, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(scripts({ delivery: 'at-most-once' }), async script => {
        const { exporter, recorded, ending } = await play(script);
        expect(ending).to.equal('resolves');
        expect(sums(exporter.points('delivers', 'fails', 'swallows'))).to.deep.equal(sums(recorded));
      }),
      { numRuns: RUNS },
    );
  });

  it('of cumulative numbers has all of them in the end', async () => {
    await fc.assert(
      fc.asyncProperty(scripts({ temporality: 1 }), async script => {
        const { exporter, recorded, ending } = await play(script);
        expect(ending).to.equal('resolves');
        const newest = new Map(exporter.points('delivers').map(point => [point.series, point]));
        expect(sums([...newest.values()])).to.deep.equal(sums(recorded));
      }),
      { numRuns: RUNS },
    );
  });
});
