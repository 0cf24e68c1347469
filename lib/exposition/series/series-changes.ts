// Which series of a stream came, went or stayed between two collections. Collections list the series in a stable order, so
// most of it is found by going along both lists; what is left is looked up.
import type { TimeSlice } from '../../guard/time-slice.js';
import type { SeriesLabels, SeriesList } from '../../store/definition/stream.js';

/** How far ahead one list is looked along for what comes next in the other. */
const LOOK_AHEAD = 32;
/** Series that are looked at between two looks at the clock. */
const SERIES_PER_LOOK = 4096;

/** The positions in the list before have no successor. */
export const GONE = 0xffff_ffff;

export interface SeriesChanges {
  /** For each position before, the position now, or GONE. */
  readonly moved: Uint32Array;
  /** The positions now of those that were not there before, ascending. */
  readonly fresh: Uint32Array;
}

/** In short turns of this thread. */
export async function seriesChanges(
  before: SeriesList,
  now: SeriesList,
  slice: TimeSlice,
): Promise<SeriesChanges> {
  if (before.length === 0) return { moved: NONE, fresh: await allOf(now, slice) };
  const moved = new Uint32Array(before.length).fill(GONE);
  const goneFrom: number[] = [];
  const newTo: number[] = [];
  const areSame = comparing(before, now);
  const [lengthBefore, lengthNow] = [before.length, now.length];
  let [from, to] = [0, 0];
  let looked = 0;
  while (from < lengthBefore && to < lengthNow) {
    if (looked >= SERIES_PER_LOOK) {
      looked = 0;
      if (slice.isOver()) await slice.next();
    }
    const stayed = putStayed(before, now, from, to, moved);
    from += stayed;
    to += stayed;
    looked += stayed + LOOK_AHEAD;
    if (stayed >= SERIES_PER_LOOK || from === lengthBefore || to === lengthNow) continue;
    const [gone, fresh] = distanceToNext(areSame, from, lengthBefore - from, to, lengthNow - to);
    for (let index = 0; index < gone; index++) goneFrom.push(from++);
    for (let index = 0; index < fresh; index++) newTo.push(to++);
  }
  while (from < lengthBefore) goneFrom.push(from++);
  while (to < lengthNow) {
    newTo.push(to++);
    if (to % (4 * SERIES_PER_LOOK) === 0 && slice.isOver()) await slice.next();
  }
  return { moved, fresh: Uint32Array.from(await takeMoved(before, goneFrom, now, newTo, moved, slice)) };
}

const NONE = new Uint32Array(0);

async function allOf({ length }: { readonly length: number }, slice: TimeSlice): Promise<Uint32Array> {
  const fresh = new Uint32Array(length);
  for (let position = 0; position < length; position++) {
    fresh[position] = position;
    if (position % (4 * SERIES_PER_LOOK) === 0 && slice.isOver()) await slice.next();
  }
  return fresh;
}

/** How far both lists go on alike, as far as one looks before the next look at the clock. */
function putStayed(
  before: SeriesList,
  now: SeriesList,
  from: number,
  to: number,
  moved: Uint32Array,
): number {
  const most = Math.min(SERIES_PER_LOOK, before.length - from, now.length - to);
  const [one, other] = [before.columns, now.columns];
  let stayed = 0;
  if (one === undefined || other === undefined)
    for (; stayed < most && before.at(from + stayed) === now.at(to + stayed); stayed++)
      moved[from + stayed] = to + stayed;
  else {
    const [slots, lives, slotsNow, livesNow] = [one.slots, one.lives, other.slots, other.lives];
    for (; stayed < most; stayed++) {
      const [at, atNow] = [from + stayed, to + stayed];
      if (slots[at] !== slotsNow[atNow] || lives[at] !== livesNow[atNow]) break;
      moved[at] = atNow;
    }
  }
  return stayed;
}

/** How many of each list to leave out until both go on alike; one of each when that is not seen. */
function distanceToNext(
  areSame: (from: number, to: number) => boolean,
  from: number,
  restBefore: number,
  to: number,
  restNow: number,
): readonly [gone: number, fresh: number] {
  for (let distance = 1; distance <= LOOK_AHEAD; distance++) {
    if (distance < restBefore && areSame(from + distance, to)) return [distance, 0];
    if (distance < restNow && areSame(from, to + distance)) return [0, distance];
  }
  return [1, 1];
}

/** Whether the series at a position before is the one at a position now. */
function comparing(before: SeriesList, now: SeriesList): (from: number, to: number) => boolean {
  const [one, other] = [before.columns, now.columns];
  if (one === undefined || other === undefined) return (from, to) => before.at(from) === now.at(to);
  const [slots, lives, slotsNow, livesNow] = [one.slots, one.lives, other.slots, other.lives];
  return (from, to) => slots[from] === slotsNow[to] && lives[from] === livesNow[to];
}

/** Of what seemed to be new, what was only somewhere else before. Returns the rest. */
async function takeMoved(
  before: SeriesList,
  goneFrom: readonly number[],
  now: SeriesList,
  newTo: readonly number[],
  moved: Uint32Array,
  slice: TimeSlice,
): Promise<readonly number[]> {
  if (goneFrom.length === 0 || newTo.length === 0) return newTo;
  const [slots, slotsNow] = [before.columns?.slots, now.columns?.slots];
  const hasSlots = slots !== undefined && slotsNow !== undefined;
  const areSame = comparing(before, now);
  // By slot or by object: both say which series it is, the slot together with its life.
  const positions = new Map<SeriesLabels | number | undefined, number>();
  for (const [index, from] of goneFrom.entries()) {
    positions.set(hasSlots ? slots[from] : before.at(from), from);
    if (index % (SERIES_PER_LOOK / 8) === 0 && slice.isOver()) await slice.next();
  }
  const fresh: number[] = [];
  for (const [index, to] of newTo.entries()) {
    const key = hasSlots ? slotsNow[to] : now.at(to);
    const from = positions.get(key);
    if (from === undefined || !areSame(from, to)) fresh.push(to);
    else {
      moved[from] = to;
      // What is listed twice, as nothing of the store is, stands for one of its places only.
      positions.delete(key);
    }
    if (index % (SERIES_PER_LOOK / 8) === 0 && slice.isOver()) await slice.next();
  }
  return fresh;
}
