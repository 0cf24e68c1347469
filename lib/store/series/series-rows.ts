// The series of a thread by slot, and by stream: each stream's in the order of their slots, in which collections list them.
// Columns, because there may be a million series of which nobody wants to see an object: one is made when somebody looks.
// What a reading was given of a stream does not change any more: series that come or go make it anew. One per thread and
// store.
import { KnownSeries, type Series, type SeriesPlace } from './known-series.js';
import { SeriesTexts } from './series-texts.js';
import type { RegisteredStream } from './stream-registry.js';

/** The series of one stream: what stands at one position belongs together. */
export interface StreamRows {
  readonly stream: RegisteredStream;
  readonly slots: Int32Array;
  /** The slots' words while these series have them. */
  readonly lives: Int32Array;
  /** Where their cells stand in every histogram area, in bytes. */
  readonly histograms: Uint32Array;
  readonly texts: SeriesTexts;
  /** Where their texts stand in `texts`. */
  readonly places: Float64Array;
  /** Whether some are copies of holders. */
  readonly hasHeld: boolean;
  /** The series at a row that there is: the same object as long as it has its slot. */
  at(row: number): Series;
}

/** Slots that are looked at between two looks at the clock. */
const SLOTS_PER_STEP = 16_384;
/** Texts that are copied between two of them. */
const COPIES_PER_STEP = 2048;
/** Of slots of which any may come, columns are made at once: growing by doubling would copy them in long steps. */
const FEW_SLOTS = 16_384;

/** By slot. */
class SlotColumns {
  /** The index of the stream, plus 1; 0: there is no series. */
  readonly streams: Int32Array;
  readonly lives: Int32Array;
  readonly histograms: Uint32Array;
  readonly places: Float64Array;

  constructor(length: number, before?: SlotColumns) {
    this.streams = new Int32Array(length);
    this.lives = new Int32Array(length);
    this.histograms = new Uint32Array(length);
    this.places = new Float64Array(length);
    if (before === undefined) return;
    this.streams.set(before.streams);
    this.lives.set(before.lives);
    this.histograms.set(before.histograms);
    this.places.set(before.places);
  }
}

export class SeriesRows {
  readonly #slotsMax: number;
  #columns = new SlotColumns(1024);
  #end = 0;
  #texts = new SeriesTexts();
  /** From which texts are being copied: the place of one that still is there is negative, less 1. */
  #sparse: SeriesTexts | undefined;
  readonly #streamAt: RegisteredStream[] = [];
  readonly #held = new Set<number>();
  /** By slot, of those that somebody looked at. */
  readonly #objects: (Series | undefined)[] = [];
  #byStream: readonly StreamRows[] = [];
  /** Streams of which series came or went since they were put in rows. */
  readonly #changed = new Map<number, RegisteredStream>();

  /** @param slotsMax how many slots there may be */
  constructor(slotsMax: number) {
    this.#slotsMax = slotsMax;
  }

  /** The slot's word while the series has it that is known there, if there is one. */
  liveAt(slot: number): number | undefined {
    return slot < this.#end && this.#columns.streams[slot] !== 0 ? this.#columns.lives[slot] : undefined;
  }

  at(slot: number): Series | undefined {
    const live = this.liveAt(slot);
    return live === undefined ? undefined : this.#objectAt(slot);
  }

