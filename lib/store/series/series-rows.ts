// The series of a thread by slot, and by stream: each stream's in the order of their slots, in which collections list them.
// What a reading was given of a stream does not change any more: series that come or go make it anew. One per thread and
// store.
import type { RegisteredStream } from './stream-registry.js';
import type { Series } from './known-series.js';

/** The series of one stream: what stands at one position belongs together. */
export interface StreamRows {
  readonly stream: RegisteredStream;
  readonly series: readonly Series[];
  readonly slots: Int32Array;
  /** Where their cells stand in every histogram area, in bytes. */
  readonly histograms: Uint32Array;
  /** Whether some are copies of holders. */
  readonly hasHeld: boolean;
}

/** Slots that are looked at between two looks at the clock. */
const SLOTS_PER_STEP = 32_768;

export class SeriesRows {
  readonly #bySlot: (Series | undefined)[] = [];
  /** By slot: the index of its series' stream, plus 1; 0: it has none. Grows with the slots. */
  #streams = new Int32Array(1024);
  #byStream: readonly StreamRows[] = [];
  /** Streams of which series came or went since they were put in rows. */
  readonly #changed = new Map<number, RegisteredStream>();

  at(slot: number): Series | undefined {
    return this.#bySlot[slot];
  }

  /** In the place of whatever the slot had. */
  put(series: Series): void {
    const { slot, stream } = series;
    this.take(slot);
    if (slot >= this.#streams.length) {
      const streams = new Int32Array(2 * slot);
      streams.set(this.#streams);
      this.#streams = streams;
    }
    this.#bySlot[slot] = series;
    this.#streams[slot] = stream.index + 1;
    this.#changed.set(stream.index, stream);
  }

  take(slot: number): void {
    const series = this.#bySlot[slot];
    if (series === undefined) return;
    this.#bySlot[slot] = undefined;
    this.#streams[slot] = 0;
    this.#changed.set(series.stream.index, series.stream);
  }

  /** The streams that have series, in the order of their registration, as they were last sorted. */
  get streams(): readonly StreamRows[] {
    return this.#byStream;
  }

  /** Sorts what came or went, in steps, one caller at a time. What does so between two of them may be left for the next time. */
  *sort(): Generator<void, void, undefined> {
    const changed = new Map(this.#changed);
    if (changed.size === 0) return;
    this.#changed.clear();
    let isDone = false;
    try {
      const lengths = yield* this.#count(changed);
      const made = new Map<number, Rows>();
      for (const [index, stream] of changed) made.set(index, new Rows(stream, lengths[index] ?? 0));
      yield* this.#fill(made);
      this.#byStream = [...this.#byStream.filter(({ stream }) => !made.has(stream.index)), ...made.values()]
        .filter(({ series }) => series.length > 0)
        .sort((one, other) => one.stream.index - other.stream.index);
      isDone = true;
    } finally {
      if (!isDone) for (const [index, stream] of changed) this.#changed.set(index, stream);
    }
  }

  *#count(changed: ReadonlyMap<number, RegisteredStream>): Generator<void, Int32Array, undefined> {
    let streamsEnd = 0;
    for (const index of changed.keys()) streamsEnd = Math.max(streamsEnd, index + 1);
    const lengths = new Int32Array(streamsEnd);
    for (let from = 0; from < this.#bySlot.length; from += SLOTS_PER_STEP) {
      const streams = this.#streams.subarray(from, Math.min(this.#bySlot.length, from + SLOTS_PER_STEP));
      for (let at = 0; at < streams.length; at++) {
        const stream = (streams[at] ?? 0) - 1;
        if (stream >= 0 && stream < lengths.length) lengths[stream] = (lengths[stream] ?? 0) + 1;
      }
      yield;
    }
    return lengths;
  }

  *#fill(made: ReadonlyMap<number, Rows>): Generator<void, void, undefined> {
    // By index, as long as nothing but the streams changes: a look into a map for each series costs more than all else.
    const byIndex: (Rows | undefined)[] = [];
    for (const [index, rows] of made) byIndex[index] = rows;
    for (let from = 0; from < this.#bySlot.length; from += SLOTS_PER_STEP) {
      const to = Math.min(this.#bySlot.length, from + SLOTS_PER_STEP);
      for (let slot = from; slot < to; slot++) {
        const rows = byIndex[(this.#streams[slot] ?? 0) - 1];
        const series = rows === undefined ? undefined : this.#bySlot[slot];
        if (series !== undefined) rows?.push(series);
      }
      yield;
    }
    for (const rows of made.values()) rows.end();
  }
}

class Rows implements StreamRows {
  readonly stream: RegisteredStream;
  readonly series: Series[] = [];
  slots: Int32Array;
  histograms: Uint32Array;
  hasHeld = false;

  constructor(stream: RegisteredStream, length: number) {
    this.stream = stream;
    this.slots = new Int32Array(length);
    this.histograms = new Uint32Array(stream.definition.kind === 'HISTOGRAM' ? length : 0);
  }

  push(series: Series): void {
    const at = this.series.length;
    if (at >= this.slots.length) this.#grow();
    this.series.push(series);
    this.slots[at] = series.slot;
    if (at < this.histograms.length) this.histograms[at] = series.histogram;
    if (series.isHeld) this.hasHeld = true;
  }

  /** More than were counted: some came since. */
  #grow(): void {
    const { slots, histograms } = this;
    this.slots = new Int32Array(2 * slots.length + 8);
    this.slots.set(slots);
    if (this.stream.definition.kind !== 'HISTOGRAM') return;
    this.histograms = new Uint32Array(this.slots.length);
    this.histograms.set(histograms);
  }

  /** Fewer than were counted: they went since. */
  end(): void {
    this.slots = this.slots.subarray(0, this.series.length);
    this.histograms = this.histograms.subarray(0, this.series.length);
  }
}
