// What a collecting thread knows about series: read once from shared memory, because a series' definition never changes.
// One per thread and store.
import { SERIES_PER_LOOK } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import {
  isInUse,
  isRemoved,
  liveWord,
  readSlot,
  type SlotRecord,
  slotsEnd,
  slotWord,
  tableChanges,
} from '../../memory/tables.js';
import { copyText, loadText } from '../../memory/text.js';
import { OVERFLOW_TEXT } from '../definition/overflow.js';
import { mayBeHeld, shownText, type Series } from './known-series.js';
import { SeriesRows, type StreamRows } from './series-rows.js';
import type { RegisteredStream, StreamRegistry } from './stream-registry.js';
import { TimeSlice } from '../../guard/time-slice.js';

/** Words that are compared between two looks at the clock. */
const WORDS_PER_STEP = 65_536;

/** What `tableChanges` grows by with five hundred series, which are read in a millisecond. */
const FEW_CHANGES = 1024n;

/** Where a text was put, and whether it is of a copy of a holder. */
interface PutText {
  readonly text: number;
  readonly isHeld: boolean;
}

export class SeriesCatalog {
  readonly #region: Region;
  readonly #registry: StreamRegistry;
  /** Words of slots as they were when their series was read. Compared all at once: nothing is called for who stayed. */
  #seen = new Int32Array(0);
  readonly #rows: SeriesRows;
  /** `tableChanges` when all series were known. */
  #knownChanges = -FEW_CHANGES - 1n;
  #reading: Promise<void> | undefined;

  constructor(region: Region, registry: StreamRegistry) {
    this.#region = region;
    this.#registry = registry;
    this.#rows = new SeriesRows(region.layout.slotCount);
  }

  /** The series of a slot, or undefined while it has none that is shown. */
  at(slot: number): Series | undefined {
    return isInUse(slotWord(this.#region, slot)) ? this.evenRemoved(slot) : undefined;
  }

  /** The same, but a removed one too until its slot is given back. */
  evenRemoved(slot: number): Series | undefined {
    const word = slotWord(this.#region, slot);
    if (!isReadable(word)) return undefined;
    return this.#isKnownAs(slot, word) || this.#read(slot, word) === 'known'
      ? this.#rows.at(slot)
      : undefined;
  }

  #isKnownAs(slot: number, word: number): boolean {
    const live = this.#rows.liveAt(slot);
    // A new generation of an overflow series is the same series.
    return live === liveWord(word) || (live !== undefined && slot < this.#region.layout.maxStreams);
  }

  #read(slot: number, word: number): 'known' | 'hidden' | 'gone' {
    const isOverflow = slot < this.#region.layout.maxStreams;
    if (!isOverflow && !this.#isStill(slot, word)) return 'gone';
    const record = readSlot(this.#region, slot);
    const stream = this.#registry.at(record.stream);
    if (stream.definition.hidden === true) return 'hidden';
    const { text, isHeld } = isOverflow ? this.#putText(OVERFLOW_TEXT) : this.#putTextOf(stream, record);
    // Without the right to collect, the slot may have been given to another series while it was read, or be dead: its text is
    // given back before its generation changes.
    if (!isOverflow && !this.#isStill(slot, word)) {
      this.#rows.texts.drop(text);
      return 'gone';
    }
    this.#rows.put({ slot, live: liveWord(word), stream, histogram: record.histogramOffset }, text, isHeld);
    return 'known';
  }

  #putTextOf(stream: RegisteredStream, { textAddress, textLength }: SlotRecord): PutText {
    if (mayBeHeld(stream)) {
      const { text, isHeld } = shownText(stream, loadText(this.#region, textAddress, textLength));
      return { ...this.#putText(text), isHeld };
    }
    const text = this.#rows.texts.put(textLength, (into, at) => {
      copyText(this.#region, textAddress, textLength, into, at);
    });
    return { text, isHeld: false };
  }

  #putText(text: string): PutText {
    const put = this.#rows.texts.put(Buffer.byteLength(text), (into, at) => into.write(text, at));
    return { text: put, isHeld: false };
  }

  #isStill(slot: number, word: number): boolean {
    const now = slotWord(this.#region, slot);
    return liveWord(now) === liveWord(word) && isReadable(now);
  }

  /**
   * Brings what is known up to date with words of slots, as they are now or, under the right, were copied in this holding of
   * it. Done when it was gone through.
   *
   * @param words of the slot 0 at `first`, of slots to `end`
   */
  *update(words: Int32Array, first: number, end: number): Generator<void, void, undefined> {
    if (this.#seen.length < end) {
      const seen = new Int32Array(this.#region.layout.slotCount);
      seen.set(this.#seen);
      this.#seen = seen;
    }
    const seen = this.#seen;
    let looks = 0;
    for (let from = 0; from < end; from += WORDS_PER_STEP) {
      const to = Math.min(end, from + WORDS_PER_STEP);
      for (let slot = from; slot < to; slot++) {
        if (seen[slot] === words[first + slot]) continue;
        const word = words[first + slot] ?? 0;
        if (this.#look(slot, word)) seen[slot] = word;
        if (++looks % SERIES_PER_LOOK === 0) yield;
      }
      yield;
    }
  }

  /** False when the slot must be looked at again. */
  #look(slot: number, word: number): boolean {
    if (isReadable(word) && this.#isKnownAs(slot, word)) return true;
    // Who had the slot before is not there any more, also when nobody is shown in its place.
    this.#rows.take(slot);
    return !isReadable(word) || this.#read(slot, word) !== 'gone';
  }

  /** Sorts what came or went, in steps, one caller at a time: `rows` are then of what is known. */
  sort(): Iterable<void> {
    return this.#rows.sort();
  }

  /** The streams that have series, as they were last sorted. */
  get rows(): readonly StreamRows[] {
    return this.#rows.streams;
  }

  /**
   * Reads series that this thread does not know yet, in short turns and without the right to collect: a collection, for
   * which others wait, then finds nearly all of them read. Undefined when there are so few that looking for them among all
   * others would cost more than they hold the others up.
   */
  readAhead(): Promise<void> | undefined {
    if (this.#reading === undefined && tableChanges(this.#region) - this.#knownChanges > FEW_CHANGES)
      this.#reading = this.#readAll().finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    const changes = tableChanges(this.#region);
    const { i32, layout } = this.#region;
    const slice = new TimeSlice();
    for (const _ of this.update(i32, layout.slotWords / 4, slotsEnd(this.#region)))
      if (slice.isOver()) await slice.next();
    this.#knownChanges = changes;
  }

  /** Slots that may hold something: the overflow series of all streams, then all series. */
  *slots(): Generator<number> {
    const streams = this.#registry.all().length;
    for (let slot = 0; slot < streams; slot++) yield slot;
    const end = slotsEnd(this.#region);
    for (let slot = this.#region.layout.maxStreams; slot < end; slot++) yield slot;
  }
}

function isReadable(word: number): boolean {
  return isInUse(word) || isRemoved(word);
}
