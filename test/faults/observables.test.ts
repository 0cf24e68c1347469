// Goal: whatever a callback does, it takes nothing along but its own observations.
import { diag, type Attributes, type ObservableResult } from '@opentelemetry/api';
import type { CollectionResult, ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type BufferedMeter, type MetricStore } from '../../lib/index.js';
import { captureWarnings } from './warnings.js';

const newStore = (views: ViewOptions[] = []): MetricStore =>
  createStore({ maxBytes: 4 * 1024 * 1024, callbackTimeoutMillis: 50, views });

/** Values by metric, and the codes of errors. */
async function collect(store: MetricStore): Promise<[Record<string, unknown[]>, unknown[]]> {
  const { resourceMetrics, errors }: CollectionResult = await store.metricProducer().collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics);
  const values = metrics.map(({ descriptor, dataPoints }) => [
    descriptor.name,
    (dataPoints as { value: unknown }[]).map(({ value }) => value),
  ]);
  return [
    Object.fromEntries(values) as Record<string, unknown[]>,
    errors.map(error => (error as { code?: string }).code ?? (error as Error).message),
  ];
}

describe('a callback', () => {
  let said: string[];
  beforeEach(() => (said = captureWarnings()));
  afterEach(() => diag.disable());

  const nothing: unknown = undefined;
  const thrower = (reason: unknown) => (): never => {
    throw reason;
  };
  const faults: [string, () => void | Promise<void>, string][] = [
    ['throws', thrower(new Error('broken')), 'broken'],
    ['throws undefined', thrower(nothing), 'CALLBACK_FAILED'],
    ['throws null', thrower(null), 'CALLBACK_FAILED'],
    ['throws what has no text', thrower(Object.create(null)), 'CALLBACK_FAILED'],
    ['rejects with undefined', async () => thrower(nothing)(), 'CALLBACK_FAILED'],
    ['never returns', () => new Promise(() => undefined), 'CALLBACK_TIMEOUT'],
  ];
  for (const [name, callback, code] of faults)
    it(`that ${name} is an error of the collection, counted, and takes no other along`, async () => {
      const store = newStore();
      const gauge = store.getMeter('m').createObservableGauge('g');
      gauge.addCallback(callback);
      gauge.addCallback(result => result.observe(1));
      for (let round = 0; round < 2; round++)
        expect(await collect(store)).to.deep.equal([{ g: [1] }, [code]]);
      expect(store.statistics().refused.callbackErrors).to.equal(2);
      await store.shutdown();
    });

  it('that never returns is called once, and again after it returned', async () => {
    const store = newStore();
    let calls = 0;
    let finish = (): void => undefined;
    const gauge = store.getMeter('m').createObservableGauge('g');
    gauge.addCallback(async result => {
      if (++calls === 1) await new Promise<void>(resolve => (finish = resolve));
      result.observe(calls);
    });
    for (let round = 0; round < 3; round++) await collect(store);
    expect(calls).to.equal(1);
    finish();
    await new Promise(setImmediate);
    expect(await collect(store)).to.deep.equal([{ g: [2] }, []]);
    await store.shutdown();
  });

  it('never runs twice at once, whoever collects', async () => {
    // Late it must not be, on however busy a machine.
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    let [running, most] = [0, 0];
    const gauge = store.getMeter('m').createObservableGauge('g');
    gauge.addCallback(async result => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      result.observe(1);
    });
    const rounds = await Promise.all([collect(store), collect(store), collect(store)]);
    expect([most, rounds[2]]).to.deep.equal([1, [{ g: [1] }, []]]);
    await store.shutdown();
  });

  it('added twice runs once; removed while it runs, it runs no more', async () => {
    const store = newStore();
    let calls = 0;
    const gauge = store.getMeter('m').createObservableGauge('g');
    const callback = (result: ObservableResult): void => {
      calls++;
      gauge.removeCallback(callback);
      result.observe(calls);
    };
    gauge.addCallback(callback);
    gauge.addCallback(callback);
    expect((await collect(store))[1]).to.deep.equal([]);
    expect(await collect(store)).to.deep.equal([{}, []]);
    expect(calls).to.equal(1);
    await store.shutdown();
  });

  it('that keeps its result cannot observe afterwards', async () => {
    const store = newStore();
    const kept: ObservableResult[] = [];
    store
      .getMeter('m')
      .createObservableGauge('g')
      .addCallback(result => void kept.push(result));
    await collect(store);
    kept[0]?.observe(1);
    expect(await collect(store)).to.deep.equal([{}, []]);
    await store.shutdown();
  });

  it('that is none, and observables that are none, are refused without a throw', async () => {
    const [store, other] = [newStore(), newStore()];
    const meter = store.getMeter('m');
    const gauge = meter.createObservableGauge('g');
    const foreign = other.getMeter('m').createObservableGauge('f');
    gauge.addCallback('no' as never);
    meter.addBatchObservableCallback(null as never, [gauge]);
    meter.addBatchObservableCallback(() => undefined, undefined as never);
    meter.removeBatchObservableCallback(() => undefined, undefined as never);
    meter.addBatchObservableCallback(
      result => {
        result.observe(gauge, 1);
        result.observe(foreign, 2);
        result.observe(undefined as never, 3);
      },
      [gauge, foreign, undefined as never],
    );
    expect(await collect(store)).to.deep.equal([{ g: [1] }, []]);
    expect(said.filter(text => text.includes('must be a function'))).to.have.length(1);
    expect(said.filter(text => text.includes('another store'))).to.have.length(1);
    await Promise.all([store.shutdown(), other.shutdown()]);
  });
});

