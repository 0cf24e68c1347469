// Goal: what is removed is gone for readers of totals, delivered to readers of deltas, and makes room at once; what comes
// afterwards is a new series. Method: whole stores with a clock that the test drives; at the end, random operations
// against a model of what each reader must see.
import { expect } from 'chai';
import {
  cardinalityLimitedView,
  createStore,
  DoubleBufferedMetricReader,
  type MetricStore,
} from '../lib/index.js';
import { coreOf } from '../lib/store/store-core.js';
import type { StoreReader } from '../lib/store/collect/store-reader.js';
import type { Temporality } from '../lib/store/definition/stream.js';
import { millisOf, OVERFLOW, pointsOf, valuesOf } from './support/collected.js';
import { pointsIn } from './support/points.js';

const VALUE = (value: unknown): number =>
  typeof value === 'number' ? value : (value as { readonly count: number }).count;

/** Values, of histograms their counts, by name and attributes. A set that stands there twice fails. */
async function shown(reader: StoreReader): Promise<Record<string, number>> {
  const { streams, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  const values: Record<string, number> = {};
  for (const { definition, points } of streams)
    for (const { attributes, value } of pointsIn(points)) {
      const key = `${definition.name}${JSON.stringify(attributes)}`;
      expect(values, 'two points of one set').to.not.have.property(key);
      values[key] = VALUE(value);
    }
  return values;
}

function readersOf(store: MetricStore): Record<Temporality, StoreReader> {
  return {
    delta: coreOf(store).openReader(() => 'delta'),
    cumulative: coreOf(store).openReader(() => 'cumulative'),
  };
}

describe('remove', () => {
  let now: number;
  let store: MetricStore;

  beforeEach(() => {
    now = 1_000_000;
    store = createStore({ clock: { now: () => now } });
  });
  afterEach(() => store.shutdown());

  it('should end a series of any instrument, and let a later record begin a new one, bound or not', async () => {
    const meter = store.getMeter('m');
    const counter = meter.createCounter('c');
    const upDown = meter.createUpDownCounter('u');
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [10] } });
    const gauge = meter.createGauge('g');
    const attributes = { k: 'a' };
    const bound = [
      counter.bind(attributes),
      upDown.bind(attributes),
      { add: (value: number) => boundHistogram.record(value) },
      gauge.bind(attributes),
    ];
    const boundHistogram = histogram.bind(attributes);
    for (const { add } of bound.map(each => ({ add: each.add.bind(each) }))) add(5);
    const reader = new DoubleBufferedMetricReader({ store });
    const first = pointsOf(await reader.collect());
    expect(first.map(({ value }) => VALUE(value))).to.have.members([5, 5, 1, 5]);
    for (const instrument of [counter, upDown, histogram, gauge]) {
      expect(instrument.remove({ k: 'b' }), 'never recorded').to.equal(false);
      expect(instrument.remove({ k: 'a' })).to.equal(true);
      expect(instrument.remove({ k: 'a' }), 'again').to.equal(false);
    }
    expect(pointsOf(await reader.collect())).to.deep.equal([]);
    for (const { add } of bound.map(each => ({ add: each.add.bind(each) }))) add(2);
    counter.add(1, { k: 'a' });
    const second = pointsOf(await reader.collect());
    // The gauge too: an Add to what was removed begins at zero.
    expect(second.map(({ value }) => VALUE(value))).to.have.members([3, 2, 1, 2]);
    const startsOf = (points: typeof first): number[] => points.map(({ startTime }) => millisOf(startTime));
    // Although no time has passed.
    expect(Math.min(...startsOf(second).filter(start => start > 0))).to.be.greaterThan(
      Math.max(...startsOf(first)),
    );
    await reader.shutdown();
  });

  it('should not carry start times into the future, however much comes and goes between two collections', async () => {
    const counter = store.getMeter('m').createCounter('c');
    const cumulative = coreOf(store).openReader(() => 'cumulative');
    // A clock may stand at 0, too.
    for (const at of [0, 2_000_000]) {
      now = at;
      const starts: number[] = [];
      for (let collections = 0; collections < 3; collections++) {
        for (let life = 0; life < 1000; life++) {
          counter.remove({ k: 'a' });
          counter.add(1, { k: 'a' });
        }
        const { streams } = await cumulative.collect();
        starts.push(
          ...streams.flatMap(({ points }) => pointsIn(points).map(({ startUnixMillis }) => startUnixMillis)),
        );
      }
      expect(starts).to.deep.equal([at, at + 1, at + 2]);
    }
  });

  it('should let the sets before it arrive at readers of deltas, each set once', async () => {
    const meter = store.getMeter('m');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [10] } });
    const gauge = meter.createGauge('g');
    const { delta, cumulative } = readersOf(store);
    await delta.collect();
    const record = (value: number): void => {
      counter.add(value, { k: 'a' });
      histogram.record(value, { k: 'a' });
      gauge.record(value, { k: 'a' });
    };
    const remove = (): void => {
      for (const instrument of [counter, histogram, gauge])
        expect(instrument.remove({ k: 'a' })).to.equal(true);
    };
    record(1);
    await cumulative.collect(); // Drained for one reader, seen by the other later.
    remove();
    record(20);
    remove();
    record(3);
    const { streams } = await delta.collect();
    const points = [...streams]
      .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
      .flatMap(({ points }) => pointsIn(points).map(({ value }) => value));
    expect(points).to.deep.equal([24, 3, { count: 3, sum: 24, min: 1, max: 20, counts: [2, 1] }]);
    delta.acknowledge();
    remove();
    expect(await shown(delta)).to.deep.equal({});
    record(4);
    remove();
    expect(await shown(delta)).to.deep.equal({ 'c{"k":"a"}': 4, 'h{"k":"a"}': 1 });
    delta.acknowledge();
    expect(await shown(delta)).to.deep.equal({});
  });

  it('should show again what did not arrive, with what came after the removal', async () => {
    const counter = store.getMeter('m').createCounter('c');
    const { delta } = readersOf(store);
    await delta.collect();
    counter.add(1, { k: 'a' });
    expect(await shown(delta)).to.deep.equal({ 'c{"k":"a"}': 1 });
    counter.remove({ k: 'a' });
    counter.add(2, { k: 'a' });
    expect(await shown(delta)).to.deep.equal({ 'c{"k":"a"}': 3 });
    delta.acknowledge();
    expect(await shown(delta)).to.deep.equal({});
  });

  it('should free the place in the limit at once, for who was sent to the overflow series too', async () => {
    const limited = createStore({ views: [cardinalityLimitedView({ instrumentName: 'c', limit: 1 })] });
    const counter = limited.getMeter('m').createCounter('c');
    const { cumulative } = readersOf(limited);
    counter.add(1, { k: 'a' });
    const waiting = counter.bind({ k: 'b' });
    waiting.add(1);
    counter.add(1, { k: 'c' });
    expect(await shown(cumulative)).to.deep.equal({ 'c{"k":"a"}': 1, [`c${OVERFLOW}`]: 2 });
    expect(counter.remove({ k: 'b' }), 'in the overflow series').to.equal(false);
    expect(counter.remove({ 'otel.metric.overflow': true })).to.equal(false);
    expect(counter.remove({ k: 'a' })).to.equal(true);
    waiting.add(10);
    counter.add(10, { k: 'c' });
    expect(await shown(cumulative)).to.deep.equal({ 'c{"k":"b"}': 10, [`c${OVERFLOW}`]: 12 });
    await limited.shutdown();
  });

  it('should give the slot, the cells and the text back after the next collections, without end', async () => {
    const small = createStore({ maxSeries: 2, maxBytes: 4 * 1024 * 1024 });
    const meter = small.getMeter('m');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    const cumulative = coreOf(small).openReader(() => 'cumulative');
    for (let round = 0; round < 200; round++) {
      counter.add(1, { k: `${round}` });
      histogram.record(1, { k: `${round}` });
      expect(counter.remove({ k: `${round}` }) && histogram.remove({ k: `${round}` })).to.equal(true);
      for (let collections = 0; collections < 2; collections++) await cumulative.collect();
    }
    expect(small.statistics()).to.deep.include({ series: 0, reclaimedSeries: 400 });
    expect(small.statistics().refused.overflowedSeries + small.statistics().refused.slotsExhausted).to.equal(
      0,
    );
    await small.shutdown();
  });

  it('should keep the slot until every reader of deltas has what stands in it', async () => {
    const counter = store.getMeter('m').createCounter('c');
    const { delta, cumulative } = readersOf(store);
    await delta.collect();
    counter.add(7, { k: 'a' });
    counter.remove({ k: 'a' });
    for (let collections = 0; collections < 5; collections++)
      expect(await shown(cumulative)).to.deep.equal({});
    expect(store.statistics().reclaimedSeries).to.equal(0);
    expect(await shown(delta)).to.deep.equal({ 'c{"k":"a"}': 7 });
    delta.acknowledge();
    await delta.collect();
    await cumulative.collect();
    expect(store.statistics().reclaimedSeries).to.equal(1);
  });

  it('should remove what the Views of an instrument made of the attributes', async () => {
    const viewed = createStore({
      views: [
        cardinalityLimitedView({
          instrumentName: 'c',
          name: 'by_k',
          limit: 10,
          attributesProcessors: [{ process: ({ k }) => ({ k }) }],
        }),
        cardinalityLimitedView({ instrumentName: 'c', name: 'all', limit: 10 }),
      ],
      attributes: { zone: 'z' },
    });
    const counter = viewed.getMeter('m').createCounter('c');
    const { cumulative } = readersOf(viewed);
    counter.add(1, { k: 'a', l: 1 });
    counter.add(1, { k: 'a', l: 2 });
    expect(counter.remove({ l: 1, k: 'a' })).to.equal(true);
    expect(await shown(cumulative)).to.deep.equal({ 'all{"k":"a","l":2,"zone":"z"}': 1 });
    expect(counter.clear()).to.equal(1);
    expect(await shown(cumulative)).to.deep.equal({});
    await viewed.shutdown();
  });

  it('should not throw on attributes that cannot be read', () => {
    const counter = store.getMeter('m').createCounter('c');
    const hostile = Object.defineProperty({}, 'k', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    for (const attributes of [hostile, null, 5, 'x', [], new Proxy({}, {})])
      expect(() => counter.remove(attributes as never)).to.not.throw();
  });

  it('should end series of a store of one thread, and not throw in one that was shut down', async () => {
    const alone = createStore({ shared: false });
    const counter = alone.getMeter('m').createCounter('c');
    counter.add(1, { k: 'a' });
    expect(counter.remove({ k: 'a' })).to.equal(true);
    counter.add(2, { k: 'a' });
    expect(valuesOf(await new DoubleBufferedMetricReader({ store: alone }).collect())).to.deep.equal({
      '{"k":"a"}': 2,
    });
    await alone.shutdown();
    expect(() => counter.remove({ k: 'a' })).to.not.throw();
    expect(() => counter.clear()).to.not.throw();
  });
});

