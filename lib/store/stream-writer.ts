/*
 * One stream as one thread records into it: attributes in, slot out. Never throws; what it cannot do it counts.
 */
import type { Attributes, Context } from '@opentelemetry/api';
import { hasEnded } from '../memory/recorder.js';
import type { Region } from '../memory/region.js';
import { count, type StatisticName } from '../memory/statistics.js';
import { countOverflow, readSlot, readStream, streamAdmitted } from '../memory/tables.js';
import { returnText, storeText } from '../memory/text.js';
import * as words from '../memory/words.js';
import { canonicalize } from './attributes.js';
import { HandleCache, type CacheGenerations } from './handle-cache.js';
import { keyOf } from './key.js';
import type { RegisteredStream } from './stream-registry.js';
import type { View } from './view.js';

export interface StreamWriterOptions {
  readonly region: Region;
  readonly generations: CacheGenerations;
  readonly maxLabelValueLength: number;
  readonly now: () => number;
  /** Says a cause once. */
  readonly warn: (cause: StatisticName, detail: string) => void;
}

const REFUSALS = new Map<number, StatisticName>([
  [words.SLOTS_EXHAUSTED, 'slotsExhausted'],
  [words.HISTOGRAMS_EXHAUSTED, 'histogramsExhausted'],
]);

export class StreamWriter {
  readonly stream: RegisteredStream;
  readonly #options: StreamWriterOptions;
  readonly #process: View['process'];
  readonly #cache: HandleCache;
  readonly #limit: number;

  constructor(stream: RegisteredStream, process: View['process'], options: StreamWriterOptions) {
    this.stream = stream;
    this.#process = process;
    this.#options = options;
    this.#cache = new HandleCache(options.generations);
    this.#limit = readStream(options.region, stream.index).limit;
  }

  /** The slot of these attributes; the stream's overflow slot when there is no place for them. -1: they cannot be read, or recording is over. */
  slotOf(attributes: Attributes | undefined, context: Context | undefined): number {
    let processed: unknown = attributes;
    try {
      if (this.#process !== undefined) processed = this.#process(attributes ?? {}, context);
    } catch (error) {
      const { name } = this.stream.definition;
      this.#refuse(
        'attributes',
        `an attributes processor of ${name} failed, its records overflow: ${String(error)}`,
      );
      return this.stream.index;
    }
    try {
      const object = typeof processed === 'object' && processed !== null ? processed : EMPTY;
      const cached = this.#cache.get(object);
      return cached >= 0 ? cached : this.#resolve(object);
    } catch (error) {
      this.#refuse(
        'attributes',
        `attributes of ${this.stream.definition.name} cannot be read: ${String(error)}`,
      );
      return -1;
    }
  }

  #resolve(attributes: object): number {
    const { text, faults } = canonicalize(attributes, this.#options.maxLabelValueLength);
    for (const fault of faults)
      this.#refuse(
        fault,
        `an attribute of ${this.stream.definition.name} is not a string, number, boolean or list of these, or too long`,
      );
    const slot = this.#admit(text);
    if (slot >= 0) this.#cache.set(attributes, slot);
    return slot;
  }

  #admit(text: string): number {
    const { region, now } = this.#options;
    const key = keyOf(`${this.stream.index}${text}`);
    const found = region.kernel.find(...key);
    if (found >= 0) return found;
    if (hasEnded(region)) {
      count(region, 'ended'); // Nothing would ever be recorded into a new series.
      return -1;
    }
    // Full, and then looked up once more: who reads "full" first and finds nothing afterwards is really not in.
    if (streamAdmitted(region, this.stream.index) >= this.#limit) {
      const late = region.kernel.find(...key);
      return late >= 0 ? late : this.#overflow('overflowedSeries', `limit ${this.#limit}`);
    }
    const stored = storeText(region, text);
    if (stored === undefined)
      return this.#overflow('labelBytesExhausted', `maxLabelBytes ${region.layout.maxLabelBytes}`);
    const { address, length } = stored;
    let slot: number = words.RETRY;
    while (slot === words.RETRY)
      slot = region.kernel.admit(...key, this.stream.index, address, length, now());
    if (slot < 0) {
      returnText(region, stored);
      const cause = REFUSALS.get(slot) ?? 'overflowedSeries';
      return this.#overflow(
        cause,
        cause === 'overflowedSeries' ? `limit ${this.#limit}` : `maxSeries ${region.layout.maxSeries}`,
      );
    }
    if (readSlot(region, slot).textAddress !== address) returnText(region, stored); // Another thread was faster.
    return slot;
  }

  #overflow(cause: StatisticName, bound: string): number {
    countOverflow(this.#options.region, this.stream.index);
    this.#refuse(
      cause,
      `${this.stream.definition.name} is full (${bound}): further attribute sets go to its overflow series`,
    );
    return this.stream.index;
  }

  #refuse(cause: StatisticName, detail: string): void {
    count(this.#options.region, cause);
    this.#options.warn(cause, detail);
  }
}

const EMPTY = Object.freeze({});
