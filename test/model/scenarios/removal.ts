// A series that is removed while a thread records through a handle, a collector drains, and perhaps another thread wants
// the room. A reader of deltas gets every record once. A reader of totals never sees again what was removed, and sees
// everything that began after the removal returned, in its own series.
import { SUM } from '../../../lib/memory/aggregation.js';
import { DONE, LOST, MORE } from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Ghost, ModelThread, Program, Step } from '../model-thread.js';
import { ModelStore, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

const RETURNED = 0;
/** What the reader of deltas was given. */
const DELIVERED = 1;
/** What had returned when the removal began. */
const REMOVED = 2;
/** 1: the removal returned. */
const IS_OVER = 3;
/** What began after that. */
const AFTER = 4;
/** What readers of totals were shown: 1 the removed life, 2 a later one with the same start time. */
const STARTS = 5;

/** The clock of who admits the first life: ahead of all others, so that no later one begins after it by its clock alone. */
const AHEAD = 5000;

/** The newcomer's records follow the writer's. */
const NEWCOMER = 4;

export interface RemovalBounds {
  readonly records: number;
  /** One that may be killed is no reader of deltas: what it was handed would be nobody's. */
  readonly collectors: readonly (Bounds & { readonly collects: number; readonly after?: number })[];
  /** Records of another set, through a handle that looked for a place before anybody collected. */
  readonly newcomer?: {
    readonly records: number;
    readonly after?: number;
    /** It brings the attributes that are removed. */
    readonly isTwin?: boolean;
  };
  readonly limit: number;
  /** Slots of the store. */
  readonly room: number;
  readonly ttl?: number;
  readonly remover?: Bounds & { readonly after?: number };
}

interface Reading {
  /** Totals of the series that are in use, of the writer and of the newcomer. */
  readonly own: number;
  readonly foreign: number;
  readonly overflow: number;
  readonly delta: number;
  /** As STARTS. */
  readonly starts: number;
}

const noting = (ghost: Ghost, index: number, value: number): Ghost =>
  ghost.map((each, at) => (at === index ? value : each));

export function removal(
  sources: ShippedSources,
  { records, collectors, newcomer, limit, room, ttl = 0, remover = {} }: RemovalBounds,
): Exploration {
  const store = new ModelStore(sources, newcomer === undefined ? 1 : 2, room);
  const { region } = store.region;
  const { tables, totals } = sources;
  const stream = store.addStream(SUM, limit, 0, ttl);
  const places = store.placesOf(stream);
  const plane = new sources.Plane(region, 0);
  const lease = plane.claim(1);
  const isTwin = newcomer?.isTwin === true;
  const [ownText, foreignText] = ['{}', '{"k":"new"}'];
  const first = store.placesOf(stream, AHEAD).admit(ownText);
  const firstStart = tables.readSlot(region, first.slot).startUnixMillis;
  const recorder = new sources.Recorder(region, true);

  /** Stripe, slot and word in one number, because that is what a thread carries; the newcomer has no place at first. */
  const pack = (stripe: number, slot: number, live: number): number => stripe * 4096 + slot * 64 + live;
  const recordStep = (record: number, text: string): Step => ({
    name: `record ${record}`,
    begin: ghost => (ghost[IS_OVER] === 1 ? noting(ghost, AFTER, ghost[AFTER]! | (1 << record)) : ghost),
    run: ({ carried }) => {
      recorder._stripe = Math.floor(carried / 4096);
      const known = carried & 63 ? { slot: (carried >> 6) & 63, live: carried & 63 } : places.admit(text);
      const handle = new sources.SeriesHandle(known, text, places.renew);
      recorder.add(handle, valueOf(record));
      return pack(recorder._stripe, handle.slot, handle.live);
    },
    end: (ghost, thread, packed) => {
      thread.carried = packed as number;
      return noting(ghost, RETURNED, ghost[RETURNED]! | (1 << record));
    },
  });

  const read = (right: number, seal: (right: number) => number): Reading | undefined => {
    const sums = { own: 0, foreign: 0, overflow: totals.readSum(region, stream) ?? 0, delta: 0, starts: 0 };
    let lives = 0;
    for (let slot = store.region.layout.maxStreams; slot < tables.slotsEnd(region); slot++) {
      if (!tables.isInUse(tables.slotWord(region, slot))) continue;
      const { textLength, startUnixMillis } = tables.readSlot(region, slot);
      const isForeign = textLength > ownText.length;
      const isFirst = tables.liveWord(tables.slotWord(region, slot)) === first.live && slot === first.slot;
      const sum = totals.readSum(region, slot);
      if (!isForeign && sum !== undefined) {
        if (++lives > 1) throw new Violation('two lives in one reading');
        if (isFirst) sums.starts |= 1;
        else if (startUnixMillis <= firstStart) sums.starts |= 2;
      }
      sums[isForeign ? 'foreign' : 'own'] += sum ?? 0;
    }
    const sealed = seal(right);
    if (sealed !== DONE) return sealed === LOST ? undefined : sums;
    for (const slot of plane.slots()) {
      const word = tables.slotWord(region, slot);
      if (!tables.isInUse(word) && !tables.isRemoved(word))
        throw new Violation(`a reader of deltas has something of slot ${slot}, which is ${word}`);
      sums.delta += plane.readSum(slot) ?? 0;
    }
    return sums;
  };
  const collect = (now: number, isDelta: boolean): { outcome: string; value: Reading } => {
    let arrived = true;
    const seal = (right: number): number => {
      if (!isDelta) return MORE;
      const answer = plane.seal(right, lease, arrived, 1);
      // Who must read again because the right was lost has handed out nothing of it.
      if (answer !== LOST) arrived = false;
      return answer;
    };
    const options = { stallDeadlineMillis: 10_000, now: () => now };
    return new sources.Swap(region).cut(right => read(right, seal), options) as {
      outcome: string;
      value: Reading;
    };
  };

  const judge = (
    ghost: Ghost,
    { own, foreign, overflow, delta, starts }: Reading,
    required: number,
    wasOver: boolean,
    isDelta: boolean,
  ): Ghost => {
    const [mine, theirs, rest] = [recordsIn(own), recordsIn(foreign), recordsIn(overflow)];
    if (isTwin && (rest !== 0 || tables.streamOverflowed(region, stream) !== 0))
      throw new Violation('a series is refused, and there was always room');
    if ((!isTwin && mine >> NEWCOMER !== 0) || (theirs & ((1 << NEWCOMER) - 1)) !== 0)
      throw new Violation(`a record is in another's series: ${own} and ${foreign}`);
    if (wasOver && (mine & ghost[REMOVED]!) !== 0)
      throw new Violation(`records ${mine & ghost[REMOVED]!} were removed, and are shown`);
    const lacking = ghost[AFTER]! & required & ~(mine | theirs);
    // Unless the only slot is still that of the removed series.
    if (ttl === 0 && room > 1 && lacking !== 0)
      throw new Violation(
        `records ${lacking} began after the removal, and are in no series of their own: ${rest}`,
      );
    ghost = noting(ghost, STARTS, ghost[STARTS]! | starts);
    if (ghost[STARTS] === 3) throw new Violation('two lives have one start');
    if (!isDelta) return ghost;
    const found = recordsIn(delta);
    if (found & ghost[DELIVERED]!) throw new Violation(`records ${found & ghost[DELIVERED]!} arrive twice`);
    const delivered = ghost[DELIVERED]! | found;
    if ((required & ~delivered) !== 0)
      throw new Violation(`records ${required & ~delivered} returned, and did not arrive`);
    return noting(ghost, DELIVERED, delivered);
  };

  const { after, ...removerBounds } = remover;
  const programs: Program[] = [
    {
      name: 'remover',
      bounds: removerBounds,
      ...(after === undefined ? {} : { after }),
      steps: [
        {
          name: 'remove',
          begin: ghost => noting(ghost, REMOVED, ghost[RETURNED]!),
          run: () => places.remove(ownText),
          end: (ghost, _thread, isRemoved) => {
            if (ttl === 0 && isRemoved !== true) throw new Violation('nothing was removed');
            return noting(ghost, IS_OVER, 1);
          },
        },
      ],
    },
  ];
  if (records > 0)
    programs.push({
      name: 'writer',
      carried: pack(store.stripeAddress(0), first.slot, first.live),
      bounds: { questions: 16 },
      steps: Array.from({ length: records }, (_, record) => recordStep(record, ownText)),
    });
  if (newcomer !== undefined)
    programs.push({
      name: 'newcomer',
      carried: pack(store.stripeAddress(1), 0, 0),
      ...(newcomer.after === undefined ? {} : { after: newcomer.after }),
      bounds: { questions: 20 },
      steps: Array.from({ length: newcomer.records }, (_, record) =>
        recordStep(NEWCOMER + record, isTwin ? ownText : foreignText),
      ),
    });
  const before = programs.length;
  for (const [index, { collects, after, ...bounds }] of collectors.entries()) {
    const isDelta = bounds.crashes === undefined;
    programs.push({
      name: `collector ${index}`,
      ...(after === undefined ? {} : { after: before + after }),
      bounds,
      steps: Array.from({ length: collects }, (_, round) => ({
        name: `collect ${round}`,
        begin: (ghost: Ghost, thread: ModelThread) => {
          thread.asked = ghost[RETURNED]! * 2 + ghost[IS_OVER]!;
          return ghost;
        },
        run: () => collect(10 * (round + 1) + index, isDelta),
        end: (ghost: Ghost, thread: ModelThread, result: unknown) => {
          const { outcome, value } = result as { outcome: string; value: Reading };
          if (outcome !== 'fresh') return ghost;
          return judge(ghost, value, thread.asked >> 1, (thread.asked & 1) === 1, isDelta);
        },
      })),
    });
  }
  return {
    region: store.region,
    programs,
    ghost: [0, 0, 0, 0, 0, 0],
    always: () => store.checkPhases(),
    atEnd: ghost => {
      for (const now of [1000, 1001]) {
        const { outcome, value } = collect(now, true);
        if (outcome !== 'fresh') throw new Violation(`the last collection is ${outcome}`);
        ghost = judge(ghost, value, ghost[RETURNED]!, ghost[IS_OVER] === 1, true);
      }
      let inUse = 0;
      for (let slot = store.region.layout.maxStreams; slot < tables.slotsEnd(region); slot++)
        if (tables.isInUse(tables.slotWord(region, slot))) inUse++;
      const admitted = tables.streamAdmitted(region, stream);
      if (admitted !== inUse) throw new Violation(`${inUse} series are in use, and ${admitted} are counted`);
    },
    maxStates: 5e6,
  };
}
