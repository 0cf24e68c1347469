// Whatever other threads do between any two steps of a copy: what is handed out is a cut, or the copy begins again.
import { expect } from 'chai';
import { meterOf, type BufferedMeter } from '../../lib/instruments/buffered-meter.js';
import type { Kernel } from '../../lib/memory/kernel.js';
import { Snapshot } from '../../lib/memory/snapshot.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import type { HistogramValue } from '../../lib/store/definition/stream.js';
import { pointsIn } from '../support/points.js';
import { collectElsewhere, takeOver } from '../support/sequential-collector.js';

const TTL = 1000;

type Shown = Record<string, number | number[]>;

class Fixture {
  now = 1_000_000;
  readonly core: StoreCore;
  readonly meter: BufferedMeter;

  constructor() {
    const clock = { now: () => this.now };
    this.core = createCore({ maxBytes: 2 ** 21, maxSeries: 12, stripes: 1, seriesTtlMillis: TTL, clock });
    this.meter = meterOf(this.core, 'm');
    this.record('a', 1);
    this.record('b', 2);
  }

  record(k: string, value: number): void {
    this.meter.createCounter('c').add(value, { k });
    this.meter.createHistogram('h', { advice: { explicitBucketBoundaries: [5] } }).record(value, { k });
    this.meter.createGauge('g').record(value, { k });
  }

  async collect(): Promise<Shown> {
    const { streams, errors } = await this.core.openReader(() => 'cumulative').collect();
    expect(errors).to.deep.equal([]);
    const partsOf = ({ count, sum, min, max, counts }: HistogramValue): number[] => [
      count,
      sum,
      min,
      max,
      ...counts,
    ];
    return Object.fromEntries(
      streams.flatMap(({ definition: { name }, points }) =>
        pointsIn(points).map(({ attributes: { k = 'overflow' }, value }) => [
          `${name}/${String(k)}`,
          typeof value === 'number' ? value : partsOf(value),
        ]),
      ),
    );
  }

  /** Does something before the sign of life number `before`. Returns whether it came to that. */
  interruptBefore(before: number, action: () => void): () => boolean {
    const { region } = this.core;
    const { kernel } = region;
    let signs = 0;
    const watched: Kernel = {
      ...kernel,
      beat: right => {
        if (signs++ === before) action();
        return kernel.beat(right);
      },
    };
    Object.assign(region, { kernel: watched });
    return () => {
      Object.assign(region, { kernel });
      return signs > before;
    };
  }
}

const AT_FIRST: Shown = {
  'c/a': 1,
  'h/a': [1, 1, 1, 1, 1, 0],
  'g/a': 1,
  'c/b': 2,
  'h/b': [1, 2, 2, 2, 1, 0],
  'g/b': 2,
};

interface Interruption {
  readonly act: (fixture: Fixture) => void;
  /** What the collection may show that it comes into. */
  readonly shown: readonly Shown[];
  /** What the next one shows. */
  readonly next: Shown;
}

const without = (shown: Shown, ...keys: string[]): Shown =>
  Object.fromEntries(Object.entries(shown).filter(([key]) => !keys.includes(key)));

const A_AND_NEW: Shown = { 'c/a': 4, 'h/a': [2, 4, 1, 3, 2, 0], 'g/a': 3 };
const NEW: Shown = { 'c/new': 7, 'h/new': [1, 7, 7, 7, 0, 1], 'g/new': 7 };

