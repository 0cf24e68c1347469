import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { attachStore, createStore, type StoreOptions } from '../../lib/index.js';
import { captureWarnings } from '../faults/warnings.js';

type Clock = NonNullable<StoreOptions['clock']>;

const thrower = (): never => {
  throw Object.create(null);
};
const noClocks: [unknown, RegExp][] = [
  [{}, /it has none/],
  [5, /it has none/],
  [{ now: 5 }, /it has none/],
  [{ now: () => NaN }, /it returned NaN/],
  [{ now: () => 'x' }, /it returned x \(string\)/],
  [{ now: () => 5n }, /it returned 5 \(bigint\)/],
  [{ now: thrower }, /it threw something/],
  [{ now: () => -Infinity }, /it returned -Infinity/],
];

describe('a clock', () => {
  let said: string[];
  beforeEach(() => (said = captureWarnings()));
  afterEach(() => diag.disable());

  it('is refused when it is none, by createStore and by attachStore', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    for (const [clock, text] of noClocks)
      for (const make of [
        () => createStore({ clock: clock as Clock }),
        () => attachStore(store.handle, { clock: clock as Clock }),
      ])
        expect(make).to.throw(text).with.property('code', 'INVALID_OPTION');
    await store.shutdown();
  });

  const faults: [string, () => number][] = [
    ['throws', thrower],
    ['gives NaN', () => NaN],
    ['gives a BigInt', () => 5n as never],
    ['gives a text', () => 'x' as never],
  ];
  for (const [fault, now] of faults)
    it(`that later ${fault} is replaced by the last time it gave, and said once`, async () => {
      const clock = { now: () => 1_700_000_000_000 };
      const store = createStore({ maxBytes: 4 * 1024 * 1024, clock });
      const producers = [
        store.metricProducer(),
        store.metricProducer({ aggregationTemporalitySelector: () => 0 }),
      ];
      clock.now = now;
      const counter = store.getMeter('m').createCounter('c');
      for (let round = 1; round <= 2; round++)
        for (const producer of producers) {
          counter.add(1, { round });
          const { resourceMetrics, errors } = await producer.collect();
          expect(errors).to.deep.equal([]);
          const [point] = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
          expect(point?.startTime).to.deep.equal([1_700_000_000, 0]);
          expect(point?.endTime).to.deep.equal([1_700_000_000, 0]);
        }
      expect(said.filter(text => text.includes('the clock'))).to.have.length(1);
      await store.shutdown();
    });

  it('that fails now and then takes no collection along', async () => {
    let calls = 0;
    const clock = { now: () => Date.now() };
    const store = createStore({ maxBytes: 4 * 1024 * 1024, clock });
    const producer = store.metricProducer();
    store.getMeter('m').createCounter('c').add(1);
    clock.now = () => (++calls % 2 === 0 ? thrower() : Date.now());
    for (let round = 0; round < 4; round++) {
      const { resourceMetrics } = await producer.collect();
      expect(resourceMetrics.scopeMetrics).to.have.length(1);
    }
    await store.shutdown();
  });
});
