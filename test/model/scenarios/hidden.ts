// A value of a label that has the only place of a hidden stream, and a series that may exist only within it. A thread brings
// the value once more, while askers give the place back that nobody needed yet. What the thread is given to record into is
// a series whose value has a place, so somebody else's value can have none.
import { SUM } from '../../../lib/memory/aggregation.js';
import { NOT_FOUND } from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Place } from '../../../lib/store/record/series-handle.js';
import type { Bounds, Program } from '../model-thread.js';
import { ModelStore } from '../model-store.js';
import type { CutResult, ShippedSources } from '../shipped-sources.js';

export interface HiddenBounds {
  readonly askers: readonly (Bounds & {
    /** The program after whose end it begins: 0 the thread's, 1 the first asker's. */
    readonly after?: number;
    /** Marks, and goes no further. */
    readonly onlyMarks?: boolean;
  })[];
  /** Nobody brings the value. */
  readonly isForgotten?: boolean;
  /** Whether the value has a series from the beginning, so that its thread only makes sure that it still has its place. */
  readonly isNeeded?: boolean;
  /** Another thread, which brings another value; with `isAtOnce` in one step, at whatever time. */
  readonly rival?: Bounds & { readonly isAtOnce?: boolean };
  /** Nobody has the place in the beginning. */
  readonly isFree?: boolean;
  /** Of the thread that brings the value. */
  readonly bounds?: Bounds;
}

const VALUE = 'a';
const RIVAL = 'b';
const LIMIT = 1;
/** What a thread was given to record into, in the ghost. */
const PACKED = 64;

export function hidden(
  sources: ShippedSources,
  { askers, isNeeded = false, isForgotten = false, isFree = false, rival, bounds = {} }: HiddenBounds,
): Exploration {
  const store = new ModelStore(sources, 1, 4);
  const { region } = store.region;
  const { tables } = sources;
  // Collections look for what is idle, and find nothing.
  const visible = store.addStream(SUM, 4, 0, 1e9);
  const values = store.addStream(SUM, LIMIT, 0, 0, false, true);
  const [series, holders] = [store.placesOf(visible), store.placesOf(values)];
  const inUse = (stream: number): number[] =>
    [...new Array(tables.slotsEnd(region)).keys()].filter(
      slot =>
        slot >= store.region.layout.maxStreams &&
        tables.isInUse(tables.slotWord(region, slot)) &&
        tables.readSlot(region, slot).stream === stream,
    );
  const textOf = (slot: number): string => {
    const { textAddress, textLength } = tables.readSlot(region, slot);
    return sources.text.loadText(region, textAddress, textLength);
  };
  const cut = (step: (right: number) => unknown): CutResult =>
    new sources.Swap(region).cut(step, { stallDeadlineMillis: 10_000, now: () => 1 });
  /** Everybody who needs a value has a series of its text. */
  const findNeeded = (): ReadonlySet<string> => new Set(inUse(visible).map(textOf));
  const giveBack = (cuts = 2): void => {
    let made = 0;
    const underRight = (step: (right: number) => unknown): CutResult =>
      made++ < cuts ? cut(step) : { outcome: 'busy', value: undefined };
    new sources.HiddenPlaces(region, { index: values }).giveBack(underRight, findNeeded, () => 1);
  };
  /** Its text is there: how it comes into memory is another scenario's. */
  const bringing = (value: string, hash: number): (() => Place) => {
    const stored = sources.text.storeText(region, value);
    if (typeof stored === 'string') throw new Error(stored);
    const admitSeries = (): Place => {
      for (;;) {
        let found = region.kernel.find(hash, 2, 3, 4);
        if (found === NOT_FOUND)
          found = region.kernel.admit(hash, 2, 3, 4, visible, stored.address, stored.length, 1);
        if (found >= 0) return { slot: tables.slotOf(found), live: tables.liveWordOf(found) };
      }
    };
    return () => sources.admitWithin(holders as never, value, admitSeries) ?? series.overflow();
  };
  const admit = bringing(VALUE, 1);

  if (!isFree) holders.admit(VALUE);
  if (isNeeded) admit();
  const bringer = (
    name: string,
    index: number,
    bring: () => Place,
    bounds: Bounds,
    isAtOnce = false,
  ): Program => ({
    name,
    bounds: { questions: 70, ...bounds },
    steps: [
      {
        name: 'admit',
        ready: () => !isForgotten,
        run: () => {
          const pack = ({ slot, live }: Place): number => slot * PACKED + live;
          return isAtOnce ? Number(store.region.peek(() => String(pack(bring())))) : pack(bring());
        },
        end: (ghost, _thread, packed) => ghost.with(index, packed as number),
      },
    ],
  });
  const programs: Program[] = [
    bringer('thread', 0, admit, bounds),
    ...askers.map(({ after, onlyMarks = false, ...bounds }, index): Program => ({
      name: `asker ${index}`,
      ...(after === undefined ? {} : { after }),
      bounds,
      steps: [{ name: 'give back', run: () => giveBack(onlyMarks ? 1 : 2) }],
    })),
    ...(rival === undefined ? [] : [bringer('rival', 1, bringing(RIVAL, 5), rival, rival.isAtOnce)]),
  ];
  return {
    region: store.region,
    programs,
    ghost: [0, 0],
    always: () => store.checkPhases(),
    atEnd: ghost => {
      const places = inUse(values);
      for (const [index, value] of [VALUE, RIVAL].entries()) {
        const [slot, live] = [Math.floor(ghost[index]! / PACKED), ghost[index]! % PACKED];
        if (
          slot >= store.region.layout.maxStreams &&
          tables.slotWord(region, slot) === live &&
          !places.map(textOf).includes(value)
        )
          throw new Violation('a series is recorded into whose value has no place');
      }
      const counted = tables.streamAdmitted(region, values);
      if (counted < places.length || counted > LIMIT)
        throw new Violation(`${places.length} places are in use, and ${counted} are counted`);
      if (inUse(visible).length > 0) return;
      giveBack();
      if (tables.streamAdmitted(region, values) !== 0) throw new Violation('a place never comes back');
    },
    maxStates: 3e6,
  };
}
