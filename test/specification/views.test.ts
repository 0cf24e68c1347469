// MeterProvider and View, line by line. The lines and those that do not apply are in docs/specification.md.
import { diag } from '@opentelemetry/api';
import {
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  InstrumentType,
  MeterProvider,
} from '@opentelemetry/sdk-metrics';
import type { AggregationOption, CollectionResult, ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  createStore,
  DoubleBufferedMetricReader,
  type MetricStore,
  type StoreOptions,
} from '../../lib/index.js';
import { captureDiag, metricsOf, namesOf, pointsOf, sumOf, valuesOf } from '../support/collected.js';
import { ScriptedExporter } from '../support/scripted-exporter.js';

const stores: MetricStore[] = [];
function storeWith(views: ViewOptions[], options: StoreOptions = {}): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024, views, ...options });
  stores.push(store);
  return store;
}

const collect = (store: MetricStore): Promise<CollectionResult> => store.metricProducer().collect();
const explicit = (boundaries: number[]): AggregationOption => ({
  type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
  options: { boundaries },
});
const boundariesOf = (result: CollectionResult, name: string): unknown =>
  (pointsOf(result, name)[0]?.value as { buckets?: { boundaries?: unknown } } | undefined)?.buckets
    ?.boundaries;

describe('specification: MeterProvider', () => {
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('S-001 an empty or invalid meter name gives a working meter, keeps the name, and is logged', async () => {
    const warnings = captureDiag();
    const store = storeWith([]);
    for (const name of ['', null, undefined] as string[]) store.getMeter(name).createCounter('c').add(1);
    const result = await collect(store);
    expect(sumOf(result, 'c')).to.equal(3);
    expect(result.resourceMetrics.scopeMetrics.map(({ scope }) => scope.name)).to.deep.equal(['']);
    expect(warnings.filter(text => text.includes('without a name'))).to.have.length(3);
  });

  it('S-003 a shutdown acts once, reaches the exporter, and a later meter records nothing', async () => {
    captureDiag();
    const store = storeWith([]);
    const exporter = new ScriptedExporter();
    const provider = new MeterProvider({ readers: [new DoubleBufferedMetricReader({ store, exporter })] });
    store.getMeter('m').createCounter('c').add(1);
    await provider.shutdown();
    await provider.shutdown();
    expect([exporter.exported.length, exporter.shutdowns]).to.deep.equal([1, 1]);
    await store.shutdown();
    await store.shutdown();
    store.getMeter('later').createCounter('later').add(1);
    expect(namesOf(await collect(store))).to.deep.equal(['c']);
  });

  it('S-004 shutdown and forceFlush tell success from failure and timeout, and end', async () => {
    const codes: unknown[] = [];
    const hang = (): Promise<void> => new Promise(() => undefined);
    const refuse = (): Promise<void> => Promise.reject(new Error('503'));
    // Answered in the end, or they would say so in the middle of another test.
    const unanswered = new Set<() => void>();
    let isOver = false;
    // As the SDK's reader: a failed export is said by `diag`; the exporter's own refusal and the caller's time reject.
    for (const [answer, own, options] of [
      [{ code: 0 }, undefined, undefined],
      [{ code: 1 }, undefined, undefined],
      [{ code: 0 }, refuse, undefined],
      [{ code: 0 }, hang, { timeoutMillis: 20 }],
      [undefined, undefined, { timeoutMillis: 20 }],
    ] as const) {
      const store = storeWith([]);
      const exporter = new ScriptedExporter((_, done) => {
        if (answer || isOver) done(answer ?? { code: 0 });
        else unanswered.add(() => done({ code: 0 }));
      });
      if (own !== undefined) Object.assign(exporter, { forceFlush: own, shutdown: own });
      const reader = new DoubleBufferedMetricReader({ store, exporter });
      store.getMeter('m').createCounter('c').add(1);
      for (const end of [() => reader.forceFlush(options), () => reader.shutdown(options)])
        codes.push(
          await end().then(
            () => 'ok',
            (error: Error & { code?: string }) => error.code ?? error.message,
          ),
        );
    }
    isOver = true;
    for (const done of unanswered) done();
    const timeouts = ['EXPORT_TIMEOUT', 'EXPORT_TIMEOUT'];
    expect(codes).to.deep.equal(['ok', 'ok', 'ok', 'ok', '503', '503', ...timeouts, ...timeouts]);
  });

  it('S-005 forceFlush of a provider reaches every reader', async () => {
    const exporters = [new ScriptedExporter(), new ScriptedExporter()];
    const readers = exporters.map(
      exporter => new DoubleBufferedMetricReader({ store: storeWith([]), exporter }),
    );
    const provider = new MeterProvider({ readers });
    provider.getMeter('m').createCounter('c').add(1);
    await provider.forceFlush();
    expect(exporters.map(exporter => [exporter.sums(), exporter.flushes])).to.deep.equal([
      [[{ c: 1 }], 1],
      [[{ c: 1 }], 1],
    ]);
    await provider.shutdown();
  });
});

