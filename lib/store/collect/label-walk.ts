// What is there: the series of the slot table and the labels that they have, read in steps and without the right to collect,
// so that nobody waits for it. A series is read, and then looked at again: who had its slot meanwhile is read instead. Whoever
// else wants texts of series gets them on the way. One for each report. Any thread.
import { HashedLabels } from '../../cardinality/hashed-labels.js';
import { LabelRoom, MetricLabels } from '../../cardinality/label-report.js';
import { SERIES_PER_LOOK } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import { isInUse, liveWord, readSlot, slotsEnd, slotWord } from '../../memory/tables.js';
import { copyWords } from '../../memory/text.js';
import { CANONICAL_TEXTS, readCanonicalLabels } from '../series/canonical-labels.js';
import { mayBeHeld } from '../series/known-series.js';
import type { StreamRegistry } from '../series/stream-registry.js';

/** How often a series is looked at whose slot changes again and again. */
const LOOKS_MAX = 4;
const TEXT_BYTES = 4096;

/** A stream whose series are shown. */
interface WalkedStream {
  readonly labels: MetricLabels;
  readonly isHeld: boolean;
}

/** Who wants the texts of some streams' series too. */
export interface TextTaker {
  has(stream: number): boolean;
  add(stream: number, text: string): void;
}

export class LabelWalk {
  readonly #region: Region;
  readonly #registry: StreamRegistry;
  readonly #taker: TextTaker | undefined;
  readonly #room = new LabelRoom();
  /** By index; null: hidden. */
  readonly #streams: (WalkedStream | null)[] = [];
  readonly #hashed = new HashedLabels();
  /** The text of one series, as words and as bytes. */
  #words = new Int32Array(TEXT_BYTES / 4);
  #bytes = Buffer.from(this.#words.buffer);

  constructor(region: Region, registry: StreamRegistry, taker?: TextTaker) {
    this.#region = region;
    this.#registry = registry;
    this.#taker = taker;
  }

  /** The labels of the series that a stream has; of a hidden one undefined. */
  labelsOf(stream: number): MetricLabels | undefined {
    return this.#streamAt(stream)?.labels;
  }

  /** Reads every `step`-th series. Done when it was gone through. */
  *read(step = 1): Generator<void, void, undefined> {
    const { maxStreams } = this.#region.layout;
    const end = slotsEnd(this.#region);
    let looks = 0;
    for (let slot = maxStreams; slot < end; slot += step) {
      for (let tries = 0; tries < LOOKS_MAX && !this.#readSlot(slot); tries++);
      if (++looks % SERIES_PER_LOOK === 0) yield;
    }
  }

  /** Adds series of a stream that have no slot. */
  *readTexts(stream: number, texts: Iterable<string>): Generator<void, void, undefined> {
    const walked = this.#streamAt(stream);
    if (walked === undefined) return;
    let looks = 0;
    for (const text of texts) {
      this.#add(stream, walked, Buffer.from(text));
      if (++looks % SERIES_PER_LOOK === 0) yield;
    }
  }

  /** False when its series went while it was read. */
  #readSlot(slot: number): boolean {
    const region = this.#region;
    const word = slotWord(region, slot);
    if (!isInUse(word)) return true;
    const record = readSlot(region, slot);
    // What is torn may lead anywhere: nothing is done with it before the second look.
    const { text, textEnd } = region.layout;
    const { stream: index, textAddress, textLength } = record;
    const isInside = textLength >= 0 && textAddress >= text && textAddress + textLength <= textEnd;
    if (isInside) this.#copy(textAddress, textLength);
    const now = slotWord(region, slot);
    if (!isInUse(now) || liveWord(now) !== liveWord(word)) return false;
    const stream = isInside ? this.#streamAt(index) : undefined;
    if (stream !== undefined) this.#add(index, stream, this.#bytes, textLength);
    return true;
  }

  #add(index: number, { labels, isHeld }: WalkedStream, bytes: Buffer, length = bytes.length): void {
    readCanonicalLabels(bytes, length, isHeld, this.#hashed);
    labels.add(this.#hashed, bytes);
    if (this.#taker?.has(index) === true) this.#taker.add(index, bytes.toString('utf8', 0, length));
  }

  #copy(address: number, length: number): void {
    if (length > this.#bytes.length) {
      this.#words = new Int32Array(Math.ceil(length / 2));
      this.#bytes = Buffer.from(this.#words.buffer);
    }
    copyWords(this.#region, address, length, this.#words);
  }

  #streamAt(index: number): WalkedStream | undefined {
    let stream = this.#streams[index];
    if (stream === undefined) {
      const registered = this.#registry.at(index);
      stream =
        registered.definition.hidden === true
          ? null
          : { labels: new MetricLabels(this.#room, CANONICAL_TEXTS), isHeld: mayBeHeld(registered) };
      this.#streams[index] = stream;
    }
    return stream ?? undefined;
  }
}
