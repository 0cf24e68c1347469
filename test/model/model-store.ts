// The smallest store that shows what a scenario is about, and what its threads do in it: shipped code, and the ghost that
// knows what nobody in the store can know.
import type { RecordTarget } from '../../lib/memory/recorder.js';
import * as words from '../../lib/memory/words.js';
import { Violation } from './explorer.js';
import { STALL_DEADLINE_MILLIS, type Ghost, type Step } from './model-thread.js';
import { ObservedRegion } from './observed-region.js';
import type { Recorder, SeriesPlaces, ShippedSources, Swap } from './shipped-sources.js';

/** Ghost: which records returned, then what each cut held. */
const RETURNED = 0;
export const NOTHING: Ghost = [0];

/** Record number n adds this much: the sum then tells how often each record is in it. */
export const valueOf = (record: number): number => 4 ** record;

/** Which records a sum holds. */
export function recordsIn(sum: number): number {
  let set = 0;
  for (let record = 0, rest = sum; rest !== 0; record++) {
    const times = ((rest % 4) + 4) % 4;
    if (times > 1 || !Number.isInteger(rest))
      throw new Violation(`record ${record} is ${times} times in ${sum}`);
    set |= times << record;
    rest = (rest - times) / 4;
  }
  return set;
}

export class ModelStore {
  readonly region: ObservedRegion;
  readonly sources: ShippedSources;
  #streams = 0;

  constructor(sources: ShippedSources, stripes: number, series: number) {
    this.sources = sources;
    this.region = new ObservedRegion(sources, {
      maxBytes: 64_000,
      stripes,
      maxStreams: 2,
      maxBoundaries: 1,
      maxSeries: series,
      maxLabelBytes: 128,
    });
  }

  /** Stores a boundary as a stream's registration does. Returns its address. */
  storeBoundary(boundary: number): number {
    const stored = this.sources.text.storeDoubles(this.region.region, [boundary]);
    if (typeof stored === 'string') throw new Error(stored);
    return stored.address;
  }

