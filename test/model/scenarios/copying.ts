// A reader of totals copies a cut and finds out which series it is of, while others record, remove and admit, and while
// another collector takes the right from it: that one drains, begins lives, frees slots and lets others have them. What the
// reader shows of a copy that counts is each series of the cut with exactly the numbers and the start that it had when the
// copy began, looked at in one moment by who judges; without a series only if it was removed meanwhile.
import { explicitHistogram, SUM } from '../../../lib/memory/aggregation.js';
import * as words from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Ghost, ModelThread, Program, Step } from '../model-thread.js';
import { ModelStore, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources, Snapshots } from '../shipped-sources.js';
import { BOUNDARY, BUCKETS, recordsOfHistogram } from './histogram.js';

/**
 * `record` into the series that is there, or `remove` it; `admit` another one and record into that; `hide` a place; take the
 * right from the reader, whatever it does, and `collect`.
 */
export type Deed = 'record' | 'remove' | 'admit' | 'hide' | 'collect';

export interface CopyingBounds {
  readonly kind: 'sum' | 'histogram';
  /** How many slots were given back before. */
  readonly freed?: number;
  /** Whether the series was left out of the last collection, so that its next record is a new life. */
  readonly wasLeftOut?: boolean;
  /** Whether it was removed just before, so that only another cut than the reader's frees its slot. */
  readonly wasRemoved?: boolean;
  /** Whether a copy that counts for nothing leaves its reader with what it found out about series. */
  readonly keeps?: boolean;
  /** What another thread does beside it, one after the other; if it collects, then only from the reader's cut on. */
  readonly deeds: readonly Deed[];
}

interface Shown {
  readonly text: string;
  readonly start: number;
  readonly value: unknown;
  readonly age: unknown;
  readonly used: number;
}

interface Result {
  readonly outcome: string;
  /** As JSON: of the cut, and of the copy. */
  readonly cut: string;
  readonly copy: string;
}

/** 1: the removal has begun. */
const REMOVED = 0;

const OWN = '{}';
/** The others' records follow the first one's. */
const OTHER_RECORDS = 4;
/** Times of the collections: those of the reader are too early for anything to expire. */
const TTL = 500;
const [BEFORE, EARLY, LATE] = [10, 400, 1000];

