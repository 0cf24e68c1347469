// Goal: whatever a clock does, no interval of a delta reader ends before it begins, each begins where the one before it
// ended, and what did not arrive comes again with the begin that it had.
import { expect } from 'chai';
import fc from 'fast-check';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import type { StoreReader } from '../../lib/store/collect/store-reader.js';
import { pointsIn } from '../support/points.js';

const DAY = 86_400_000;
const START = 1_000_000_000;

/** What the clock does before the next collection, and whether that one arrives. */
const steps = fc.array(
  fc.record({
    clock: fc.oneof(
      fc.constantFrom(0, 1, -1, DAY, -DAY, 10 * DAY, -START / 2),
      fc.integer({ min: -5000, max: 5000 }),
    ),
    arrives: fc.boolean(),
    /** A stream that is new. */
    creates: fc.boolean(),
    /** Another reader makes a cut first. */
    other: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

class Fixture {
  now = START;
  readonly core: StoreCore = createCore({ maxBytes: 2 ** 22, shared: false, clock: { now: () => this.now } });
  readonly meter = meterOf(this.core, 'm');
  streams = 0;

  record(creates: boolean): void {
    if (creates) {
      const name = `c${this.streams++}`;
      this.meter.createCounter(name).add(1);
      // Never negative: a counter refuses that, and a series without a point in between begins anew.
      this.meter
        .createObservableCounter(`observed.${name}`)
        .addCallback(result => result.observe(Math.max(0, this.now)));
    }
    for (let stream = 0; stream < this.streams; stream++) this.meter.createCounter(`c${stream}`).add(1);
  }

  /** By stream: begin and end. */
  async intervals(reader: StoreReader): Promise<Map<string, readonly [number, number]>> {
    const { streams, atUnixMillis, errors } = await reader.collect();
    expect(errors).to.deep.equal([]);
    return new Map(
      streams.flatMap(({ definition: { name }, points }) =>
        pointsIn(points).map(
          ({ startUnixMillis }) => [name, [startUnixMillis, atUnixMillis] as const] as const,
        ),
      ),
    );
  }
}

describe('the intervals of a delta reader', () => {
  it('should join, and never end before they begin, whatever the clock does', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(steps, async plan => {
        const fixture = new Fixture();
        const [reader, other] = [
          fixture.core.openReader(() => 'delta'),
          fixture.core.openReader(() => 'delta'),
        ];
        fixture.record(true);
        /** By stream: what the next interval has to begin with. */
        const next = new Map<string, number>();
        let last = -Infinity;
        for (const { clock, arrives, creates, other: cuts } of plan) {
          fixture.now += clock;
          if (cuts) await fixture.intervals(other);
          fixture.record(creates);
          for (const [name, [from, until]] of await fixture.intervals(reader)) {
            expect(from, `${name} begins`).to.be.at.most(until);
            expect(until, `${name} ends`).to.be.at.least(last);
            if (next.has(name)) expect(from, `${name} joins`).to.equal(next.get(name));
            if (arrives) next.set(name, until);
            last = until;
          }
          if (arrives) reader.acknowledge();
        }
        fixture.core.shutdown();
      }),
      { numRuns: 60 },
    );
  });

  it('should begin with the stream, and after that where the one before ended', async () => {
    const fixture = new Fixture();
    fixture.record(true);
    fixture.now += 10;
    const reader = fixture.core.openReader(() => 'delta');
    fixture.now += 10;
    fixture.record(true);
    fixture.now += 10;
    const first = await fixture.intervals(reader);
    expect([first.get('c0'), first.get('c1')]).to.deep.equal([
      [START, START + 30],
      [START + 20, START + 30],
    ]);
    reader.acknowledge();
    fixture.now += 10;
    fixture.record(false);
    expect((await fixture.intervals(reader)).get('c1')).to.deep.equal([START + 30, START + 40]);
    fixture.core.shutdown();
  });

  it('should begin, for a reader that opens late, with the last cut before', async () => {
    const fixture = new Fixture();
    fixture.record(true);
    await fixture.core.openReader(() => 'cumulative').collect();
    fixture.now += DAY;
    const reader = fixture.core.openReader(() => 'delta');
    fixture.record(false);
    fixture.now -= 2 * DAY; // Before that cut.
    expect((await fixture.intervals(reader)).get('c0')).to.deep.equal([START, START]);
    fixture.core.shutdown();
  });
});
