// Goal: a thread that goes on with another one's place of deltas delivers what that one had not, and nothing twice. Method:
// threads that record, collect, hand over and end wherever they can, one after the other, against plain sums. A thread that ends is a
// reader that is dropped; one that ends before it noted what it sealed, one whose note is not taken.
import { expect } from 'chai';
import fc from 'fast-check';
import { CollectorState, type Progress } from '../../../lib/memory/collector-state.js';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { PlaneLease, type LeaseNotes } from '../../../lib/store/collect/plane-lease.js';
import type { StoreReader } from '../../../lib/store/collect/store-reader.js';
import { createCore } from '../../../lib/store/store-core.js';
import type { Cut } from '../../../lib/store/definition/stream.js';
import { pointsIn } from '../../support/points.js';

/** What becomes of one collection. The last four end the thread. */
const STEPS = ['arrives', 'fails', 'sealed', 'unnoted', 'handed', 'answered'] as const;
type Step = (typeof STEPS)[number];

class Notes implements LeaseNotes {
  readonly state = new CollectorState();
  isDeaf = false;

  get progress(): Progress {
    return this.state.progress;
  }

  set progress(progress: Progress) {
    if (!this.isDeaf) this.state.progress = progress;
  }

  owes(batches: number): void {
    this.state.owes(batches);
  }
}

function sumOf({ streams }: Cut): number {
  return streams
    .flatMap(({ points }) => pointsIn(points))
    .reduce((sum, { value }) => sum + (typeof value === 'number' ? value : value.sum), 0);
}

function startsOf({ streams }: Cut): number[] {
  return streams.flatMap(({ points }) => pointsIn(points).map(({ startUnixMillis }) => startUnixMillis));
}

describe('a place of deltas that threads inherit', () => {
  it('should deliver everything but what was handed over without an answer, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...STEPS)), { maxLength: 20 }),
        async steps => {
          const time = { now: 1_000_000 };
          const core = createCore({ maxBytes: 2 ** 22, clock: { now: () => time.now } });
          const notes = new Notes();
          const held = PlaneLease.take(core.region, { now: time.now, leaseMillis: 1e9, shared: false });
          core.heldLease = { token: held.token, notes };
          const counter = meterOf(core, 'm').createCounter('c');
          const other = core.openReader(() => 'cumulative');
          let reader: StoreReader = core.openReader(() => 'delta');
          let [recorded, delivered, doubted, deliveredUntil] = [0, 0, 0, 0];
          await other.collect();
          const take = async (step: Step): Promise<void> => {
            notes.isDeaf = step === 'unnoted';
            const cut = await reader.collect();
            notes.isDeaf = false;
            const sum = sumOf(cut);
            for (const start of startsOf(cut)) expect(start).to.be.at.least(deliveredUntil);
            if (step !== 'sealed' && step !== 'unnoted') reader.handOver();
            if (step === 'arrives' || step === 'answered') {
              delivered += sum;
              reader.acknowledge();
            }
            if (step === 'arrives' || step === 'answered' || step === 'handed')
              deliveredUntil = cut.atUnixMillis;
            if (step === 'fails') reader.takeBack();
            if (step === 'handed') doubted += sum;
          };
          for (const [value, step] of steps) {
            time.now += 10;
            counter.add(value);
            recorded += value;
            await take(step);
            if (step === 'arrives' || step === 'fails') continue;
            notes.state.settle();
            reader = core.openReader(() => 'delta');
          }
          time.now += 10;
          await take('arrives');
          expect(delivered + doubted).to.equal(recorded);
          held.release();
          core.shutdown();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('should be lost to nobody while the one that holds it has it, and be free when that one gives it back', () => {
    const core = createCore({ maxBytes: 2 ** 22 });
    const options = { now: 1, leaseMillis: 1e9, shared: true };
    const held = PlaneLease.take(core.region, options);
    const notes = new CollectorState();
    const inherited = PlaneLease.inherit(core.region, held.token, notes);
    const others = [1, 2, 3].map(() => PlaneLease.take(core.region, options));
    expect(() => PlaneLease.take(core.region, options)).to.throw('TOO_MANY_DELTA_READERS');
    expect(inherited.isLost()).to.equal(false);
    held.release();
    expect(inherited.isLost()).to.equal(true);
    for (const lease of [...others, PlaneLease.take(core.region, options)]) lease.release();
    core.shutdown();
  });
});
