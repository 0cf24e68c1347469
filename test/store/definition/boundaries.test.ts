// Goal: a histogram is a histogram whatever the number of its boundaries, none at all included (OpenTelemetry's way to keep
// only count and sum), and never touches another one.
import { expect } from 'chai';
import { AggregationType } from '@opentelemetry/sdk-metrics';
import {
  collectPrometheusText,
  createStore,
  DoubleBufferedMetricReader,
  type MetricStore,
} from '../../../lib/index.js';

const SETS = 3;
const MAX = 64;

interface Shown {
  readonly name: string;
  readonly count: number;
  readonly sum: number;
  readonly counts: readonly number[];
}

async function collect(reader: DoubleBufferedMetricReader): Promise<Shown[]> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  return resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.map(({ value }) => {
        const {
          count,
          sum = NaN,
          buckets,
        } = value as {
          count: number;
          sum?: number;
          buckets: { counts: number[] };
        };
        return { name, count, sum, counts: buckets.counts };
      }),
    );
}

function histograms(store: MetricStore): ((value: number, set: number) => void)[] {
  const meter = store.getMeter('m');
  return Array.from({ length: MAX + 1 }, (_, length) => {
    const explicitBucketBoundaries = Array.from({ length }, (_, index) => index * 10);
    const histogram = meter.createHistogram(`h${length}`, { advice: { explicitBucketBoundaries } });
    return (value, set) => histogram.record(value, { set });
  });
}

describe('histograms by their number of boundaries', () => {
  for (const shared of [true, false])
    for (const temporality of [0, 1])
      it(`should keep each apart, with shared: ${shared}, temporality ${temporality}`, async () => {
        let now = 1_700_000_000_000;
        const store = createStore({ shared, seriesTtlMillis: 1000, clock: { now: () => now } });
        const reader = new DoubleBufferedMetricReader({
          store,
          aggregationTemporalitySelector: () => temporality,
        });
        const records = histograms(store);
        // Twice: the second life of a series takes areas that another one gave back.
        for (let life = 0; life < 2; life++, now += 5000) {
          records.forEach((record, length) => {
            for (let set = 0; set < SETS; set++) for (let n = 0; n <= length; n++) record(n * 10, set);
          });
          const shown = await collect(reader);
          expect(shown).to.have.length(SETS * (MAX + 1));
          for (const { name, count, sum, counts } of shown) {
            const length = Number(name.slice(1));
            expect(count, name).to.equal(length + 1);
            expect(sum, name).to.equal((10 * length * (length + 1)) / 2);
            expect(counts, name).to.deep.equal(Array.from({ length: length + 1 }, () => 1));
          }
          for (let cut = 0; cut < 3; cut++, now += 1000) await collect(reader);
          expect(store.statistics()).to.include({ series: 0, stuckStripes: 0 });
        }
        await store.shutdown();
      });

  it('should take none from a View, and show only the bucket of everything', async () => {
    const store = createStore({
      views: [
        {
          instrumentName: 'slim',
          aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [] } },
        },
      ],
    });
    const meter = store.getMeter('m');
    meter.createHistogram('wide').record(3);
    meter.createHistogram('slim').record(5);
    let text = '';
    for await (const chunk of collectPrometheusText({ store })) text += chunk;
    expect(text).to.include('slim_bucket{otel_scope_name="m",le="+Inf"} 1').and.to.include('slim_sum');
    expect(text).to.include('wide_count{otel_scope_name="m"} 1');
    await store.shutdown();
  });
});
