// What `metrics` blocks make of them is in test/argo/emit, what Views do in test/custom-metric-views.test.ts.
import { expect } from 'chai';
import {
  CUSTOM_SCOPE,
  defineCustomInstrument,
  isDropped,
  type CustomInstrument,
  type CustomInstrumentDefinition,
} from '../../lib/instruments/custom-instrument.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import { pointsIn } from '../support/points.js';

describe('defineCustomInstrument', () => {
  let now = 100_000;
  let core: StoreCore;
  beforeEach(() => {
    const views = [
      { selector: { instrumentName: 'dropped' }, drop: true },
      { selector: { instrumentName: 'limited' }, limit: 1 },
    ];
    const clock = { now: () => now };
    core = createCore({ shared: false, maxBytes: 2 ** 22, maxStreams: 4, maxBoundaries: 20, views, clock });
  });
  afterEach(() => core.shutdown());

  const define = (type: CustomInstrumentDefinition['type'], more: object = {}): CustomInstrument => {
    const defined = defineCustomInstrument(core, { name: type, help: 'H', type, ...more });
    if (!('instrument' in defined)) throw new Error(JSON.stringify(defined));
    return defined.instrument;
  };
  const shown = async (): Promise<unknown[]> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ definition: { name, scope, verbatim }, points }) => {
      expect([scope.name, verbatim]).to.deep.equal([CUSTOM_SCOPE, true]);
      return pointsIn(points).map(({ attributes, value }) => [
        name,
        attributes['k'],
        typeof value === 'number' ? value : value.sum,
      ]);
    });
  };

  it('should make series of the three types, that do what they are told', async () => {
    define('counter').series({ k: 'a' }).add(2);
    define('histogram', { boundaries: [1, 2] })
      .series({ k: 'a' })
      .record(3);
    const gauge = define('gauge').series({ k: 'a' });
    gauge.set(5);
    gauge.add(-1);
    expect(await shown()).to.have.deep.members([
      ['counter', 'a', 2],
      ['histogram', 'a', 3],
      ['gauge', 'a', 4],
    ]);
    gauge.recordElapsed(now - 7000);
    expect(await shown()).to.deep.include(['gauge', 'a', 7]);
    gauge.hold(9);
    expect(await shown()).to.deep.include(['gauge', 'a', 9]);
    gauge.clear();
    expect((await shown()).length, 'it left').to.equal(2);
  });

  it('should give the same series for the same labels', () => {
    const counter = define('counter');
    expect(counter.series({ k: 'a', l: 'b' })).to.equal(counter.series({ k: 'a', l: 'b' }));
    expect(counter.series({ k: 'a' })).not.to.equal(counter.series({ k: 'b' }));
    expect(counter.series({ k: 'a' }, 'holder')).not.to.equal(counter.series({ k: 'a' }));
  });

  it('should give the definition that was first, and the conflict where it cannot be one metric', () => {
    define('histogram', { boundaries: [1, 2] });
    expect(define('histogram', { boundaries: [3] }).definition).to.deep.equal({
      name: 'histogram',
      help: 'H',
      type: 'histogram',
      boundaries: [1, 2],
    });
    const conflict = { conflict: { help: 'H', type: 'histogram' } };
    const asked = { name: 'histogram', help: 'H', type: 'gauge' } as const;
    expect(defineCustomInstrument(core, asked)).to.deep.equal(conflict);
    expect(defineCustomInstrument(core, { ...asked, type: 'histogram', help: 'other' })).to.deep.equal(
      conflict,
    );
  });

  it('should say that there is no room, for metrics or for boundaries', () => {
    for (let index = 0; index < 4; index++) define('counter', { name: `c${index}` });
    expect(defineCustomInstrument(core, { name: 'c4', help: 'H', type: 'counter' })).to.deep.equal({
      full: true,
    });
    const boundaries = Array.from({ length: 21 }, (_, index) => index);
    expect(
      defineCustomInstrument(core, { name: 'h', help: 'H', type: 'histogram', boundaries }),
    ).to.deep.equal({ boundariesMax: 20 });
  });

  it('should tell which metrics a View drops', () => {
    expect(isDropped(core, { name: 'dropped', type: 'counter' })).to.equal(true);
    expect(isDropped(core, { name: 'kept', type: 'counter' })).to.equal(false);
  });

  it('should tell when what was written has been idle for its time to live', async () => {
    const gauge = define('gauge', { ttlMillis: 1000 });
    for (const series of [gauge.series({ k: 'a' }), gauge.overflow()]) {
      series.set(1);
      let { life } = series;
      // Left out of the first collection, gone behind the next one; and again with what is written anew at either time.
      for (const collections of [1, 2, 1]) {
        await shown();
        now += 999;
        await shown();
        expect(life.isOver, `shown, then ${collections}`).to.equal(false);
        now++;
        for (let times = 0; times < collections; times++) await shown();
        expect(life.isOver, `idle for ${collections}`).to.equal(true);
        series.set(2);
        const before = life;
        ({ life } = series);
        expect(life.isOver, 'no collection has found it').to.equal(false);
        expect(before.isOver, 'the one before').to.equal(true);
      }
    }
  });

  it('should stay in the overflow series for who holds it, whatever room there is by then', async () => {
    const instrument = define('gauge', { name: 'limited' });
    const first = instrument.series({ k: 'a' });
    first.set(1);
    expect(first.pinned).to.equal(first);
    const series = instrument.series({ k: 'b' });
    const { pinned } = series;
    expect(pinned).to.equal(instrument.overflow());
    expect(pinned.pinned).to.equal(pinned);
    pinned.set(2);
    const { life } = pinned;
    first.clear();
    for (let times = 0; times < 3; times++) expect(await shown()).to.deep.equal([['limited', undefined, 2]]);
    expect(life.isOver).to.equal(false);
    expect(pinned.key).to.equal(instrument.overflow().key);
    pinned.add(1);
    expect(await shown()).to.deep.equal([['limited', undefined, 3]]);
    series.set(5);
    pinned.clear();
    expect(series.pinned).to.equal(series);
    expect(await shown()).to.deep.equal([['limited', 'b', 5]]);
  });

  it('should leave everything as it is when a gauge is cleared that is gone', async () => {
    for (const isFull of [false, true]) {
      core.shutdown();
      const clock = { now: () => now };
      core = createCore({
        ...{ shared: false, maxBytes: 2 ** 22, clock },
        cardinalityLimit: isFull ? 1 : 10,
      });
      const gauge = define('gauge', { ttlMillis: 1000 });
      const gone = gauge.series({ k: 'a' });
      gone.hold(1);
      gone.set(2);
      await shown();
      now += 1000;
      await shown();
      await shown();
      const others = ['b', 'c'].map(k => gauge.series({ k }));
      for (const each of others) each.set(3);
      const before = await shown();
      expect(before).to.have.length(2);
      gone.clear();
      expect(await shown()).to.deep.equal(before);
      expect(reportStatistics(core).series).to.equal(isFull ? 1 : 2);
    }
  });

  it('should clear a gauge that was left out and has its place', async () => {
    const gauge = define('gauge', { ttlMillis: 1000 });
    const series = gauge.series({ k: 'a' });
    series.set(2);
    await shown();
    now += 1000;
    await shown();
    series.clear();
    expect(await shown()).to.deep.equal([]);
    series.set(3);
    expect(await shown()).to.deep.equal([['gauge', 'a', 3]]);
  });
});
