// What a record makes of attributes, as a user sees it: through the instruments of a store.
import { diag, type Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../../lib/index.js';
import { EncodedText } from '../../../lib/memory/encoded-text.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { reportStatistics } from '../../../lib/store/store-report.js';
import type { StreamDefinition } from '../../../lib/store/definition/stream.js';
import type { StreamWriter } from '../../../lib/store/record/stream-writer.js';
import { captureWarnings } from '../../faults/warnings.js';
import { usedHeapBytes } from '../../support/heap.js';
import { pointsIn } from '../../support/points.js';

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

  it('should be remembered once more when they come again before the cache has forgotten them', async () => {
    const store = createStore({ cardinalityLimit: 1, handleCacheSize: 4 });
    const counter = store.getMeter('m').createCounter('c');
    counter.add(1, { k: 'in' });
    // Of a set that is not in, each look-up in the store counts. Three others come between, which turn the cache once.
    for (let round = 0; round < 4; round++) {
      counter.add(1, { k: 'over' });
      for (let n = 0; n < 3; n++) counter.add(1, { k: `${round} ${n}` });
    }
    expect(store.statistics().refused.overflowedSeries).to.equal(1 + 4 * 3);
    await store.shutdown();
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

const DEFINITION: StreamDefinition = {
  ...{ name: 'c', description: '', unit: '', valueType: 1, kind: 'COUNTER' },
  ...{ scope: { name: 'm' }, boundaries: [], limit: 100, verbatim: false },
};

describe('StreamWriter', () => {
  let core: StoreCore;
  let writer: StreamWriter;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, handleCacheSize: 4 });
    writer = core.writer(DEFINITION)!;
  });
  afterEach(() => core.shutdown());

  const add = (value: number, attributes: object): void => {
    const series = writer.handleOf(attributes as Attributes, undefined);
    if (series !== undefined) core.recorder.add(series, value);
  };
  const shown = async (): Promise<[Attributes, unknown][]> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ points }) =>
      pointsIn(points).map(({ attributes, value }) => [attributes, value] as [Attributes, unknown]),
    );
  };

  it('should remember a set from its second record on, a held one from the first; a refused one counts once', () => {
    const { kernel } = core.region;
    let searches = 0;
    const find: typeof kernel.find = (...key) => {
      searches++;
      return kernel.find(...key);
    };
    Object.assign(core.region, { kernel: { ...kernel, find } });
    const searchesFor = (attributes: object): number => {
      searches = 0;
      add(1, attributes);
      return searches;
    };
    expect([1, 2, 3, 4].map(() => searchesFor({ k: 'new' }))).to.deep.equal([1, 1, 0, 0]);
    const held = writer.handleOf({ k: 'bound' }, undefined, true);
    expect(writer.handleOf({ k: 'bound' }, undefined, true)).to.equal(held);
    expect([1, 2, 3].map(() => searchesFor({ k: 'bound' }))).to.deep.equal([0, 0, 0]);
    for (let n = 0; n < 200; n++) add(1, { n });
    const before = reportStatistics(core).refused.overflowedSeries;
    expect([1, 2, 3].map(() => searchesFor({ k: 'refused' }))).to.deep.equal([1, 1, 0]);
    expect(reportStatistics(core).refused.overflowedSeries).to.equal(before + 1);
  });

  /** How many sets are counted as refused by a stream that is full. */
  const refusedBy = (records: () => void): number => {
    for (let n = 0; n < 200; n++) add(1, { n });
    const before = reportStatistics(core).refused.overflowedSeries;
    records();
    return reportStatistics(core).refused.overflowedSeries - before;
  };

  it('should count a refused set once, however it comes: recorded, held, or not to be remembered', () => {
    const ways: Record<string, (attributes: object) => unknown> = {
      recorded: attributes => add(1, attributes),
      held: attributes => writer.handleOf(attributes as Attributes, undefined, true),
    };
    const sets = { plain: { k: 'x' }, 'with a list': { k: ['x'] }, long: { k: 'x'.repeat(1500) } };
    const { recorded, held } = ways as Record<'recorded' | 'held', (attributes: object) => unknown>;
    for (const [what, set] of Object.entries(sets))
      for (const [first, then] of [
        [recorded, recorded],
        [recorded, held],
        [held, recorded],
        [held, held],
      ] as const) {
        const attributes = { ...set, first: `${first === held}`, then: `${then === held}` };
        const counted = refusedBy(() => [first, then, first, then].forEach(way => way(attributes)));
        expect(counted, `${what}, ${first === held}, ${then === held}`).to.equal(1);
      }
  });

  it('should not count a refused set once more because it asks again: there was room, and another one has it', () => {
    add(1, { k: 'in' });
    const counted = refusedBy(() => {
      const held = writer.handleOf({ k: 'refused' }, undefined, true)!;
      for (let round = 0; round < 5; round++) {
        expect(writer.remove({ k: 'in' })).to.equal(true);
        add(1, { k: 'in' });
        core.recorder.add(held, 1);
      }
    });
    expect(counted).to.equal(1);
  });

  it('should remember all refused sets that its cache has room for', () => {
    const sets = 100_000;
    const many = createCore({ shared: false, maxBytes: 2 ** 22, handleCacheSize: sets });
    const one = many.writer({ ...DEFINITION, limit: 1 })!;
    const counts = [1, 2, 3, 4, 5, 6].map(() => {
      const before = reportStatistics(many).refused.overflowedSeries;
      for (let n = 0; n < sets; n++) one.handleOf({ n }, undefined);
      return reportStatistics(many).refused.overflowedSeries - before;
    });
    expect(counts[0]).to.equal(sets - 1);
    expect(counts[1]).to.be.lessThan(sets / 4);
    expect(counts[5]).to.be.lessThan(sets / 100);
    many.shutdown();
  });

  it('should make no text of a set that it does not remember, and of one that it does only once', () => {
    const real = Reflect.get<EncodedText, 'toString'>(EncodedText.prototype, 'toString');
    let texts = 0;
    EncodedText.prototype.toString = function (this: EncodedText): string {
      texts++;
      return real.call(this);
    };
    const textsOf = (attributes: object): number => {
      texts = 0;
      add(1, attributes);
      return texts;
    };
    try {
      expect([1, 2, 3].map(() => textsOf({ k: 'ü' }))).to.deep.equal([0, 1, 0]);
      expect([1, 2, 3].map(() => textsOf({ k: 'ü'.repeat(1500) }))).to.deep.equal([0, 0, 0]);
      expect([1, 2, 3].map(() => textsOf({ k: ['ü'] }))).to.deep.equal([0, 0, 0]);
    } finally {
      EncodedText.prototype.toString = real;
    }
  });

  it('should record into a next life when the series goes between the two steps of a record', async () => {
    const sets = [{ k: 'once' }, { k: ['list', 'ü'] }, { k: '\ud800'.repeat(1500) }];
    for (const set of sets) {
      const series = writer.handleOf(set, undefined)!;
      expect(writer.remove(set)).to.equal(true);
      core.recorder.add(series, 7);
      add(1, set);
    }
    expect((await shown()).map(([attributes, value]) => [attributes, value])).to.deep.equal(
      sets.map(set => [set, 8]),
    );
  });

  it('should keep nothing on the heap for sets that come once', () => {
    const many = createCore({
      shared: false,
      maxBytes: 2 ** 26,
      handleCacheSize: 50_000,
      cardinalityLimit: 50_000,
    });
    const one = many.writer({ ...DEFINITION, limit: 50_000 })!;
    one.handleOf({ route: 'first' }, undefined);
    const before = usedHeapBytes();
    for (let n = 0; n < 30_000; n++) one.handleOf({ method: 'GET', route: `/route/${n}` }, undefined);
    expect(usedHeapBytes() - before).to.be.lessThan(1_000_000);
    expect(reportStatistics(many).series).to.equal(30_001);
    many.shutdown();
  });

  it('should never mix up two series because a getter answers differently each time', async () => {
    let calls = 0;
    const restless = {
      get k(): number {
        return calls++ % 8;
      },
    };
    for (let round = 0; round < 100; round++) {
      add(1000, restless);
      for (let k = 0; k < 8; k++) add(1, { k });
    }
    const points = await shown();
    expect(points.map(([{ k }]) => k)).to.have.members([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const [{ k }, value] of points) expect(Number(value) % 1000, `k=${String(k)}`).to.equal(100);
    expect(points.reduce((sum, [, value]) => sum + Number(value), 0)).to.equal(100 * 1008);
  });

  it('should admit nothing for attributes that cannot be read', async () => {
    for (let round = 0; round < 3; round++)
      add(1, {
        id: round,
        get bad(): string {
          throw new Error('no');
        },
      });
    expect(await shown()).to.deep.equal([]);
    const { series, refused } = reportStatistics(core);
    expect({ series, attributes: refused.attributes }).to.deep.equal({ series: 0, attributes: 3 });
  });

  it('should take attributes that are named like parts of JavaScript for what they are', async () => {
    const odd = JSON.parse('{"__proto__":"p","constructor":"c","hasOwnProperty":"h"}') as object;
    add(1, odd);
    add(2, odd);
    expect(await shown()).to.deep.equal([[odd, 3]]);
    expect(Object.prototype).not.to.have.property('p');
  });
});
