// Goal: no set of attributes costs more than its bound, however large it is, and nothing counts as an attribute that an
// object does not have itself. Method: large sets of several shapes through every way to give attributes.
import { diag, type Attributes } from '@opentelemetry/api';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, CustomMetrics, type MetricStore, type StoreOptions } from '../lib/index.js';
import { captureDiag, pointsOf, valuesOf } from './support/collected.js';

const newStore = (options: StoreOptions = {}): MetricStore =>
  createStore({ shared: false, maxBytes: 2 ** 24, ...options });
const setOf = (length: number, value: (index: number) => unknown = index => index): Attributes =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, value(index)])) as Attributes;
async function valuesIn(store: MetricStore, name?: string): Promise<Record<string, unknown>> {
  return valuesOf(await store.metricProducer().collect(), name);
}

describe('heavy-labels: attributes without end', () => {
  let said: string[];
  beforeEach(() => (said = captureDiag()));
  afterEach(() => diag.disable());

  it('a set of a million costs little after the first record, is cut, counted and said once', async function () {
    this.timeout(240_000);
    const store = newStore();
    const counter = store.getMeter('m').createCounter('c');
    const heavy = setOf(1_000_000);
    counter.add(1, heavy);
    const before = process.cpuUsage();
    for (let record = 0; record < 100; record++) counter.add(1, heavy);
    // A hundred times what it takes; it was ten minutes. Time of this process: others may have the machine meanwhile.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).to.be.lessThan(10_000);
    expect(await valuesIn(store)).to.deep.equal({ [JSON.stringify(sorted(setOf(128)))]: 101 });
    expect(store.statistics().refused.droppedAttributes).to.be.at.least(1_000_000 - 128);
    expect(said.filter(text => text.includes('maxAttributes'))).to.have.length(1);
    await store.shutdown();
  });

  const ways: Record<string, (store: MetricStore, attributes: Attributes) => void> = {
    'add()': (store, set) => store.getMeter('m').createCounter('x').add(1, set),
    'bind()': (store, set) => store.getMeter('m').createCounter('x').bind(set).add(1),
    'record() of a histogram': (store, set) => store.getMeter('m').createHistogram('x').record(1, set),
    'record() of a gauge': (store, set) => store.getMeter('m').createGauge('x').record(1, set),
    'observe()': (store, set) =>
      store
        .getMeter('m')
        .createObservableGauge('x')
        .addCallback(result => result.observe(1, set)),
  };
  const shapes: Record<string, () => Attributes> = {
    'four attributes': () => setOf(4),
    'ten thousand': () => setOf(10_000),
    'some of which have no value': () => setOf(12, index => (index % 3 === 0 ? index : undefined)),
    'with lists': () => setOf(9, index => (index % 3 === 0 ? index : [index])),
    'in another order than that of names': () => ({ k9: 9, k3: 3, k0: 0, k6: 6 }),
  };
  const views: Record<string, ViewOptions[]> = {
    'without a View': [],
    'through a View that rewrites them': [
      { instrumentName: 'x', attributesProcessors: [{ process: set => ({ ...set }) }] },
    ],
  };
  for (const [way, record] of Object.entries(ways))
    for (const [shape, make] of Object.entries(shapes))
      for (const [view, given] of Object.entries(views))
        it(`${way}: ${shape}, ${view}, are cut in the caller's order`, async () => {
          const store = newStore({ maxAttributes: 3, views: given });
          const set = make();
          for (let time = 0; time < 3; time++) record(store, set);
          const [point, ...others] = pointsOf(await store.metricProducer().collect(), 'x');
          expect(others).to.deep.equal([]);
          const kept = Object.entries(set)
            .filter(([, value]) => value !== undefined)
            .slice(0, 3);
          expect(point?.attributes).to.deep.equal(Object.fromEntries(kept));
          expect(store.statistics().refused.droppedAttributes).to.be.greaterThan(0);
          await store.shutdown();
        });

  it('a View sees no more than what counts', async () => {
    const seen: number[] = [];
    const process = (set: Attributes): Attributes => (seen.push(Object.keys(set).length), set);
    const store = newStore({
      maxAttributes: 3,
      views: [{ instrumentName: 'c', attributesProcessors: [{ process }] }],
    });
    const counter = store.getMeter('m').createCounter('c');
    for (const length of [2, 3, 4, 5000]) counter.add(1, setOf(length));
    expect(seen).to.deep.equal([2, 3, 3, 3]);
    await store.shutdown();
  });

  it('a set that has as many as are allowed is whole, and a set that grows is not', async () => {
    const store = newStore({ maxAttributes: 1000 });
    const counter = store.getMeter('m').createCounter('c');
    const set = setOf(999);
    counter.add(1, set);
    set['k999'] = 1;
    counter.add(1, set);
    set['k1000'] = 1;
    counter.add(1, set);
    expect(Object.values(await valuesIn(store))).to.deep.equal([1, 2]);
    expect(store.statistics().refused.droppedAttributes).to.equal(1);
    await store.shutdown();
  });

  it('labels of custom metrics are bounded too, and the holder of a realtime gauge is none of them', async () => {
    const store = newStore({ maxAttributes: 2 });
    const custom = new CustomMetrics({ store });
    const labels = ['c', 'b', 'a'].map(key => ({ key, value: key }));
    const emit = (name: string, type: object, owner: string): unknown =>
      custom
        .compile({ prometheus: [{ name, help: 'h', labels, ...type }] })
        .emit({ variables: {}, realtime: { duration: { start: 0, end: 5000 } } }, { owner });
    expect(emit('op', { counter: { value: '1' } }, 'o')).to.deep.equal([]);
    expect(emit('age', { gauge: { realtime: true, value: '{{duration}}' } }, 'o')).to.deep.equal([]);
    expect(await valuesIn(store)).to.deep.equal({ '{"b":"b","c":"c"}': 1, '{"b":"b","c":"c"} again': 5 });
    expect(store.cardinality().metrics.flatMap(metric => metric.labels.map(({ key }) => key))).to.deep.equal([
      'b',
      'c',
      'b',
      'c',
    ]);
    await store.shutdown();
  });

  for (const wrong of [0, 1001, 1.5, NaN, '5'])
    it(`maxAttributes: ${String(wrong)} is refused`, () => {
      expect(() => newStore({ maxAttributes: wrong as number })).to.throw(
        'maxAttributes must be a whole number from 1 to 1000',
      );
    });
});

