// Which values of a label have a place, as one thread knows them while all places are taken: then a value that has none is
// refused by one look, and a flood of values makes no text and no hash. Who is not refused here asks the tables, so what is
// known here can be old, but never lets in what has no place.
import { ownText } from '../../guard/own-text.js';
import type { Region } from '../../memory/region.js';
import { isInUse, readSlot, slotsEnd, slotWord, streamAdmitted, streamOfSlot } from '../../memory/tables.js';
import { loadText } from '../../memory/text.js';
import { SLOT_WORD_MAX } from '../../memory/words.js';
import type { RegisteredStream } from '../series/stream-registry.js';

/** Slots of the store that one refused value pays for: some microseconds. */
const SLOTS_PER_LOOK = 1024;
/** Characters of refused values that are remembered, and what a value takes beside its own: some 128 KiB for 1,024 of them. */
const REFUSED_ROOM = 65_536;
const REFUSED_COST = 32;

/** Told of each value that is refused here once, and when there are too many of them to remember all. */
export interface RefusedCount {
  add(value: unknown): void;
  addNoMore(): void;
}

export class AdmittedValues {
  readonly #region: Region;
  readonly #stream: number;
  readonly #limit: number;
  readonly #maxLength: number;
  readonly #valueOf: (text: string) => unknown;
  readonly #refused: RefusedCount;
  /** The word of the stream's overflow slot while the places stay taken: who gives one back changes it. */
  #closedAt: number | undefined;
  #values = new Set<unknown>();
  /** Those that were refused, once all that have a place are known. */
  #told = new Set<unknown>();
  #room = 0;
  /** All places are known, and more values were refused than can be remembered: nothing more is, and nothing counts. */
  #isFlooded = false;
  #next = 0;

  /**
   * @param stream the hidden one
   * @param maxLength of a text that stands in a place as it is
   * @param valueOf what the text of a place stands for
   */
  constructor(
    region: Region,
    { index, definition: { limit } }: RegisteredStream,
    maxLength: number,
    valueOf: (text: string) => unknown,
    refused: RefusedCount,
  ) {
    this.#region = region;
    this.#stream = index;
    this.#limit = limit;
    this.#maxLength = maxLength;
    this.#valueOf = valueOf;
    this.#refused = refused;
  }

  /** A value was refused, with this word of the overflow slot, which was read first. */
  refused(word: number): void {
    // For another reason, such as a store without room: then the next value may be let in.
    // And with its last word an overflow slot tells nothing any more.
    const isTold = word < SLOT_WORD_MAX;
    if (!isTold || streamAdmitted(this.#region, this.#stream) < this.#limit) this.#closedAt = undefined;
    else if (this.#closedAt !== word) {
      this.#closedAt = word;
      this.#begin();
    }
  }

  /** Whether the value surely has no place, and can get none. */
  isRefused(value: unknown): boolean {
    if (this.#closedAt === undefined || slotWord(this.#region, this.#stream) !== this.#closedAt) return false;
    if (this.#values.has(value) || !this.#isAsItIs(value)) return false;
    return this.#isFlooded || this.#told.has(value) || this.#refuse(value);
  }

  get #isComplete(): boolean {
    return this.#values.size >= this.#limit;
  }

  /** Whether it is refused, of a value that comes for the first time. */
  #refuse(value: unknown): boolean {
    if (!this.#isComplete) return this.#look();
    const text = typeof value === 'string' ? ownText(value) : undefined;
    this.#room -= REFUSED_COST + (text?.length ?? 0);
    this.#isFlooded = this.#room < 0;
    if (this.#isFlooded) {
      this.#refused.addNoMore();
      this.#told = new Set();
    } else {
      this.#refused.add(value);
      this.#told.add(text ?? value);
    }
    return true;
  }

  /** Others stand in a place cut, or as something that is equal to them but not the same. */
  #isAsItIs(value: unknown): boolean {
    const type = typeof value;
    return type === 'string'
      ? (value as string).length <= this.#maxLength
      : type === 'number' || type === 'boolean';
  }

  #begin(): void {
    this.#values = new Set();
    this.#told = new Set();
    this.#room = REFUSED_ROOM;
    this.#isFlooded = false;
    this.#next = this.#region.layout.maxStreams;
  }

  /** Reads on. False always: who has to look asks the tables this time. */
  #look(): false {
    const end = slotsEnd(this.#region);
    const until = Math.min(end, this.#next + SLOTS_PER_LOOK);
    for (; this.#next < until; this.#next++) this.#read(this.#next);
    // A place changed hands meanwhile.
    if (this.#next >= end && !this.#isComplete) this.#begin();
    return false;
  }

  #read(slot: number): void {
    const region = this.#region;
    const word = slotWord(region, slot);
    if (!isInUse(word) || streamOfSlot(region, slot) !== this.#stream) return;
    const { textAddress, textLength } = readSlot(region, slot);
    const text = loadText(region, textAddress, textLength);
    // Still the same: it was the text of this value.
    if (slotWord(region, slot) === word) this.#values.add(this.#valueOf(text));
  }
}