describe('specification: View', () => {
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('V-001 V-002 a View has a selector and a configuration, and all criteria must match', async () => {
    const store = storeWith([
      { instrumentName: 'c', meterName: 'a', description: 'both match' },
      { instrumentName: 'c', meterName: 'b', instrumentUnit: 's', description: 'the unit does not' },
    ]);
    for (const meter of ['a', 'b']) store.getMeter(meter).createCounter('c', { unit: 'ms' }).add(1);
    const result = await collect(store);
    expect(metricsOf(result).map(({ descriptor }) => descriptor.description)).to.deep.equal([
      'both match',
      '',
    ]);
  });

  const criteria: [string, ViewOptions][] = [
    ['name', { instrumentName: 'wanted' }],
    ['name with wildcards', { instrumentName: 'w?nt*' }],
    ['every name', { instrumentName: '*' }],
    ['type', { instrumentType: InstrumentType.COUNTER }],
    ['unit', { instrumentUnit: 'By' }],
    ['meter name', { meterName: 'm' }],
    ['meter version', { meterVersion: '1.0' }],
    ['meter schema URL', { meterSchemaUrl: 'https://example.com/1' }],
  ];
  for (const [criterion, selector] of criteria)
    it(`V-003 an instrument can be selected by ${criterion} alone`, async () => {
      const store = storeWith([{ ...selector, description: 'selected' }]);
      const options = { schemaUrl: 'https://example.com/1' };
      store.getMeter('m', '1.0', options).createCounter('wanted', { unit: 'By' }).add(1);
      store.getMeter('other').createUpDownCounter('other').add(1);
      const selected = metricsOf(await collect(store)).filter(
        ({ descriptor }) => descriptor.description !== '',
      );
      const isAll = selector.instrumentName === '*';
      expect(selected.map(({ descriptor }) => descriptor.name)).to.deep.equal(
        isAll ? ['wanted', 'other'] : ['wanted'],
      );
    });

  it("V-004 name and description default to the instrument's, and the name of a stream is not validated", async () => {
    const warnings = captureDiag();
    const store = storeWith([
      { instrumentName: 'a', description: 'new' },
      { instrumentName: 'b', name: '2 übel names!' },
    ]);
    for (const name of ['a', 'b']) store.getMeter('m').createCounter(name, { description: 'old' }).add(1);
    const descriptors = metricsOf(await collect(store)).map(({ descriptor }) => descriptor);
    expect(descriptors.map(({ name, description }) => [name, description])).to.deep.equal([
      ['a', 'new'],
      ['2 übel names!', 'old'],
    ]);
    expect(warnings).to.deep.equal([]);
  });

  const attributes = { a: 1, b: 2, c: 3 };
  const lists: [string, ViewOptions, string][] = [
    ['V-005 an allow list keeps its keys and ignores all others', allowed(['a', 'x']), '{"a":1}'],
    ['V-006 without a list all attributes are kept', { instrumentName: '*' }, '{"a":1,"b":2,"c":3}'],
    ['V-007 a deny list removes its keys and keeps all others', denied(['a']), '{"b":2,"c":3}'],
  ];
  function allowed(keys: string[]): ViewOptions {
    return { instrumentName: '*', attributesProcessors: [createAllowListAttributesProcessor(keys)] };
  }
  function denied(keys: string[]): ViewOptions {
    return { instrumentName: '*', attributesProcessors: [createDenyListAttributesProcessor(keys)] };
  }
  for (const [title, view, kept] of lists)
    it(`${title}`, async () => {
      const store = storeWith([view]);
      const meter = store.getMeter('m');
      meter.createCounter('c').add(1, attributes);
      meter.createCounter('c').bind(attributes).add(1);
      meter.createObservableCounter('o').addCallback(result => result.observe(2, attributes));
      const result = await collect(store);
      expect(valuesOf(result, 'c')).to.deep.equal({ [kept]: 2 });
      expect(valuesOf(result, 'o')).to.deep.equal({ [kept]: 2 });
    });

  it('V-009 V-015 without an aggregation, or without a matching View, the default of the instrument holds', async () => {
    const store = storeWith([
      { instrumentName: 'h', description: 'x' },
      { instrumentName: 'nobody', aggregation: { type: AggregationType.DROP } },
    ]);
    const meter = store.getMeter('m');
    meter.createHistogram('h').record(1);
    meter.createHistogram('unmatched').record(1);
    meter.createCounter('c').add(1);
    const result = await collect(store);
    expect(namesOf(result)).to.deep.equal(['h', 'unmatched', 'c']);
    for (const name of ['h', 'unmatched']) expect(boundariesOf(result, name)).to.have.length(15);
    expect(valuesOf(result, 'c')).to.deep.equal({ '{}': 1 });
  });

  it("V-011 the limit of a View is a positive integer; without one the store's holds", async () => {
    for (const aggregationCardinalityLimit of [0, -1, 1.5, NaN])
      expect(() => storeWith([{ instrumentName: 'a', aggregationCardinalityLimit }]))
        .to.throw()
        .with.property('code', 'INVALID_OPTION');
    const store = storeWith(
      [
        { instrumentName: 'a', aggregationCardinalityLimit: 2 },
        { instrumentName: 'b', description: 'no limit' },
      ],
      { cardinalityLimit: 4 },
    );
    for (const name of ['a', 'b', 'c'])
      for (let id = 0; id < 9; id++) store.getMeter('m').createCounter(name).add(1, { id });
    const result = await collect(store);
    expect(['a', 'b', 'c'].map(name => pointsOf(result, name).length)).to.deep.equal([3, 5, 5]);
  });

  it('V-012 each matching View makes a stream of its own; streams that would be one are one, with a warning', async () => {
    const warnings = captureDiag();
    const store = storeWith([
      { instrumentName: 'h', aggregation: explicit([1]) },
      { instrumentName: 'h', name: 'h.fine', aggregation: explicit([1, 2]) },
      { instrumentName: 'h', aggregation: explicit([9]) },
    ]);
    store.getMeter('m').createHistogram('h').record(1);
    const result = await collect(store);
    expect(namesOf(result)).to.deep.equal(['h', 'h.fine']);
    expect([boundariesOf(result, 'h'), boundariesOf(result, 'h.fine')]).to.deep.equal([[1], [1, 2]]);
    expect(warnings).to.have.length(1);
  });

  it('V-013 a View that does not fit its instrument is ignored, with a warning', async () => {
    const warnings = captureDiag();
    const store = storeWith([{ instrumentName: 'o', name: 'never', aggregation: explicit([1]) }]);
    store
      .getMeter('m')
      .createObservableCounter('o')
      .addCallback(result => result.observe(3));
    expect(valuesOf(await collect(store), 'o')).to.deep.equal({ '{}': 3 });
    expect(warnings.filter(text => text.includes('the View is ignored'))).to.have.length(1);
  });

  it('V-013 of an aggregation that is not offered, the rest of the View holds', async () => {
    const warnings = captureDiag();
    const attributesProcessors = [createDenyListAttributesProcessor(['user'])];
    const store = storeWith([
      { instrumentName: 'c', name: 'renamed', attributesProcessors, aggregation: explicit([1]) },
    ]);
    const counter = store.getMeter('m').createCounter('c');
    counter.add(3, { user: 'ann', phase: 'Failed' });
    counter.add(4, { user: 'bob', phase: 'Failed' });
    const result = await collect(store);
    expect(namesOf(result)).to.deep.equal(['renamed']);
    expect(valuesOf(result)).to.deep.equal({ '{"phase":"Failed"}': 7 });
    expect(warnings.filter(text => text.includes('the rest of the View applies'))).to.have.length(1);
  });

  it('V-009 a histogram of a View without recordMinMax has neither, in both temporalities', async () => {
    const aggregation = { ...explicit([1]), options: { boundaries: [1], recordMinMax: false } } as const;
    const store = storeWith([{ instrumentName: 'h', aggregation } as ViewOptions]);
    const delta = store.metricProducer({ aggregationTemporalitySelector: () => 0 });
    store.getMeter('m').createHistogram('h').record(3);
    for (const result of [await collect(store), await delta.collect()])
      expect(pointsOf(result, 'h')[0]?.value).to.deep.equal({
        buckets: { boundaries: [1], counts: [0, 1] },
        count: 1,
        sum: 3,
      });
    await delta.shutdown();
  });

  it('V-014 a View beats advice', async () => {
    const store = storeWith([{ instrumentName: 'h', aggregation: explicit([7]) }]);
    const advice = { explicitBucketBoundaries: [1, 2] };
    store.getMeter('m').createHistogram('h', { advice }).record(1);
    store.getMeter('m').createHistogram('advised', { advice }).record(1);
    const result = await collect(store);
    expect([boundariesOf(result, 'h'), boundariesOf(result, 'advised')]).to.deep.equal([[7], [1, 2]]);
  });
});

describe('specification: concurrency', () => {
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('R-014 collect, forceFlush, shutdown, records and new meters at once lose nothing and end', async () => {
    const store = storeWith([]);
    const exporter = new ScriptedExporter();
    const pull = new DoubleBufferedMetricReader({ store });
    const push = new DoubleBufferedMetricReader({ store, exporter });
    const provider = new MeterProvider({ readers: [pull, push] });
    const counter = store.getMeter('m').createCounter('c');
    const work: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      counter.add(1);
      store.getMeter(`m${round}`).createCounter('c').add(1);
      work.push(pull.collect(), push.collect(), push.forceFlush(), provider.forceFlush());
    }
    work.push(provider.shutdown(), push.shutdown());
    const outcome = await Promise.allSettled(work);
    expect(outcome.filter(({ status }) => status === 'rejected')).to.deep.equal([]);
    const total = exporter.exported
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => Number(value)))
      .reduce((sum, value) => sum + value, 0);
    expect(total, 'by deltas').to.equal(40);
  });
});