describe('clear', () => {
  it('should remove all series of the instrument, and of no other', async () => {
    const store = createStore({ cardinalityLimit: 3 });
    const meter = store.getMeter('m');
    const [counter, other] = [meter.createCounter('c'), meter.createCounter('o')];
    const { cumulative } = readersOf(store);
    for (const k of ['a', 'b', 'c', 'd']) counter.add(1, { k });
    other.add(1);
    expect(counter.clear()).to.equal(3);
    expect(counter.clear()).to.equal(0);
    counter.add(5, { k: 'e' });
    expect(await shown(cumulative)).to.deep.equal({ 'c{"k":"e"}': 5, [`c${OVERFLOW}`]: 1, 'o{}': 1 });
    await store.shutdown();
  });
});

/** Mulberry32. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed | 0; ;) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

describe('removals among everything else', () => {
  for (let seed = 1; seed <= 20; seed++)
    it(`should show each reader what a model says, random operations of seed ${seed}`, async () => {
      const store = createStore({ maxSeries: 12, cardinalityLimit: 12 });
      const meter = store.getMeter('m');
      const counter = meter.createCounter('c');
      const histogram = meter.createHistogram('h');
      const gauge = meter.createGauge('g');
      const readers = readersOf(store);
      await readers.delta.collect();
      readers.delta.acknowledge();
      const random = randomNumbers(seed);
      const upTo = (count: number): number => Math.floor(random.next().value * count);
      const totals = new Map<string, number>();
      const owed = new Map<string, number>();
      const add = (key: string, value: number): void => {
        totals.set(key, (totals.get(key) ?? 0) + value);
        owed.set(key, (owed.get(key) ?? 0) + value);
      };
      const isRoom = (): boolean => {
        const { series, refused } = store.statistics();
        return series < 12 && refused.slotsExhausted === 0;
      };
      for (let operation = 0; operation < 300; operation++) {
        const k = 'abc'[upTo(3)] as string;
        switch (upTo(8)) {
          case 0:
          case 1:
            if (!isRoom() && !totals.has(`c{"k":"${k}"}`)) break;
            counter.add(1, { k });
            add(`c{"k":"${k}"}`, 1);
            break;
          case 2:
            if (!isRoom() && !totals.has(`h{"k":"${k}"}`)) break;
            histogram.record(1, { k });
            add(`h{"k":"${k}"}`, 1);
            break;
          case 3: {
            if (!isRoom() && !totals.has(`g{"k":"${k}"}`)) break;
            const key = `g{"k":"${k}"}`;
            gauge.add(1, { k });
            totals.set(key, (totals.get(key) ?? 0) + 1);
            owed.set(key, totals.get(key) as number);
            break;
          }
          case 4: {
            const [name, instrument] = (
              [
                ['c', counter],
                ['h', histogram],
                ['g', gauge],
              ] as const
            )[upTo(3)]!;
            const key = `${name}{"k":"${k}"}`;
            expect(instrument.remove({ k }), key).to.equal(totals.delete(key));
            if (name === 'g') owed.delete(key);
            break;
          }
          case 5:
          case 6:
            expect(await shown(readers.cumulative)).to.deep.equal(Object.fromEntries(totals));
            break;
          default:
            expect(await shown(readers.delta)).to.deep.equal(Object.fromEntries(owed));
            if (upTo(2) === 0) break;
            readers.delta.acknowledge();
            owed.clear();
        }
      }
      expect(store.statistics().reclaimedSeries).to.be.greaterThan(0);
      await store.shutdown();
    });
});