  #objectAt(slot: number): Series | undefined {
    const { streams, lives, histograms, places } = this.#columns;
    const stream = this.#streamAt[(streams[slot] ?? 0) - 1];
    if (stream === undefined) return undefined;
    return (this.#objects[slot] ??= new KnownSeries(
      { slot, live: lives[slot] ?? 0, stream, histogram: histograms[slot] ?? 0 },
      { text: this.#textAt(places[slot] ?? 0), isHeld: this.#held.has(slot) },
    ));
  }

  #textAt(place: number): string {
    return place < 0 ? (this.#sparse?.read(-1 - place) ?? '') : this.#texts.read(place);
  }

  /** The texts of the series that are put. */
  get texts(): SeriesTexts {
    return this.#texts;
  }

  /**
   * In the place of whatever the slot had.
   *
   * @param text where its text stands in `texts`
   */
  put({ slot, live, stream, histogram }: SeriesPlace, text: number, isHeld: boolean): void {
    this.take(slot);
    if (slot >= this.#columns.streams.length) {
      const length = slot < FEW_SLOTS ? 2 * slot : this.#slotsMax;
      this.#columns = new SlotColumns(Math.max(length, slot + 1), this.#columns);
    }
    const { streams, lives, histograms, places } = this.#columns;
    streams[slot] = stream.index + 1;
    lives[slot] = live;
    histograms[slot] = histogram;
    places[slot] = text;
    if (isHeld) this.#held.add(slot);
    if (slot >= this.#end) this.#end = slot + 1;
    this.#streamAt[stream.index] = stream;
    this.#hasChanged(stream);
  }

  take(slot: number): void {
    const { streams, places } = this.#columns;
    const stream = slot < this.#end ? this.#streamAt[(streams[slot] ?? 0) - 1] : undefined;
    if (stream === undefined) return;
    const place = places[slot] ?? 0;
    if (place >= 0) this.#texts.drop(place);
    streams[slot] = 0;
    if (this.#objects[slot] !== undefined) this.#objects[slot] = undefined;
    this.#held.delete(slot);
    this.#hasChanged(stream);
  }

  #hasChanged(stream: RegisteredStream): void {
    if (this.#changed.get(stream.index) !== stream) this.#changed.set(stream.index, stream);
  }

  /** The streams that have series, in the order of their registration, as they were last sorted. */
  get streams(): readonly StreamRows[] {
    return this.#byStream;
  }

  /** Sorts what came or went, in steps, one caller at a time. What does so between two of them may be left for the next time. */
  *sort(): Generator<void, void, undefined> {
    if (this.#changed.size === 0) return;
    if (this.#texts.isSparse || this.#sparse !== undefined) yield* this.#copyTexts();
    const changed = new Map(this.#changed);
    this.#changed.clear();
    let isDone = false;
    try {
      const lengths = yield* this.#count(changed);
      const made = new Map<number, Rows>();
      for (const [index, stream] of changed)
        made.set(index, new Rows(stream, lengths[index] ?? 0, this.#texts, this.#known));
      yield* this.#fill(made);
      this.#byStream = [...this.#byStream.filter(({ stream }) => !made.has(stream.index)), ...made.values()]
        .filter(({ slots }) => slots.length > 0)
        .sort((one, other) => one.stream.index - other.stream.index);
      isDone = true;
    } finally {
      if (!isDone) for (const [index, stream] of changed) this.#changed.set(index, stream);
    }
  }

  /** What rows ask for objects. */
  readonly #known = (slot: number, live: number, stream: RegisteredStream): Series | undefined =>
    this.liveAt(slot) === live && this.#columns.streams[slot] === stream.index + 1
      ? this.#objectAt(slot)
      : undefined;

  /** Into new memory. All rows are made anew afterwards, so that nobody holds the old one. */
  *#copyTexts(): Generator<void, void, undefined> {
    if (this.#sparse === undefined) {
      this.#sparse = this.#texts;
      this.#texts = new SeriesTexts();
      const { places } = this.#columns;
      for (let slot = 0; slot < this.#end; slot++) places[slot] = -1 - (places[slot] ?? 0);
    }
    for (let slot = 0; slot < this.#end; slot++) {
      const { streams, places } = this.#columns;
      const place = places[slot] ?? 0;
      if (place < 0 && streams[slot] !== 0)
        places[slot] = this.#sparse?.copyTo(this.#texts, -1 - place) ?? place;
      if (slot % COPIES_PER_STEP === COPIES_PER_STEP - 1) yield;
    }
    this.#sparse = undefined;
    for (const { stream } of this.#byStream) this.#hasChanged(stream);
  }

  *#count(changed: ReadonlyMap<number, RegisteredStream>): Generator<void, Int32Array, undefined> {
    let streamsEnd = 0;
    for (const index of changed.keys()) streamsEnd = Math.max(streamsEnd, index + 1);
    const lengths = new Int32Array(streamsEnd);
    for (let from = 0; from < this.#end; from += SLOTS_PER_STEP) {
      const streams = this.#columns.streams.subarray(from, Math.min(this.#end, from + SLOTS_PER_STEP));
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
    for (let from = 0; from < this.#end; from += SLOTS_PER_STEP) {
      const to = Math.min(this.#end, from + SLOTS_PER_STEP);
      const columns = this.#columns;
      for (let slot = from; slot < to; slot++) {
        const rows = byIndex[(columns.streams[slot] ?? 0) - 1];
        if (rows !== undefined) rows.push(slot, columns, this.#held.size > 0 && this.#held.has(slot));
      }
      yield;
    }
    for (const rows of made.values()) rows.end();
  }
}

class Rows implements StreamRows {
  readonly stream: RegisteredStream;
  readonly texts: SeriesTexts;
  slots: Int32Array;
  lives: Int32Array;
  histograms: Uint32Array;
  places: Float64Array;
  #length = 0;
  readonly #held = new Set<number>();
  readonly #known: (slot: number, live: number, stream: RegisteredStream) => Series | undefined;
  /** Of those that lost their slots since. */
  readonly #gone = new Map<number, Series>();

  constructor(
    stream: RegisteredStream,
    length: number,
    texts: SeriesTexts,
    known: (slot: number, live: number, stream: RegisteredStream) => Series | undefined,
  ) {
    this.stream = stream;
    this.texts = texts;
    this.slots = new Int32Array(length);
    this.lives = new Int32Array(length);
    this.histograms = new Uint32Array(stream.definition.kind === 'HISTOGRAM' ? length : 0);
    this.places = new Float64Array(length);
    this.#known = known;
  }

  get hasHeld(): boolean {
    return this.#held.size > 0;
  }

  at(row: number): Series {
    const [slot, live] = [this.slots[row] ?? 0, this.lives[row] ?? 0];
    const known = this.#known(slot, live, this.stream) ?? this.#gone.get(row);
    if (known !== undefined) return known;
    const place = { slot, live, stream: this.stream, histogram: this.histograms[row] ?? 0 };
    const text = this.texts.read(this.places[row] ?? 0);
    const gone = new KnownSeries(place, { text, isHeld: this.#held.has(row) });
    this.#gone.set(row, gone);
    return gone;
  }

  push(slot: number, { lives, histograms, places }: SlotColumns, isHeld: boolean): void {
    const at = this.#length++;
    if (at >= this.slots.length) this.#grow();
    this.slots[at] = slot;
    this.lives[at] = lives[slot] ?? 0;
    this.places[at] = places[slot] ?? 0;
    if (at < this.histograms.length) this.histograms[at] = histograms[slot] ?? 0;
    if (isHeld) this.#held.add(at);
  }

  /** More than were counted: some came since. */
  #grow(): void {
    const { slots, lives, histograms, places } = this;
    const length = 2 * slots.length + 8;
    this.slots = new Int32Array(length);
    this.slots.set(slots);
    this.lives = new Int32Array(length);
    this.lives.set(lives);
    this.places = new Float64Array(length);
    this.places.set(places);
    if (this.stream.definition.kind !== 'HISTOGRAM') return;
    this.histograms = new Uint32Array(length);
    this.histograms.set(histograms);
  }

  /** Fewer than were counted: they went since. */
  end(): void {
    this.slots = this.slots.subarray(0, this.#length);
    this.lives = this.lives.subarray(0, this.#length);
    this.places = this.places.subarray(0, this.#length);
    this.histograms = this.histograms.subarray(0, this.#length);
  }
}
