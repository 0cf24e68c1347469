// Defects of the host SDK that have to do with names, attributes and values, and what happens here instead. See
// docs/host-defects.md.
import { diag } from '@opentelemetry/api';
import type { Attributes, MetricOptions } from '@opentelemetry/api';
import type { IAttributesProcessor } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type MetricStore, type StoreOptions } from '../../lib/index.js';
import { captureDiag, namesOf, OVERFLOW, pointsOf, sumOf, valuesOf } from '../support/collected.js';

describe('host defects: data', () => {
  const stores: MetricStore[] = [];
  const newStore = (options: StoreOptions = {}): MetricStore => {
    const store = createStore({ maxBytes: 16 * 1024 * 1024, ...options });
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('B06 an attributes object that is changed and used again changes no series', async () => {
    const store = newStore();
    const counter = store.getMeter('m').createCounter('c');
    const reused: Attributes = { route: '/a', list: ['x'] };
    counter.add(1, reused);
    const bound = counter.bind(reused);
    (reused['list'] as string[]).push('y');
    reused['route'] = '/b';
    counter.add(10, reused);
    bound.add(100);
    expect(valuesOf(await store.metricProducer().collect())).to.deep.equal({
      '{"list":["x"],"route":"/a"}': 101,
      '{"list":["x","y"],"route":"/b"}': 10,
    });
  });

  it('B07 no attribute makes a record throw, and the record is kept', async () => {
    captureDiag();
    const store = newStore();
    const meter = store.getMeter('m');
    const circular: Record<string, unknown> = { ok: 1 };
    circular['self'] = circular;
    const bad = [{ id: 1n }, null, circular, { s: Symbol('s') }, 'text', 5] as unknown as Attributes[];
    for (const attributes of bad) {
      meter.createCounter('c').add(1, attributes);
      meter.createCounter('c').bind(attributes).add(1);
      meter.createUpDownCounter('u').add(1, attributes);
      meter.createHistogram('h').record(1, attributes);
      meter.createGauge('g').record(1, attributes);
    }
    const result = await store.metricProducer().collect();
    expect(sumOf(result, 'c')).to.equal(2 * bad.length);
    expect(sumOf(result, 'u')).to.equal(bad.length);
    expect(namesOf(result)).to.have.members(['c', 'u', 'h', 'g']);
  });

  it('B08 NaN, Infinity and no value are attribute values of their own', async () => {
    captureDiag();
    const store = newStore();
    const counter = store.getMeter('m').createCounter('c');
    const values: unknown[] = [NaN, Infinity, -Infinity, undefined, null, (): number => 1, 'NaN'];
    for (const v of values) counter.add(1, { v } as Attributes);
    const points = pointsOf(await store.metricProducer().collect());
    expect(points.map(({ attributes, value }) => [attributes['v'], value])).to.have.deep.members([
      [NaN, 1],
      [Infinity, 1],
      [-Infinity, 1],
      ['NaN', 1],
      [undefined, 3], // No value and what is no value at all: the set without the attribute.
    ]);
  });

  it('B09 NaN and the infinities poison no sum', async () => {
    captureDiag();
    const store = newStore();
    const meter = store.getMeter('m');
    const producer = store.metricProducer();
    const counter = meter.createCounter('c');
    const upDown = meter.createUpDownCounter('u');
    const bound = [counter.bind({}), upDown.bind({})];
    for (const value of [5, NaN, Infinity, -Infinity, 5]) {
      for (const instrument of [counter, upDown, ...bound]) instrument.add(value);
      await producer.collect();
    }
    const result = await producer.collect();
    expect([sumOf(result, 'c'), sumOf(result, 'u')]).to.deep.equal([20, 20]);
    expect(store.statistics().refused).to.include({ notANumber: 4, negative: 2, notFinite: 6 });
  });

  it('B24 instruments whose names differ in case are one, under the name that was seen first', async () => {
    const warnings = captureDiag();
    const store = newStore();
    const meter = store.getMeter('m');
    meter.createCounter('Foo').add(1);
    meter.createCounter('foo').add(1);
    const result = await store.metricProducer().collect();
    expect(namesOf(result)).to.deep.equal(['Foo']);
    expect(valuesOf(result)).to.deep.equal({ '{}': 2 });
    expect(warnings.filter(text => text.includes('Foo') && text.includes('foo'))).to.have.length(1);
  });

  it('B30 a result is a snapshot: changing it changes no series and no later result', async () => {
    const store = newStore();
    const producer = store.metricProducer();
    const histogram = store.getMeter('m').createHistogram('h', {
      advice: { explicitBucketBoundaries: [1, 2] },
    });
    histogram.record(1, { k: 'a' });
    const first = await producer.collect();
    const kept = JSON.stringify(pointsOf(first));
    histogram.record(1, { k: 'a' });
    const second = await producer.collect();
    expect(JSON.stringify(pointsOf(first)), 'later records').to.equal(kept);
    const [point] = pointsOf(second);
    const { buckets } = point?.value as { buckets: { counts: number[]; boundaries: number[] } };
    buckets.counts[0] = 1e6;
    buckets.boundaries[0] = 99;
    expect(() => {
      (point?.attributes as Attributes)['k'] = 'changed';
    }, 'attributes are frozen').to.throw(TypeError);
    histogram.record(1, { k: 'a' });
    const [after] = pointsOf(await producer.collect());
    expect(after?.attributes).to.deep.equal({ k: 'a' });
    expect(after?.value).to.have.deep.property('buckets', { boundaries: [1, 2], counts: [3, 0, 0] });
  });

  it('B32 a meter and an instrument can be asked for with any name, and record', async () => {
    captureDiag();
    const store = newStore({ views: [{ instrumentName: 'x*', aggregationCardinalityLimit: 7 }] });
    const names = ['', undefined, null, 5, {}, 1n, Symbol('s'), ['a']] as unknown as string[];
    for (const name of names) {
      store.getMeter(name, name, { schemaUrl: name }).createCounter('c').add(1);
      for (const options of [null, { description: name, unit: name }] as unknown as MetricOptions[])
        store.getMeter('n').createUpDownCounter(name, options).add(1);
    }
    const result = await store.metricProducer().collect();
    expect(sumOf(result, 'c')).to.equal(names.length);
    expect(sumOf(result)).to.equal(3 * names.length);
    for (const { scope } of result.resourceMetrics.scopeMetrics) expect(scope.name).to.be.a('string');
  });

  it('B36 a processor may return one frozen object for all, and the series become one', async () => {
    const seen: unknown[] = [];
    const frozen = Object.freeze({ k: 'other' });
    const processor: IAttributesProcessor = {
      process: (incoming, context) => {
        seen.push([{ ...incoming }, context]);
        return frozen;
      },
    };
    const store = newStore({ views: [{ instrumentName: '*', attributesProcessors: [processor] }] });
    const meter = store.getMeter('m');
    meter.createCounter('c').add(5, { k: 'x' });
    meter.createCounter('c').add(6, { k: 'y' });
    meter.createObservableUpDownCounter('u').addCallback(result => {
      result.observe(1, { a: 1 });
      result.observe(2, { a: 2 });
    });
    const result = await store.metricProducer().collect();
    expect(valuesOf(result, 'c')).to.deep.equal({ '{"k":"other"}': 11 });
    expect(valuesOf(result, 'u')).to.deep.equal({ '{"k":"other"}': 3 });
    expect(seen).to.deep.equal([
      [{ k: 'x' }, undefined],
      [{ k: 'y' }, undefined],
      [{ a: 1 }, undefined],
      [{ a: 2 }, undefined],
    ]);
  });

  it('B37 a processor that throws breaks neither the caller nor the sum: its records overflow', async () => {
    const warnings = captureDiag();
    const processor: IAttributesProcessor = {
      process: () => {
        throw new Error('boom');
      },
    };
    const store = newStore({ views: [{ instrumentName: '*', attributesProcessors: [processor] }] });
    const meter = store.getMeter('m');
    meter.createCounter('c').add(5, { k: 'x' });
    meter.createCounter('c').bind({ k: 'y' }).add(6);
    let isReached = false;
    meter.createObservableUpDownCounter('u').addCallback(result => {
      result.observe(1, { a: 1 });
      result.observe(2, { a: 2 });
      isReached = true;
    });
    const result = await store.metricProducer().collect();
    expect(isReached).to.equal(true);
    expect(result.errors).to.deep.equal([]);
    expect(valuesOf(result, 'c')).to.deep.equal({ [OVERFLOW]: 11 });
    expect(valuesOf(result, 'u')).to.deep.equal({ [OVERFLOW]: 3 });
    expect(store.statistics().refused.attributes).to.equal(4);
    expect(warnings.filter(text => text.includes('boom'))).to.have.length(1);
  });
});