describe('heavy-labels: what an object does not have itself', () => {
  const prototype = Object.prototype as unknown as Record<string, unknown>;

  it('is no attribute, no label and no option, in any thread of a polluted program', async () => {
    prototype['evil'] = 'x';
    prototype['unit'] = 'evils';
    try {
      const store = newStore({
        views: [{ instrumentName: 'r', attributesProcessors: [{ process: set => ({ ...set, r: 1 }) }] }],
      });
      const meter = store.getMeter('m');
      const counter = meter.createCounter('c');
      for (const set of [undefined, {}, { a: 1 }, Object.create({ a: 2 }) as Attributes]) {
        counter.add(1, set);
        counter.add(1, set);
        counter.bind(set).add(1);
      }
      // Its own, with the value that others would inherit.
      counter.add(1, { a: 1, evil: 'x' });
      counter.add(1, { a: 1 });
      meter.createCounter('r').add(1, { a: 1 });
      meter.createObservableGauge('o').addCallback(result => result.observe(1, { a: 1 }));
      new CustomMetrics({ store })
        .compile({
          prometheus: [
            { name: 'op', help: 'h', labels: [{ key: 'p', value: 'q' }], counter: { value: '1' } },
          ],
        })
        .emit({ variables: {} }, { owner: 'o' });
      const result = await store.metricProducer().collect();
      expect(valuesOf(result, 'c')).to.deep.equal({ '{}': 9, '{"a":1}': 4, '{"a":1,"evil":"x"}': 1 });
      expect(valuesOf(result, 'r')).to.deep.equal({ '{"a":1,"r":1}': 1 });
      expect(valuesOf(result, 'o')).to.deep.equal({ '{"a":1}': 1 });
      expect(valuesOf(result, 'argo_workflows_op')).to.deep.equal({ '{"p":"q"}': 1 });
      const units = result.resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor }) => descriptor.unit),
      );
      expect(units.sort()).to.deep.equal(['', '', '', '{item}']);
      await store.shutdown();
    } finally {
      delete prototype['evil'];
      delete prototype['unit'];
    }
  });
});

function sorted(set: Attributes): Attributes {
  return Object.fromEntries(Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1)));
}
