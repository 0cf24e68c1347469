// A series that expires while a thread still holds its handle: marked, revived or freed, admitted anew. Everything that
// returned is in a reading before its total is given back, and in none twice. The thread runs the shipped handle.
import { SUM } from '../../../lib/memory/aggregation.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Ghost, ModelThread, Program } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

const RETURNED = 0;
/** Records that were in any reading. */
const SEEN = 1;

export interface ReclaimBounds {
  readonly records: number;
  readonly collectors: readonly (Bounds & { readonly collects: number; readonly after?: number })[];
  /** Whether another thread brings a set of its own, which may get the freed slot. */
  readonly newcomer?: boolean;
}

interface Reading {
  readonly own: number;
  readonly foreign: number;
  readonly overflow: number;
}

const TTL = 1;
/** The newcomer's record. */
const NEWCOMER = 7;

export function reclaim(
  sources: ShippedSources,
  { records, collectors, newcomer }: ReclaimBounds,
): Exploration {
  const store = new ModelStore(sources, newcomer ? 2 : 1, newcomer ? 1 : 2);
  const { region } = store.region;
  const stream = store.addStream(SUM, 2, 0, TTL);
  const places = store.placesOf(stream);
  const first = places.admit('{}');
  const recorder = new sources.Recorder(region, true);
  /** Stripe, slot and word in one number, because that is what a thread carries. */
  const pack = (stripe: number, slot: number, live: number): number => stripe * 4096 + slot * 64 + live;
  const recording = (
    name: string,
    steps: number,
    stripe: number,
    place: typeof first | undefined,
    text: string,
  ): Program => ({
    name,
    carried: place === undefined ? 0 : pack(store.stripeAddress(stripe), place.slot, place.live),
    bounds: { questions: 14 },
    steps: Array.from({ length: steps }, (_, round) => {
      const record = place === undefined ? NEWCOMER : round;
      return {
        name: `record ${record}`,
        run: ({ carried }) => {
          recorder._stripe = place === undefined ? store.stripeAddress(stripe) : Math.floor(carried / 4096);
          const known =
            place === undefined ? places.admit(text) : { slot: (carried >> 6) & 63, live: carried & 63 };
          const handle = new sources.SeriesHandle(known, text, places.renew);
          recorder.add(handle, valueOf(record));
          return pack(recorder._stripe, handle.slot, handle.live);
        },
        end: (ghost: Ghost, thread: ModelThread, packed: unknown) => {
          thread.carried = packed as number;
          return [ghost[RETURNED]! | (1 << record), ghost[SEEN]!];
        },
      };
    }),
  });
  /** The sums of the writer's series and of the newcomer's, told apart by the length of their text. */
  const read = (): Reading => {
    const sums = { own: 0, foreign: 0, overflow: sources.totals.readSum(region, stream) ?? 0 };
    for (let slot = store.region.layout.maxStreams; slot < sources.tables.slotsEnd(region); slot++) {
      const word = sources.tables.slotWord(region, slot);
      const [sum, age] = [sources.totals.readSum(region, slot), sources.totals.ageOf(region, slot)];
      if ((sum === undefined) !== (age === undefined))
        throw new Violation(`a slot with the sum ${sum} has had data for ${age}`);
      if (!sources.tables.isInUse(word)) continue;
      sums[sources.tables.readSlot(region, slot).textLength > 2 ? 'foreign' : 'own'] += sum ?? 0;
    }
    return sums;
  };
  const collect = (now: number): { outcome: string; value: Reading } =>
    new sources.Swap(region).cut(read, { stallDeadlineMillis: 10_000, now: () => now }) as {
      outcome: string;
      value: Reading;
    };
  const judge = (ghost: Ghost, { own, foreign, overflow }: Reading, required: number): Ghost => {
    if (recordsIn(own) & (1 << NEWCOMER) || recordsIn(foreign) & ~(1 << NEWCOMER))
      throw new Violation(`a record is in another's series: ${own} and ${foreign}`);
    const found = recordsIn(own + foreign + overflow);
    const seen = ghost[SEEN]! | found;
    if ((seen & required) !== required)
      throw new Violation(`records ${required & ~seen} returned, and no reading ever had them`);
    return [ghost[RETURNED]!, seen];
  };
  const programs = [recording('writer', records, 0, first, '{}')];
  // After the collector, whose number is 2.
  if (newcomer) programs.push({ ...recording('newcomer', 1, 1, undefined, '{"k":"new"}'), after: 2 });
  const before = programs.length;
  for (const [index, { collects, after, ...bounds }] of collectors.entries())
    programs.push({
      name: `collector ${index}`,
      ...(after === undefined ? {} : { after: before + after }),
      bounds,
      steps: Array.from({ length: collects }, (_, round) => ({
        name: `collect ${round}`,
        begin: (ghost: Ghost, thread: ModelThread) => {
          thread.asked = ghost[RETURNED]!;
          return ghost;
        },
        run: () => collect(10 * (round + 1) + index),
        end: (ghost: Ghost, thread: ModelThread, result: unknown) => {
          const { outcome, value } = result as { outcome: string; value: Reading };
          return outcome === 'busy' ? ghost : judge(ghost, value, outcome === 'fresh' ? thread.asked : 0);
        },
      })),
    });
  return {
    region: store.region,
    programs,
    ghost: [...NOTHING, 0],
    always: () => store.checkPhases(),
    atEnd: ghost => {
      const { outcome, value } = collect(1000);
      if (outcome !== 'fresh') throw new Violation(`the last collection is ${outcome}`);
      judge(ghost, value, ghost[RETURNED]!);
    },
    maxStates: 5e6,
  };
}
