// Goal: a histogram in powers of two tells the truth about the values: below each boundary are as many as there were. Method:
// generated values, counted into exponential buckets of the SDK, at whatever scale that chooses for them.
import { AggregationType, DataPointType, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { boundariesOf, countsOf, rangeOf, unionOf } from '../../lib/producers/power-buckets.js';
import type { ExponentialValue, PowerRange } from '../../lib/producers/power-buckets.js';

async function recorded(values: readonly number[], maxSize: number): Promise<ExponentialValue> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM as const, options: { maxSize } };
  const provider = new MeterProvider({ readers: [reader], views: [{ instrumentName: 'h', aggregation }] });
  const histogram = provider.getMeter('m').createHistogram('h');
  for (const value of values) histogram.record(value);
  await provider.forceFlush();
  const [metric] = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
  if (metric?.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) throw new Error('no such histogram');
  await provider.shutdown();
  const value: ExponentialHistogram | undefined = metric.dataPoints[0]?.value;
  if (value === undefined) throw new Error('no point');
  return { ...value, sum: value.sum ?? 0 };
}

/** Not next to a power of two, where the SDK's own logarithm may choose the neighbour. */
const positive = fc
  .tuple(fc.integer({ min: -1000, max: 1000 }), fc.double({ min: 1.001, max: 1.999, noNaN: true }))
  .map(([exponent, mantissa]) => mantissa * 2 ** exponent);

function check(value: ExponentialValue, range: PowerRange | undefined, values: readonly number[]): void {
  const boundaries = boundariesOf(range);
  const counts = countsOf(value, range, boundaries.length + 1);
  let cumulative = 0;
  for (const [index, boundary] of [...boundaries, Infinity].entries()) {
    cumulative += counts[index] ?? 0;
    expect(cumulative, `le ${boundary}`).to.equal(values.filter(one => one <= boundary).length);
  }
  for (const boundary of boundaries.slice(1)) expect(Math.log2(boundary) % 1).to.equal(0);
}

describe('powers of two as buckets', () => {
  it('should count below each boundary what was recorded below it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(positive, fc.constant(0)), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(2, 8, 160),
        async (values, maxSize) => {
          const value = await recorded(values, maxSize);
          check(value, rangeOf(value), values);
        },
      ),
      { numRuns: 60 },
    ));

  it('should do so for several at once, with the boundaries of all', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(positive, { minLength: 1, maxLength: 20 }), { minLength: 2, maxLength: 3 }),
        fc.constantFrom(2, 160),
        async (sets, maxSize) => {
          const all = await Promise.all(sets.map(values => recorded(values, maxSize)));
          const range = all.map(rangeOf).reduce(unionOf);
          all.forEach((value, index) => check(value, range, sets[index] ?? []));
        },
      ),
      { numRuns: 30 },
    ));

  it('should only grow in its boundaries', () => {
    const a = { first: -2, last: 3, step: 1 };
    expect(unionOf(a, undefined)).to.deep.equal(a);
    expect(unionOf(a, { first: 0, last: 1, step: 1 })).to.deep.equal(a);
    expect(unionOf(a, { first: -8, last: 8, step: 4 })).to.deep.equal({ first: -8, last: 8, step: 4 });
  });

  it('should put what is below zero beside zero, and what no double reaches above all', () => {
    const value: ExponentialValue = {
      scale: -20,
      zeroCount: 2,
      positive: { offset: 0, bucketCounts: [5] },
      negative: { bucketCounts: [1, 0, 3] },
      sum: 0,
    };
    const range = rangeOf(value);
    expect(boundariesOf(range)).to.deep.equal([0]);
    expect(countsOf(value, range, 2)).to.deep.equal([6, 5]);
    expect([boundariesOf(undefined), countsOf({ ...value, positive: { offset: 0, bucketCounts: [] } }, undefined, 2)]) // prettier-ignore
      .to.deep.equal([[0], [6, 0]]);
  });
});
