// Goal: delta readers come and go in whatever moment of another thread's collection, and what each is shown is made of
// whole cuts. Method: that collection is played step by step, each of its steps being one section of the kernel, and the
// reader opens or closes before each of them.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { clearLeftOvers } from '../../lib/memory/planes.js';
import * as words from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import type { HistogramValue } from '../../lib/store/definition/stream.js';
import { pointsIn } from '../support/points.js';

const BOUNDARIES = Array.from({ length: 37 }, (_, index) => index * 2);

/**
 * Another thread's collection. `meanwhile` happens before its step number `at`: the swap, the begin of the drain, and then
 * each section of it. Returns how many steps there are, at least.
 */
function collectElsewhere({ region, swap, clock }: StoreCore, at: number, meanwhile: () => void): number {
  const { kernel } = region;
  const right = kernel.takeRight(0, 0, 0);
  if (at === 0) meanwhile();
  expect(kernel.swap(right, clock.now())).to.equal(words.DONE);
  const bank = Number((swap.epoch() - 1n) & 1n);
  if (at === 1) meanwhile();
  while (kernel.quiesce(right) === words.MORE) clearLeftOvers(region, right);
  const drain = (steps: number): number => kernel.drain(right, words.STRIPES, bank, steps, clock.now());
  const answer = at > 2 ? drain(at - 2) : words.MORE;
  if (at >= 2) meanwhile();
  while (drain(100) === words.MORE);
  kernel.settle(right);
  expect(kernel.giveRight(right)).to.equal(1);
  return answer === words.MORE ? at + 2 : at + 1;
}

/** One life: what was recorded, by name; a histogram as its sum, which is checked against the rest of it. */
class Fixture {
  readonly core = createCore({ stripes: 1, maxBytes: 2 ** 22 });
  readonly #meter = meterOf(this.core, 'm');
  readonly #histogram = this.#meter.createHistogram('h', {
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });

  /** Cause, histogram and effect, and a gauge: all of it or nothing is in a cut. */
  record(value: number): void {
    this.#meter.createCounter('cause').add(value);
    for (const bucket of [1, 30, 60, 99]) this.#histogram.record(value * 100 + bucket);
    this.#meter.createUpDownCounter('effect').add(value);
    this.#meter.createGauge('g').record(value);
  }

  open(): StoreReader {
    return this.core.openReader(() => 'delta');
  }

  /** What a reader is shown. */
  async shown(reader: StoreReader): Promise<Record<string, number>> {
    const { streams, errors } = await reader.collect();
    expect(errors).to.deep.equal([]);
    reader.acknowledge();
    return Object.fromEntries(
      streams.flatMap(({ definition: { name }, points }) =>
        pointsIn(points).map(({ value }) => [name, typeof value === 'number' ? value : sumOf(value)]),
      ),
    );
  }
}

function sumOf({ count, sum, min, max, counts }: HistogramValue): number {
  expect(
    counts.reduce((total, each) => total + each, 0),
    'the buckets',
  ).to.equal(count);
  expect(max).to.be.at.least(min);
  return sum;
}

const SUM = (value: number): number => 4 * value * 100 + 190;
const recorded = (...values: number[]): Record<string, number> => ({
  cause: values.reduce((sum, value) => sum + value, 0),
  effect: values.reduce((sum, value) => sum + value, 0),
  h: values.reduce((sum, value) => sum + SUM(value), 0),
  g: values.at(-1) ?? 0,
});

/** Until the other thread's collection has no step left. */
async function beforeEachStep(check: (fixture: Fixture, at: number) => Promise<number>): Promise<void> {
  let at = 0;
  for (let steps = 1; at < steps; at++) {
    const fixture = new Fixture();
    steps = await check(fixture, at);
    fixture.core.shutdown();
  }
  expect(at, 'steps').to.be.within(10, 30);
}