const INTERRUPTIONS: Record<string, Interruption> = {
  'a record': {
    act: fixture => fixture.record('a', 3),
    shown: [AT_FIRST],
    next: { ...AT_FIRST, ...A_AND_NEW },
  },
  'a new series': {
    act: fixture => fixture.record('new', 7),
    shown: [AT_FIRST],
    next: { ...AT_FIRST, ...NEW },
  },
  'a removal': {
    act: fixture => fixture.meter.createCounter('c').remove({ k: 'a' }),
    shown: [AT_FIRST, without(AT_FIRST, 'c/a')],
    next: without(AT_FIRST, 'c/a'),
  },
  'a removal, and the same attributes again': {
    act: fixture => {
      fixture.meter.createCounter('c').remove({ k: 'a' });
      fixture.meter.createCounter('c').add(9, { k: 'a' });
    },
    shown: [AT_FIRST, without(AT_FIRST, 'c/a')],
    next: { ...AT_FIRST, 'c/a': 9 },
  },
  'a collector that takes over and dies': {
    act: fixture => void takeOver(fixture.core.region),
    shown: [AT_FIRST],
    next: AT_FIRST,
  },
  'the collection of another': {
    act: fixture => {
      fixture.record('a', 3);
      collectElsewhere(fixture.core.region, fixture.now);
    },
    shown: [{ ...AT_FIRST, ...A_AND_NEW }],
    next: { ...AT_FIRST, ...A_AND_NEW },
  },
  'a reclaim, and slots that are given to others': {
    act: fixture => {
      for (let collections = 0; collections < 3; collections++)
        collectElsewhere(fixture.core.region, (fixture.now += TTL));
      fixture.record('new', 7);
    },
    shown: [NEW],
    next: NEW,
  },
  'a reclaim, and a series that is revived': {
    act: fixture => {
      collectElsewhere(fixture.core.region, (fixture.now += TTL));
      fixture.record('a', 9);
    },
    shown: [{ 'c/a': 9, 'h/a': [1, 9, 9, 9, 0, 1], 'g/a': 9 }],
    next: { 'c/a': 9, 'h/a': [1, 9, 9, 9, 0, 1], 'g/a': 9 },
  },
};

describe('Snapshot', () => {
  for (const [name, { act, shown, next }] of Object.entries(INTERRUPTIONS))
    it(`should be of one cut, whichever step is followed by ${name}`, async () => {
      let signs = 0;
      for (let wasReached = true; wasReached; signs++) {
        const fixture = new Fixture();
        const end = fixture.interruptBefore(signs, () => act(fixture));
        const collected = await fixture.collect();
        wasReached = end();
        if (!wasReached) expect(collected).to.deep.equal(AT_FIRST);
        else {
          expect(shown, `before sign of life ${signs}`).to.deep.include(collected);
          expect(await fixture.collect(), 'the next').to.deep.equal(next);
        }
        fixture.core.shutdown();
      }
      expect(signs, 'steps').to.be.greaterThan(7);
    });

  it('should be copied in steps of a mebibyte at most', () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 28, cardinalityLimit: 300_000, stripes: 1 });
    const counter = meterOf(core, 'm').createCounter('c');
    const series = 140_000;
    for (let index = 0; index < series; index++) counter.add(1, { index });
    const snapshot = new Snapshot();
    const steps = [...snapshot.copy(core.region, { firstSeen: true, usedAt: true })].length;
    expect(snapshot.end).to.equal(core.region.layout.maxStreams + series);
    // 4 bytes of words and kinds, 8 of totals and first seen, 64 of records.
    const leastSteps = [4, 4, 8, 8, 64].reduce(
      (sum, bytes) => sum + Math.ceil((bytes * snapshot.end) / 2 ** 20),
      0,
    );
    expect(steps).to.equal(leastSteps);
    core.shutdown();
  });

  it('should show nothing of an older copy, and use its memory again', async () => {
    const fixture = new Fixture();
    const { core } = fixture;
    await core.cuts.request(() => true);
    const snapshot = new Snapshot();
    for (const _ of snapshot.copy(core.region, { firstSeen: true, usedAt: true }));
    const { totals, words, cells, end } = snapshot;
    const before = totals.slice(0, end);
    fixture.record('a', 3);
    await core.cuts.request(() => true);
    for (const _ of snapshot.copy(core.region, { firstSeen: true, usedAt: true }));
    expect([snapshot.totals, snapshot.words, snapshot.cells]).to.deep.equal([totals, words, cells]);
    expect(snapshot.totals).to.equal(totals);
    expect(totals.slice(0, end)).to.not.deep.equal(before);
    core.shutdown();
  });
});