export function copying(
  sources: ShippedSources,
  { kind, freed = 0, wasLeftOut = false, wasRemoved = false, keeps = false, deeds }: CopyingBounds,
): Exploration {
  const store = new ModelStore(sources, 1, 3);
  const { region } = store.region;
  const { tables, totals, rows } = sources;
  const isHistogram = kind === 'histogram';
  const boundary = isHistogram ? store.storeBoundary(BOUNDARY) : 0;
  const stream = store.addStream(isHistogram ? explicitHistogram(BUCKETS) : SUM, 3, boundary, TTL);
  const hidden = store.addStream(SUM, 1, 0, 0, false, true);
  const definition = {
    kind: isHistogram ? 'HISTOGRAM' : 'COUNTER',
    boundaries: isHistogram ? [BOUNDARY] : [],
  };
  const registered = [definition, { ...definition, hidden: true }].map((each, index) => ({
    index,
    definition: each,
  }));
  const registry = { at: (index: number) => registered[index], all: () => registered };
  const [places, hiddenPlaces] = [store.placesOf(stream), store.placesOf(hidden)];
  const recorder = new sources.Recorder(region, true);

  const record = (text: string, number: number): void => {
    recorder._stripe = store.stripeAddress(0);
    const handle = new sources.SeriesHandle(places.admit(text), text, places.renew);
    if (isHistogram) recorder.record(handle, valueOf(number), boundary, 1);
    else recorder.add(handle, valueOf(number));
  };
  const cut = (read: (right: number) => unknown, now: number): { outcome: string; value: unknown } =>
    new sources.Swap(region).cut(read, { stallDeadlineMillis: 10_000, now: () => now });

  /** The series that this cut shows, one by one. */
  const lookAtCut = (): string => {
    const shown: Shown[] = [];
    for (let slot = 0; slot < tables.slotsEnd(region); slot++) {
      if (!tables.isInUse(tables.slotWord(region, slot)) || sources.isLeftOut(region, slot)) continue;
      const found = tables.readSlot(region, slot);
      if (found.stream !== stream) continue;
      const value = isHistogram
        ? totals.readHistogram(region, found.histogramOffset, BUCKETS)
        : totals.readSum(region, slot);
      if (value === undefined) continue;
      shown.push({
        text:
          slot < store.region.layout.maxStreams
            ? ''
            : sources.text.loadText(region, found.textAddress, found.textLength),
        ...{ start: found.startUnixMillis, value },
        ...{ age: totals.ageOf(region, slot), used: tables.usedAt(region, slot) },
      });
    }
    return JSON.stringify(shown);
  };
  /** What the reader makes of a copy, without the right. */
  const show = ({ snapshot, rows: all }: NonNullable<ReturnType<Snapshots['take']>>): string =>
    JSON.stringify(
      all.flatMap(of => {
        const chosen = new Int32Array(of.slots.length);
        const length = rows.chooseRows(snapshot, of, [0, chosen.length], () => false, chosen, 0);
        const width = isHistogram ? 4 + BUCKETS : 0;
        const [starts, numbers] = [new Float64Array(length), new Float64Array(length)];
        const cells = new Float64Array(length * width);
        rows.fillStarts(snapshot, of, chosen, [0, length], starts);
        if (isHistogram) rows.fillCells(snapshot, of, chosen, [0, length], width, cells);
        else rows.fillSums(snapshot, of, chosen, [0, length], numbers);
        return Array.from(chosen.subarray(0, length), (row, index): Shown => {
          const [count = 0, sum = 0, min = 0, max = 0, ...counts] = cells.subarray(
            index * width,
            (index + 1) * width,
          );
          const slot = of.slots[row]!;
          return {
            text: slot < store.region.layout.maxStreams ? '' : of.at(row).text,
            ...{
              start: starts[index]!,
              value: isHistogram ? { count, sum, min, max, counts } : numbers[index]!,
            },
            ...{ age: snapshot.ageOf(slot), used: snapshot.usedAt(slot) },
          };
        });
      }),
    );
  const readCopy = (now: number): Result => {
    const newSnapshots = (): Snapshots =>
      new sources.Snapshots(region, new sources.SeriesCatalog(region, registry));
    const kept = newSnapshots();
    let atCut = '';
    const { outcome, value } = cut(right => {
      atCut = store.region.peek(lookAtCut);
      const take = (snapshots: Snapshots): string | undefined => {
        const taken = snapshots.take(new sources.RightPace(region, right), { firstSeen: true, usedAt: true });
        return taken && show(taken);
      };
      // What an attempt came across is forgotten with its end, unless the next one shall know of it.
      return keeps ? take(kept) : sources.host.script(`copy(${right})`, () => take(newSnapshots()));
    }, now);
    return { outcome, cut: atCut, copy: (value as string | undefined) ?? '[]' };
  };

  const judge = (ghost: Ghost, { outcome, cut, copy }: Result): void => {
    if (outcome !== 'fresh') return;
    const [there, shown] = [cut, copy].map(text => JSON.parse(text) as Shown[]) as [Shown[], Shown[]];
    const known = new Set(there.map(each => JSON.stringify(each)));
    for (const each of shown) {
      if (!known.has(JSON.stringify(each)))
        throw new Violation(`a copy shows ${copy}, and its cut has ${cut}`);
      const found = isHistogram ? recordsOfHistogram(each.value as never) : recordsIn(each.value as number);
      const [from, to] = each.text === OWN ? [0, OTHER_RECORDS] : [OTHER_RECORDS, 31];
      if (found >> to !== 0 || (found & ((1 << from) - 1)) !== 0)
        throw new Violation(`a record is in another's series: ${each.text} has ${found}`);
    }
    const texts = new Set(shown.map(({ text }) => text));
    for (const { text } of there)
      if (!texts.has(text) && (text !== OWN || ghost[REMOVED] === 0))
        throw new Violation(`a copy is without ${text}, which nobody removed`);
  };

  const spare = Array.from({ length: freed }, (_, index) => `{"${index}":0}`);
  record(OWN, 0);
  for (const text of spare) {
    places.admit(text);
    places.remove(text);
  }
  for (let now = BEFORE; now < BEFORE + 3; now++) cut(() => null, now);
  if (wasRemoved) places.remove(OWN);
  if (wasLeftOut) cut(() => null, BEFORE + TTL + 1);

  const epoch = (): number => store.region.memory.words[words.DRAINED / 4]!;
  const first = epoch();
  const collects = deeds.includes('collect');
  const steps = deeds.map((deed, index): Step => {
    const name = `${deed} ${index}`;
    const ready = (): boolean => !collects || epoch() > first;
    switch (deed) {
      case 'record':
        return { name, ready, run: () => record(OWN, 1 + index) };
      case 'admit':
        return { name, ready, run: () => record(`{"k":${index}}`, OTHER_RECORDS + index) };
      case 'hide':
        return { name, ready, run: () => hiddenPlaces.admit('a').live };
      case 'remove':
        return { name, ready, begin: () => [1], run: () => places.remove(OWN) };
      case 'collect':
        return { name, ready, run: () => cut(() => null, LATE + index).outcome };
    }
  });
  const programs: Program[] = [
    {
      name: 'reader',
      steps: [
        {
          name: 'copy',
          run: () => readCopy(wasLeftOut ? BEFORE + TTL + 2 : EARLY),
          end: (ghost, _thread: ModelThread, result) => {
            judge(ghost, result as Result);
            return ghost;
          },
        },
      ],
    },
  ];
  if (steps.length > 0)
    programs.push({ name: 'other', bounds: { questions: 80, impatience: 1, pauses: 1 }, steps });
  return {
    region: store.region,
    programs,
    ghost: [0],
    always: () => store.checkPhases(),
    atEnd: ghost => {
      const result = readCopy(LATE + 10);
      if (result.outcome !== 'fresh') throw new Violation(`the last collection is ${result.outcome}`);
      judge(ghost, result);
      if (result.copy !== result.cut)
        throw new Violation(`alone, a copy shows ${result.copy} of ${result.cut}`);
    },
    maxStates: 5e6,
  };
}