describe('torn-delta-on-open-or-close', () => {
  it('should show a reader that opens in the middle of a cut all of it or nothing', async () => {
    let [all, nothing] = [0, 0];
    await beforeEachStep(async (fixture, at) => {
      fixture.record(3);
      const opened: StoreReader[] = [];
      const steps = collectElsewhere(fixture.core, at, () => opened.push(fixture.open()));
      const [reader] = opened as [StoreReader];
      const first = await fixture.shown(reader);
      if (Object.keys(first).length === 0) nothing++;
      else all++;
      expect(first, `before step ${at}`).to.be.deep.oneOf([{}, recorded(3)]);
      fixture.record(5);
      fixture.record(6);
      expect(await fixture.shown(reader), `before step ${at}`).to.deep.equal(recorded(5, 6));
      expect(await fixture.shown(reader)).to.deep.equal({});
      return steps;
    });
    expect(all, 'the drain had not begun').to.be.greaterThan(0);
    expect(nothing).to.be.greaterThan(5);
  });

  it('should show what was recorded after it opened, whatever cut was under way', async () => {
    await beforeEachStep(async (fixture, at) => {
      fixture.record(3);
      let reader: StoreReader | undefined;
      const steps = collectElsewhere(fixture.core, at, () => {
        reader = fixture.open();
        fixture.record(5);
      });
      const { cause } = await fixture.shown(reader as unknown as StoreReader);
      expect(cause, `before step ${at}`).to.be.oneOf([5, 8]);
      return steps;
    });
  });

  for (const opens of ['at once', 'after that cut', 'after another cut'] as const)
    it(`should leave nothing for the next reader of the place, which opens ${opens}`, async () => {
      await beforeEachStep(async (fixture, at) => {
        const others = [fixture.open(), fixture.open(), fixture.open()];
        const first = fixture.open();
        await fixture.shown(first);
        for (const other of others) await fixture.shown(other);
        fixture.record(3);
        let second: StoreReader | undefined;
        const steps = collectElsewhere(fixture.core, at, () => {
          first.close();
          if (opens === 'at once') second = fixture.open();
        });
        const wasServed = opens === 'at once' && at < 2;
        if (opens === 'after another cut') await fixture.core.openReader(() => 'cumulative').collect();
        second ??= fixture.open();
        expect(await fixture.shown(second), `before step ${at}`).to.deep.equal(wasServed ? recorded(3) : {});
        // Twice: each collection of a delta reader shows the other half of its place.
        for (const value of [7, 9]) {
          fixture.record(value);
          expect(await fixture.shown(second), `before step ${at}`).to.deep.equal(recorded(value));
        }
        for (const other of others) expect(await fixture.shown(other)).to.deep.equal(recorded(3, 7, 9));
        return steps;
      });
    });

  for (const isTouched of [true, false])
    it(`should leave nothing of a reader that died while what had failed came again${isTouched ? ', beside news' : ''}`, async () => {
      let steps = 1;
      for (let at = 0; at < steps; at++) {
        const fixture = new Fixture();
        const { region } = fixture.core;
        const first = fixture.open();
        fixture.record(3);
        await first.collect(); // It does not arrive.
        if (isTouched) fixture.record(4);
        await fixture.core.openReader(() => 'cumulative').collect();
        // The reader's own thread, which is terminated before one of its steps.
        const right = region.kernel.takeRight(0, 0, 0);
        const sealed = 1 ^ (region.i32[(words.PLANES + words.PLANE_ACTIVE) / 4] ?? 0);
        const answer = region.kernel.emptyHalf(right, words.PLANES, sealed, words.MERGE, at);
        region.kernel.giveRight(right);
        if (answer === words.MORE) steps = at + 2;
        first.close();
        const second = fixture.open();
        expect(await fixture.shown(second), `after ${at} steps`).to.deep.equal({});
        for (const value of [7, 9]) {
          fixture.record(value);
          expect(await fixture.shown(second), `after ${at} steps`).to.deep.equal(recorded(value));
        }
        fixture.core.shutdown();
      }
      expect(steps).to.be.greaterThan(4);
    });

  it('should forget what arrived when that is reported before the next cut, though the next collection was asked for', async () => {
    const fixture = new Fixture();
    const reader = fixture.open();
    fixture.record(3);
    await reader.collect();
    const second = reader.collect();
    reader.acknowledge();
    expect((await second).streams).to.deep.equal([]);
    fixture.record(4);
    expect(await fixture.shown(reader)).to.deep.equal(recorded(4));
    fixture.core.shutdown();
  });

  it('should not forget what failed when its arrival is reported too late', async () => {
    const fixture = new Fixture();
    const reader = fixture.open();
    fixture.record(3);
    await reader.collect();
    const { cuts } = fixture.core;
    const request = cuts.request.bind(cuts);
    cuts.request = read =>
      request(async (...cut) => {
        const points = await read(...cut);
        reader.acknowledge(); // Of the first one, which has just been read again.
        return points;
      });
    const { streams } = await reader.collect();
    cuts.request = request;
    expect(streams.map(({ definition: { name } }) => name)).to.include('cause');
    fixture.record(4);
    expect(await fixture.shown(reader)).to.deep.equal(recorded(3, 4));
    fixture.core.shutdown();
  });
});