describe('an observed value', () => {
  beforeEach(() => void captureWarnings());
  afterEach(() => diag.disable());

  const values = [NaN, Infinity, -Infinity, -1, 2.5, '5', 5n, undefined, null, {}] as number[];
  type Create = 'createObservableCounter' | 'createObservableUpDownCounter' | 'createObservableGauge';
  const rules: [Create, unknown[], object][] = [
    ['createObservableCounter', [2.5], { notANumber: 6, notFinite: 1, negative: 2 }],
    ['createObservableUpDownCounter', [-1, 2.5], { notANumber: 6, notFinite: 2, negative: 0 }],
    ['createObservableGauge', [NaN, Infinity, -Infinity, -1, 2.5], { notANumber: 5, notFinite: 0 }],
  ];
  for (const [create, taken, refused] of rules)
    it(`is taken or refused by ${create} as by the synchronous instrument`, async () => {
      const store = newStore();
      const instrument = store.getMeter('m')[create]('x');
      instrument.addCallback(result => values.forEach((value, index) => result.observe(value, { index })));
      expect(await collect(store)).to.deep.equal([{ x: taken }, []]);
      expect(store.statistics().refused).to.include(refused);
      await store.shutdown();
    });

  it('is cut to an integer where the instrument is one', async () => {
    const store = newStore();
    const counter = store.getMeter('m').createObservableCounter('x', { valueType: 0 });
    counter.addCallback(result => result.observe(2.9));
    expect(await collect(store)).to.deep.equal([{ x: [2] }, []]);
    await store.shutdown();
  });

  it("does not suffer from a View's function that throws or returns nonsense", async () => {
    const process = ({ kind }: Attributes): Attributes => {
      if (kind === 'throws') throw new Error('no');
      if (kind === 'nothing') return null as unknown as Attributes;
      return { kind, f: () => 0, big: 1n } as unknown as Attributes;
    };
    const store = newStore([{ instrumentName: 'x', attributesProcessors: [{ process }] }]);
    const meter: BufferedMeter = store.getMeter('m');
    meter.createObservableGauge('x').addCallback(result => {
      ['throws', 'nothing', 'fine'].forEach((kind, index) => result.observe(index, { kind }));
    });
    // What the function made impossible to attribute is in the overflow series.
    expect(await collect(store)).to.deep.equal([{ x: [0, 1, 2] }, []]);
    expect(store.statistics().refused.attributes).to.equal(3);
    await store.shutdown();
  });
});
