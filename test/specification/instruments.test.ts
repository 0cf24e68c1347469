// Instruments and duplicates, line by line. The lines and those that do not apply are in docs/specification.md.
import { diag, ValueType } from '@opentelemetry/api';
import type { MetricOptions } from '@opentelemetry/api';
import { AggregationType } from '@opentelemetry/sdk-metrics';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';
import { captureDiag, metricsOf, namesOf, pointsOf, sumOf, valuesOf } from '../support/collected.js';

const stores: MetricStore[] = [];
function storeWith(views: ViewOptions[] = []): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024, views });
  stores.push(store);
  return store;
}
let messages: string[];

describe('specification: instruments', () => {
  beforeEach(() => (messages = captureDiag()));
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('I-001 names are checked, an invalid one is reported, and the instrument records', async () => {
    const store = storeWith();
    const valid = ['a', 'A_b.c-d/e9', `x${'y'.repeat(254)}`];
    const invalid = ['', '1a', '_a', 'ä', 'a b', `x${'y'.repeat(255)}`];
    for (const name of valid) store.getMeter('m').createCounter(name).add(1);
    expect(messages).to.deep.equal([]);
    for (const name of invalid) store.getMeter('m').createCounter(name).add(1);
    expect(messages).to.have.length(invalid.length);
    const result = await store.metricProducer().collect();
    expect(namesOf(result)).to.deep.equal([...valid, ...invalid]);
    expect(sumOf(result)).to.equal(valid.length + invalid.length);
  });

  it('I-002 I-003 units and descriptions are kept as they are, and none is empty', async () => {
    const store = storeWith();
    const unit = 'x'.repeat(100);
    const description = 'Ω'.repeat(5000);
    const given = [
      { unit, description },
      { unit: 'By', description: 'a' },
      {},
      { unit: null, description: null },
    ];
    for (const [index, options] of given.entries())
      store
        .getMeter('m')
        .createGauge(`g${index}`, options as MetricOptions)
        .record(1);
    const descriptors = metricsOf(await store.metricProducer().collect()).map(({ descriptor }) => descriptor);
    expect(descriptors.map(descriptor => [descriptor.unit, descriptor.description])).to.deep.equal([
      [unit, description],
      ['By', 'a'],
      ['', ''],
      ['', ''],
    ]);
    expect(messages).to.deep.equal([]);
  });

  it('I-004 meters are separate places for names', async () => {
    const store = storeWith();
    store.getMeter('a').createCounter('x').add(1);
    store.getMeter('b').createHistogram('x').record(1);
    store.getMeter('b', '2').createCounter('x', { unit: 's' }).add(1);
    expect(messages).to.deep.equal([]);
    expect(namesOf(await store.metricProducer().collect())).to.deep.equal(['x', 'x', 'x']);
  });

  it('I-005 I-006 a name with another kind or unit records, and the warning has a View that resolves it', async () => {
    const store = storeWith();
    const meter = store.getMeter('m');
    for (let again = 0; again < 2; again++) {
      meter.createCounter('x').add(1);
      meter.createHistogram('x').record(1);
      meter.createCounter('x', { unit: 's' }).add(2);
      meter.createCounter('x', { valueType: ValueType.INT }).add(3);
    }
    expect(
      metricsOf(await store.metricProducer().collect()).map(({ dataPoints }) => dataPoints.length),
    ).to.deep.equal([1, 1, 1, 1]);
    expect(messages).to.have.length(3);
    const recipes = messages.map(text => /\{.*\}/.exec(text)?.[0] ?? '');
    const resolved = storeWith(recipes.slice(0, 2).map(recipe => JSON.parse(recipe) as ViewOptions));
    messages.length = 0;
    const renamed = resolved.getMeter('m');
    renamed.createCounter('x').add(1);
    renamed.createHistogram('x').record(1);
    renamed.createUpDownCounter('y', { unit: 's' }).add(2);
    expect(namesOf(await resolved.metricProducer().collect())).to.deep.equal(['x', 'x.2', 'y']);
    expect(messages).to.deep.equal([]);
  });

  it('I-006 descriptions that differ are a warning, unless a View sets one', async () => {
    const create = async (store: MetricStore): Promise<unknown> => {
      for (const description of ['one', 'two', 'two'])
        store.getMeter('m').createCounter('x', { description }).add(1);
      const [metric] = metricsOf(await store.metricProducer().collect());
      return [metric?.descriptor.description, metric?.dataPoints[0]?.value];
    };
    expect(await create(storeWith())).to.deep.equal(['one', 3]);
    expect(messages).to.have.length(1);
    expect(messages[0]).to.contain('"one"').and.to.contain('"two"').and.to.contain('View');
    messages.length = 0;
    expect(await create(storeWith([{ instrumentName: 'x', description: 'both' }]))).to.deep.equal([
      'both',
      3,
    ]);
    expect(messages).to.deep.equal([]);
  });

  it('I-007 identical instruments aggregate together, whichever meter object they come from', async () => {
    const store = storeWith();
    for (let again = 0; again < 3; again++) {
      const meter = store.getMeter('m', '1');
      meter.createCounter('c', { unit: 's' }).add(1);
      meter.createHistogram('h').record(1);
      meter.createObservableCounter('o').addCallback(result => result.observe(1, { again }));
    }
    const result = await store.metricProducer().collect();
    expect(valuesOf(result, 'c')).to.deep.equal({ '{}': 3 });
    expect(pointsOf(result, 'h')[0]?.value).to.have.property('count', 3);
    expect(pointsOf(result, 'o')).to.have.length(3);
    expect(messages).to.deep.equal([]);
  });

  it('I-008 a name in another case is the instrument seen first, and an error is logged', async () => {
    const store = storeWith();
    const meter = store.getMeter('m');
    for (const name of ['requestCount', 'RequestCount', 'REQUESTCOUNT', 'requestCount'])
      meter.createCounter(name).add(1);
    const result = await store.metricProducer().collect();
    expect(namesOf(result)).to.deep.equal(['requestCount']);
    expect(sumOf(result)).to.equal(4);
    expect(messages).to.have.length(2);
  });

  it('I-009 identical instruments with other advice use the first advice, and an error is logged', async () => {
    const store = storeWith();
    for (const boundaries of [[1, 2], [7], [1, 2]])
      store
        .getMeter('m')
        .createHistogram('h', { advice: { explicitBucketBoundaries: boundaries } })
        .record(5);
    const points = pointsOf(await store.metricProducer().collect());
    expect(points.map(({ value }) => (value as { buckets: unknown }).buckets)).to.deep.equal([
      { boundaries: [1, 2], counts: [0, 0, 3] },
    ]);
    expect(messages).to.have.length(1);
    expect(messages[0]).to.contain('1,2');
  });

  it('I-010 the default boundaries, each of which belongs to the bucket below it', async () => {
    const store = storeWith();
    const boundaries = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
    const histogram = store.getMeter('m').createHistogram('h');
    for (const boundary of boundaries) histogram.record(boundary);
    histogram.record(10000.5);
    const [point] = pointsOf(await store.metricProducer().collect());
    expect(point?.value).to.have.deep.property('buckets', { boundaries, counts: Array(16).fill(1) });
  });

  it('I-011 no histogram is made of an instrument that records negatives, and every number is handled', async () => {
    const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM } as const;
    const store = storeWith([
      { instrumentName: 'u', aggregation },
      { instrumentName: 'g', aggregation },
    ]);
    const meter = store.getMeter('m');
    const numbers = [0, -0, 5e-324, -5e-324, Number.MAX_VALUE, -1, NaN, Infinity, -Infinity, 2 ** 53];
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [0, 10] } });
    const gauge = meter.createGauge('g');
    const kept: unknown[] = [];
    const producer = store.metricProducer();
    for (const number of numbers) {
      histogram.record(number);
      meter.createUpDownCounter('u').add(number > -10 && number < 10 ? number : 0);
      gauge.record(number);
      kept.push(pointsOf(await producer.collect(), 'g')[0]?.value);
    }
    // A gauge has no use for the sign of zero.
    expect(kept.map(value => Number(value) + 0)).to.deep.equal(numbers.map(number => number + 0));
    const result = await producer.collect();
    expect(pointsOf(result, 'h')[0]?.value).to.deep.include({
      count: 6,
      min: 0,
      max: Infinity,
      buckets: { boundaries: [0, 10], counts: [2, 1, 3] },
    });
    expect(store.statistics().refused).to.include({ negative: 3, notANumber: 1 });
    expect(sumOf(result, 'u')).to.equal(-1);
    expect(metricsOf(result).map(({ dataPointType }) => dataPointType)).to.have.members([0, 2, 3]);
  });
});
