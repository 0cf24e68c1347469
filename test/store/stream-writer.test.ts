// What a record makes of attributes, as a user sees it: through the instruments of a store.
import { diag, type Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';
import { captureWarnings } from '../faults/warnings.js';
import { usedHeapBytes } from '../support/heap.js';

/** Values by the attribute `k`. */
async function valuesOf(store: MetricStore): Promise<Record<string, unknown>> {
  const { resourceMetrics } = await store.metricProducer().collect();
  const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
  return Object.fromEntries(points.map(({ attributes, value }) => [String(attributes['k']), value]));
}

describe('attributes of a record', () => {
  let warnings: string[] = [];
  beforeEach(() => void (warnings = captureWarnings()));
  afterEach(() => diag.disable());

  it('should cost nothing that stays, however many sets and streams there are, and however long they are', () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, cardinalityLimit: 10, handleCacheSize: 100 });
    const meter = store.getMeter('m');
    const counters = Array.from({ length: 50 }, (_, index) => meter.createCounter(`c${index}`));
    for (const counter of counters) counter.add(1, { id: 'first' });
    const before = usedHeapBytes();
    for (const [index, counter] of counters.entries()) {
      counter.add(1, { id: `${index} `.padEnd(1_000_000, 'xyz') });
      for (let n = 0; n < 300; n++) {
        const id = `${index} and ${n}`;
        for (const more of [undefined, null, ['a']]) counter.add(1, { id, more } as unknown as Attributes);
      }
    }
    expect(usedHeapBytes() - before).to.be.lessThan(4_000_000);
    expect(store.statistics().refused.truncatedLabels).to.equal(50);
  });

  it('should be remembered with labels that are undefined, so that a set is looked up once', async () => {
    const store = createStore({ cardinalityLimit: 1 });
    const counter = store.getMeter('m').createCounter('c');
    for (let n = 0; n < 5; n++)
      for (const k of ['in', 'over']) counter.add(1, { k, user: undefined, host: null } as never);
    expect(await valuesOf(store)).to.deep.equal({ in: 5, undefined: 5 });
    // Each look-up of a set that is not in counts one.
    expect(store.statistics().refused.overflowedSeries).to.equal(1);
  });

  for (const handleCacheSize of [1, 2, 1000])
    it(`should be read once for a series, whatever a getter answers next, with room for ${handleCacheSize}`, async () => {
      const store = createStore({ handleCacheSize });
      const counter = store.getMeter('m').createCounter('c');
      let reads = 0;
      const changing = {
        get k() {
          return `v${reads++ % 20}`;
        },
      };
      let plain = 0;
      for (let round = 1; round <= 10; round++) {
        counter.add(1, changing);
        for (let k = 0; k < 20; k++) counter.add(1000, { k: `v${k}` });
        plain += 1000;
        const values = Object.values(await valuesOf(store)).map(Number);
        expect(values).to.have.length(20);
        for (const value of values) expect(value - plain).to.be.within(0, round);
      }
      await store.shutdown();
    });

  const foreign: Record<string, unknown> = {
    'an object without a prototype': Object.create(null) as object,
    'an error whose text throws': {
      toString: () => {
        throw new Error('no');
      },
    },
    undefined: undefined,
  };
  for (const [what, thrown] of Object.entries(foreign))
    it(`should never throw when a getter, a trap or a processor of a View throws ${what}`, async () => {
      const fail = (): never => {
        throw thrown;
      };
      const store = createStore({
        maxBytes: 4 * 1024 * 1024,
        views: [{ instrumentName: 'viewed', attributesProcessors: [{ process: fail }] }],
      });
      const meter = store.getMeter('m');
      const unreadable = [
        Object.defineProperty({}, 'a', { get: fail, enumerable: true }),
        new Proxy({}, { ownKeys: fail }),
      ];
      for (const attributes of unreadable) {
        meter.createCounter('c').add(1, attributes);
        meter.createCounter('c').bind(attributes).add(1);
        meter.createGauge('g').record(1, attributes);
        meter.createHistogram('h').bind(attributes).record(1);
      }
      meter.createCounter('viewed').add(1, { a: 1 });
      meter.createCounter('viewed').bind({ a: 1 }).add(1);
      expect(store.statistics().refused.attributes).to.equal(2 * 4 + 2);
      expect(warnings.some(text => text.includes('cannot be read'))).to.equal(true);
      await store.shutdown();
    });
});
