// Goal: no label that JavaScript can make gets an exception out of a record, or a broken line into an exposition.
import { diag, type Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { collectPrometheusText, createStore, type MetricStore } from '../../lib/index.js';
import { usedHeapBytes } from '../support/heap.js';
import { captureWarnings } from './warnings.js';

const circular: Record<string, unknown> = {};
circular['self'] = circular;
const throwing = {
  get: () => {
    throw new Error('no');
  },
  enumerable: true,
};
const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/** Labels, and which cause they are counted under; undefined: they are fine. */
const HOSTILE: [string, () => unknown, 'attributes' | 'truncatedLabels' | undefined][] = [
  ['a value of 8 MB', () => ({ long: 'x'.repeat(8_000_000) }), 'truncatedLabels'],
  ['lone surrogates', () => ({ lone: 'a\ud800b', '\udc00': 'x' }), undefined],
  ['__proto__', () => JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}') as unknown, undefined],
  ['NUL, newlines and quotes', () => ({ odd: 'a\u0000b\nc\r"\\', '\n"': 'x' }), undefined],
  ['a BigInt', () => ({ big: 1n }), 'attributes'],
  ['a getter that throws', () => Object.defineProperty({}, 'bad', throwing), 'attributes'],
  ['a circular object', () => circular, 'attributes'],
  ['a revoked proxy', () => revoked({}), 'attributes'],
  ['a revoked proxy as a value', () => ({ proxy: revoked([]) }), 'attributes'],
  ['Symbol keys', () => ({ [Symbol('s')]: 'x' }), undefined],
  ['a Symbol', () => ({ symbol: Symbol('s') }), 'attributes'],
  ['a function', () => ({ f: () => 0 }), 'attributes'],
  ['a name of 8 MB', () => ({ ['x'.repeat(8_000_000)]: 1 }), 'truncatedLabels'],
  ['a list of long texts', () => ({ list: new Array(1000).fill('x'.repeat(2000)) }), 'truncatedLabels'],
  ['a huge array', () => ({ list: new Array(1_000_000).fill('x') }), 'attributes'],
  ['a sparse array without end', () => ({ list: new Array(2 ** 32 - 1) }), 'attributes'],
  ['numbers that JSON lacks', () => ({ nan: NaN, inf: -Infinity, zero: -0 }), undefined],
  ['an empty name', () => ({ '': 'x' }), undefined],
  ['nothing', () => ({ nothing: undefined, nil: null }), undefined],
  ['no object', () => 'labels', undefined],
];

/** Every way to record, bound and unbound, once each. */
function recordEverywhere(store: MetricStore, make: () => unknown): number {
  const meter = store.getMeter('hostile');
  const attributes = make() as Attributes;
  const [counter, upDown] = [meter.createCounter('c'), meter.createUpDownCounter('u')];
  const [histogram, gauge] = [meter.createHistogram('h'), meter.createGauge('g')];
  const records = [
    () => counter.add(1, attributes),
    () => counter.bind(attributes).add(1),
    () => upDown.add(1, attributes),
    () => upDown.bind(attributes).add(1),
    () => histogram.record(1, attributes),
    () => histogram.bind(attributes).record(1),
    () => gauge.record(1, attributes),
    () => gauge.add(1, attributes),
    () => gauge.recordElapsed(1, attributes),
    () => gauge.bind(attributes).record(1),
  ];
  for (const record of records) record();
  return records.length;
}

/** One sample of the text format 0.0.4: label values with no raw newline, quote or backslash. */
const SAMPLE =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (?:NaN|[+-]?Inf|[-+.0-9e]+)$/;

async function checkExposition(store: MetricStore): Promise<number> {
  let text = '';
  for await (const chunk of collectPrometheusText({ store })) text += chunk;
  const samples = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  expect(samples.filter(line => !SAMPLE.test(line))).to.deep.equal([]);
  const names = samples.map(line => line.slice(0, line.lastIndexOf(' ')));
  expect(new Set(names).size, 'each series once').to.equal(names.length);
  return samples.length;
}

describe('hostile labels', () => {
  beforeEach(() => void captureWarnings());
  afterEach(() => diag.disable());

  for (const [name, make, cause] of HOSTILE)
    it(`should never throw, be counted by cause, and keep the exposition valid: ${name}`, async function () {
      this.timeout(120_000);
      const store = createStore({ maxBytes: 16 * 1024 * 1024 });
      const records = recordEverywhere(store, make);
      const refused = { ...store.statistics().refused };
      if (cause === undefined) expect(refused).to.include({ attributes: 0, truncatedLabels: 0 });
      // What is the same object is resolved once per instrument, if it can be remembered.
      else expect(refused[cause]).to.be.within(4, 3 * records);
      store
        .getMeter('hostile')
        .createObservableGauge('o')
        .addCallback(result => result.observe(1, make() as Attributes));
      const { resourceMetrics, errors } = await store.metricProducer().collect();
      expect(errors).to.deep.equal([]);
      const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics);
      expect(metrics.map(({ descriptor }) => descriptor.name)).to.include('o');
      expect(await checkExposition(store)).to.be.greaterThan(0);
      if (cause !== undefined) expect(store.statistics().refused[cause]).to.be.greaterThan(refused[cause]);
      // And the store is none the worse for it.
      store.getMeter('after').createCounter('after').add(5);
      const after = (await store.metricProducer().collect()).resourceMetrics.scopeMetrics.find(
        ({ scope }) => scope.name === 'after',
      );
      expect(after?.metrics[0]?.dataPoints[0]?.value).to.equal(5);
      await store.shutdown();
    });

  it('should end in the overflow series when there are hundreds of thousands, without losing a record or keeping them', async function () {
    this.timeout(240_000);
    const store = createStore({ maxBytes: 4 * 1024 * 1024, handleCacheSize: 1000, cardinalityLimit: 500 });
    const counter = store.getMeter('hostile').createCounter('c');
    const sets = 300_000;
    const before = usedHeapBytes();
    for (let index = 0; index < sets; index++) counter.add(1, { index: `${index}"\n\\` });
    expect(usedHeapBytes() - before).to.be.lessThan(4_000_000);
    const { resourceMetrics } = await store.metricProducer().collect();
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    expect(points).to.have.length(501);
    expect(points.reduce((sum, { value }) => sum + Number(value), 0)).to.equal(sets);
    expect(store.statistics().refused.overflowedSeries).to.equal(sets - 500);
    expect(await checkExposition(store)).to.equal(501);
    await store.shutdown();
  });
});