  /** Registers a stream with the kernel's own function. `ttl` 0: its series never expire. Returns its index. */
  addStream(
    aggregation: number,
    limit: number,
    boundaries = 0,
    ttl = 0,
    expiresAdded = false,
    hidden = false,
  ): number {
    const { kernel } = this.region.region;
    const index = kernel.admitStream(
      ...([this.#streams, 1, 2, 3, this.#streams, 0, 0, limit, aggregation, boundaries, 0, ttl] as const),
      Number(expiresAdded),
      ttl > 0 ? 1 : 0,
      Number(hidden),
    );
    if (index !== this.#streams++) throw new Error(`stream ${index}`);
    return index;
  }

  /** What finds, admits and removes the series of a stream. The clock stands still: a writer may have looked at it long ago. */
  placesOf(stream: number, now = 1): SeriesPlaces {
    const options = { region: this.region.region, now: () => now, refuse: () => {} };
    return new this.sources.SeriesPlaces({ index: stream, definition: { name: 'metric' } }, options);
  }

  /** Admits a series with the kernel's own function. */
  addSeries(stream: number): RecordTarget {
    const found = this.region.region.kernel.admit(stream, 5, 6, 7, stream, 0, 0, 0);
    if (found < 0) throw new Error(`no slot: ${found}`);
    return this.#target(this.sources.tables.slotOf(found));
  }

  /** The overflow series of a stream. */
  overflowSeries(stream: number): RecordTarget {
    return this.#target(stream);
  }

  #target(slot: number): RecordTarget {
    const renew = (): never => {
      throw new Violation(`slot ${slot} is stale, and nothing expires here`);
    };
    return { slot, live: this.sources.tables.slotWord(this.region.region, slot), renew };
  }

  stripeAddress(stripe: number): number {
    return words.STRIPES + stripe * words.STRIPE_SIZE;
  }

  /** A step that records; the thread carries the address of the stripe that it used last. */
  recordStep(record: number, after: number, write: (recorder: Recorder) => void): Step {
    const recorder = new this.sources.Recorder(this.region.region, true);
    return {
      name: `record ${record}`,
      ready: ghost => (ghost[RETURNED]! & after) === after,
      run: ({ carried }) => {
        recorder._stripe = carried;
        write(recorder);
        return recorder._stripe;
      },
      end: (ghost, thread, stripe) => {
        thread.carried = stripe as number;
        return [ghost[RETURNED]! | (1 << record), ...ghost.slice(1)];
      },
    };
  }

  /** A step that collects. `read` runs under the right; `records` says which records are in what it read. */
  collectStep<T>(
    name: string,
    read: (right: number) => T | undefined,
    records: (reading: T) => number,
    causes: readonly (readonly [cause: number, effect: number])[] = [],
  ): Step {
    return {
      name,
      begin: (ghost, thread) => {
        thread.asked = ghost[RETURNED]!;
        return ghost;
      },
      run: () => this.collect(new this.sources.Swap(this.region.region), read),
      end: (ghost, thread, result) => {
        const { outcome, value } = result as { outcome: string; value: T };
        if (outcome === 'busy') return ghost;
        const cut = records(value);
        checkCut(cut, outcome === 'fresh' ? thread.asked : 0, ghost, causes);
        return [...ghost, cut];
      },
    };
  }

  collect<T>(swap: Swap, read: (right: number) => T | undefined): { outcome: string; value: T } {
    const options = { stallDeadlineMillis: STALL_DEADLINE_MILLIS, now: () => 1 };
    const { outcome, value } = swap.cut(read, options);
    return { outcome, value: value as T };
  }

  /** What must hold when no thread goes on: another collection succeeds, and has all that returned. */
  checkEnd<T>(
    ghost: Ghost,
    read: (right: number) => T | undefined,
    records: (reading: T) => number,
    causes: readonly (readonly [cause: number, effect: number])[] = [],
  ): void {
    const { outcome, value } = this.collect(new this.sources.Swap(this.region.region), read);
    if (outcome !== 'fresh') throw new Violation(`the last collection is ${outcome}`);
    checkCut(records(value), ghost[RETURNED]!, ghost, causes);
    if (this.#phase(words.DRAINED) !== this.#phase(words.EPOCH)) throw new Violation('the last cut is open');
  }

  /** DRAINED <= QUIESCED <= EPOCH <= DRAINED + 1. */
  checkPhases(): void {
    const [drained, quiesced, epoch] = [words.DRAINED, words.QUIESCED, words.EPOCH].map(word =>
      this.#phase(word),
    );
    if (!(drained! <= quiesced! && quiesced! <= epoch! && epoch! <= drained! + 1))
      throw new Violation(`DRAINED ${drained}, QUIESCED ${quiesced}, EPOCH ${epoch}`);
  }

  /** Room is for one note of a series in a bank. */
  checkNotes(): void {
    const { words: all } = this.region.memory;
    for (let bank = 0; bank < 2 * this.region.layout.stripes; bank++) {
      const line = this.stripeAddress(bank >> 1);
      const count = all[(line + words.STRIPE_COUNTS + ((bank & 1) << words.STRIPE_COUNT_SHIFT)) / 4]!;
      const log = all[(line + words.STRIPE_LOGS + (bank & 1) * 4) / 4]! / 4;
      const noted = Array.from({ length: count }, (_, index) => all[log + index]);
      if (new Set(noted).size < count) throw new Violation(`a bank notes ${noted.join()}`);
    }
  }

  #phase(word: number): number {
    return this.region.memory.words[word / 4]!;
  }
}

function checkCut(
  cut: number,
  required: number,
  ghost: Ghost,
  causes: readonly (readonly [cause: number, effect: number])[],
): void {
  const show = (set: number): string => set.toString(2).padStart(4, '0');
  if ((cut & required) !== required)
    throw new Violation(
      `a cut has records ${show(cut)}, but ${show(required)} returned before it was asked for`,
    );
  for (const other of ghost.slice(1))
    if ((cut & other) !== cut && (cut & other) !== other)
      throw new Violation(
        `two cuts have records ${show(cut)} and ${show(other)}: neither is the earlier one`,
      );
  for (const [cause, effect] of causes)
    if (cut & (1 << effect) && !(cut & (1 << cause)))
      throw new Violation(`a cut has record ${effect} without record ${cause}, which caused it`);
}
