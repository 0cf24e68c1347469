// Threads that bring attributes for the first time at the same time: the same set, different sets in one chain, or in
// two. The limit is exact, the overflow series takes only what found the limit or the store full, no set has two series,
// and a collector that finds a series live finds its definition complete. The threads run the shipped
// SeriesPlaces, from the text of the attributes on.
import { explicitHistogram } from '../../../lib/memory/aggregation.js';
import * as words from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Program } from '../model-thread.js';
import { ModelStore } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

export interface AdmissionBounds {
  /** One for each thread: the value of its attribute, or a number of a value in the same chain as the first one. */
  readonly values: readonly string[];
  readonly sameChain?: boolean;
  readonly limit: number;
  /** Series that the store has room for. */
  readonly room: number;
  /** Whether the first thread may be killed. */
  readonly crashes?: number;
  /** Whether a collector looks at the slot table meanwhile. */
  readonly catalog?: boolean;
}

const AGGREGATION = explicitHistogram(2);
const START = 7;

export function admission(sources: ShippedSources, bounds: AdmissionBounds): Exploration {
  const store = new ModelStore(sources, 1, bounds.room);
  const stream = store.addStream(AGGREGATION, bounds.limit);
  const slotOf = (value: string): number => {
    const places = store.placesOf(stream, START);
    return places.admit(`{"k":"${value}"}`).slot;
  };
  const values = bounds.sameChain ? valuesOfOneChain(store, bounds.values.length, slotOf) : bounds.values;
  const programs: Program[] = values.map((value, index) => ({
    name: `thread ${index}`,
    bounds: { questions: 22, crashes: index === 0 ? (bounds.crashes ?? 0) : 0 },
    steps: [
      {
        name: `slotOf ${value}`,
        run: () => slotOf(value),
        end: (ghost, _thread, slot) =>
          ghost.map((was, each) => (each === index ? (slot as number) + 1 : was)),
      },
    ],
  }));
  if (bounds.catalog) programs.push({ name: 'collector', steps: [lookAtSlots(store, stream)] });
  return {
    region: store.region,
    programs,
    ghost: values.map(() => 0),
    atEnd: (ghost, threads) => {
      const ended = values.filter((_, index) => ghost[index] !== 0);
      const everybody = threads.every(({ stop }) => stop === 'ended');
      checkSlots(
        store,
        stream,
        bounds,
        ended,
        ghost.filter(slot => slot !== 0).map(slot => slot - 1),
        everybody,
      );
      // Whoever was killed: a set that has no series yet still gets what is left.
      for (const [index, value] of ended.entries())
        if (slotOf(value) !== ghost.filter(slot => slot !== 0)[index]! - 1)
          throw new Violation(`${value} has another series when it comes again`);
    },
    maxStates: 5e6,
  };
}

/** What a collector's catalog does with a slot: read its definition once it is live. */
function lookAtSlots(store: ModelStore, stream: number): Program['steps'][number] {
  const { slotsEnd, isInUse, slotWord, readSlot } = store.sources.tables;
  const { region } = store.region;
  return {
    name: 'catalog',
    run: () => {
      for (let slot = store.region.layout.maxStreams; slot < slotsEnd(region); slot++) {
        if (!isInUse(slotWord(region, slot))) continue;
        const record = readSlot(region, slot);
        if (
          record.stream !== stream ||
          record.aggregation !== AGGREGATION ||
          record.startUnixMillis !== START
        )
          return `slot ${slot} is live and its definition is not there`;
        if (record.textAddress === 0 || record.textLength === 0) return `slot ${slot} is live without text`;
      }
      return '';
    },
    end: (ghost, _thread, fault) => {
      if (fault !== '') throw new Violation(fault as string);
      return ghost;
    },
  };
}

function checkSlots(
  store: ModelStore,
  stream: number,
  { limit, room }: AdmissionBounds,
  values: readonly string[],
  slots: readonly number[],
  everybody: boolean,
): void {
  const byValue = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    const slot = slots[index]!;
    if ((byValue.get(value) ?? slot) !== slot)
      throw new Violation(`${value} has the slots ${byValue.get(value)} and ${slot}`);
    byValue.set(value, slot);
  }
  const admitted = new Set([...byValue.values()].filter(slot => slot !== stream));
  const overflowed = [...byValue.values()].filter(slot => slot === stream).length;
  if (admitted.size + overflowed !== byValue.size) throw new Violation('two sets have one series');
  if (!everybody) return;
  const expected = Math.min(limit, room, byValue.size);
  if (admitted.size !== expected) throw new Violation(`${admitted.size} series, possible were ${expected}`);
  const { words: memory } = store.region.memory;
  const permits =
    memory[(store.region.layout.streamTable + stream * words.STREAM_SIZE + words.STREAM_ADMITTED) / 4];
  const used = memory[words.SLOTS_USED / 4];
  if (permits !== expected || used !== expected)
    throw new Violation(`${expected} series, but ${permits} permits and ${used} slots are taken`);
}

function valuesOfOneChain(store: ModelStore, count: number, slotOf: (value: string) => number): string[] {
  const { memory, layout } = store.region;
  const byChain = new Map<number, string[]>();
  for (let number = 0; ; number++) {
    const mark = memory.mark();
    slotOf(`v${number}`);
    const heads = memory.words.subarray(layout.hashHeads / 4, layout.hashHeads / 4 + layout.hashHeadCount);
    const chain = heads.findIndex(word => word !== 0);
    memory.undo(mark);
    const values = [...(byChain.get(chain) ?? []), `v${number}`];
    if (values.length === count) return values;
    byChain.set(chain, values);
  }
}
