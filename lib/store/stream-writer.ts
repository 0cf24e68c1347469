/*
 * One stream as one thread records into it: attributes in, slot out. Never throws; what it cannot do it counts.
 */
import type { Attributes, Context } from '@opentelemetry/api';
import { hasEnded } from '../memory/recorder.js';
import type { Region } from '../memory/region.js';
import { count, type StatisticName } from '../memory/statistics.js';
import { countOverflow, liveWord, readStream, slotWord, streamAdmitted } from '../memory/tables.js';
import { returnText, storeText, type StoredText } from '../memory/text.js';
import * as words from '../memory/words.js';
import { canonicalize } from './attributes.js';
import { HandleCache, type CacheGenerations } from './handle-cache.js';
import { keyOf } from './key.js';
import { SeriesHandle, type Place } from './series-handle.js';
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

  /** The series of these attributes; the overflow series when there is no place for them. Undefined: they cannot be read. */
  handleOf(attributes: Attributes | undefined, context: Context | undefined): SeriesHandle | undefined {
    let processed: unknown = attributes;
    try {
      if (this.#process !== undefined) processed = this.#process(attributes ?? {}, context);
    } catch (error) {
      const { name } = this.stream.definition;
      this.#refuse(
        'attributes',
        `an attributes processor of ${name} failed, its records overflow: ${String(error)}`,
      );
      return this.overflow();
    }
    try {
      const object = typeof processed === 'object' && processed !== null ? processed : EMPTY;
      return this.#cache.get(object) ?? this.#find(readOnce(object));
    } catch (error) {
      this.#refuse(
        'attributes',
        `attributes of ${this.stream.definition.name} cannot be read: ${String(error)}`,
      );
      return undefined;
    }
  }

  /** The stream's overflow series. */
  overflow(): SeriesHandle {
    const place = (): Place => this.#overflowPlace();
    return new SeriesHandle(place(), '', place);
  }

  #overflowPlace(): Place {
    const slot = this.stream.index;
    return { slot, live: slotWord(this.#options.region, slot) };
  }

  #find(attributes: object): SeriesHandle {
    return this.#cache.recall(attributes) ?? this.#resolve(attributes);
  }

  #resolve(attributes: object): SeriesHandle {
    const { text, faults } = canonicalize(attributes, this.#options.maxLabelValueLength);
    for (const fault of faults)
      this.#refuse(
        fault,
        `an attribute of ${this.stream.definition.name} is not a string, number, boolean or list of these, or too long`,
      );
    const handle = new SeriesHandle(this.#admit(text), text, this.#renew);
    this.#cache.set(attributes, handle);
    return handle;
  }

  readonly #renew = ({ slot, live, text }: SeriesHandle): Place =>
    this.#options.region.kernel.revive(slot, live) === 0 ? this.#admit(text) : { slot, live };

  #admit(text: string): Place {
    const { region, now } = this.#options;
    const key = keyOf(`${this.stream.index}${text}`);
    let stored: StoredText | undefined;
    const give = (place: Place): Place => {
      if (stored !== undefined) returnText(region, stored);
      return place;
    };
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      // In this order: who reads "full" first and finds nothing afterwards is really not in.
      const isFull = streamAdmitted(region, this.stream.index) >= this.#limit;
      const found = region.kernel.find(...key);
      if (found >= 0n) {
        const place = this.#claim(found);
        if (place !== undefined) return give(place);
        continue;
      }
      if (found === BigInt(words.RETRY)) continue;
      // Nothing would ever be recorded into a new series; the recorder counts what comes.
      if (hasEnded(region)) return give(this.#overflowPlace());
      if (isFull) return give(this.#overflow('overflowedSeries', `limit ${this.#limit}`));
      stored ??= storeText(region, text);
      if (stored === undefined)
        return this.#overflow('labelBytesExhausted', `maxLabelBytes ${region.layout.maxLabelBytes}`);
      const { address, length } = stored;
      const admitted = region.kernel.admit(...key, this.stream.index, address, length, now());
      if (admitted >= CREATED) return placeOf(admitted);
      if (admitted < BigInt(words.RETRY)) return give(this.#refusal(Number(admitted)));
    }
    return give(this.#overflow('contended', `${TRIES_MAX} tries`));
  }

  /** A series that retires lives on, if this thread is in time. */
  #claim(found: bigint): Place | undefined {
    const { slot, live } = placeOf(found);
    const word = Number(found >> 32n);
    return word === live || this.#options.region.kernel.revive(slot, live) !== 0 ? { slot, live } : undefined;
  }

  #refusal(answer: number): Place {
    const cause = REFUSALS.get(answer) ?? 'overflowedSeries';
    const { maxSeries } = this.#options.region.layout;
    return this.#overflow(
      cause,
      cause === 'overflowedSeries' ? `limit ${this.#limit}` : `maxSeries ${maxSeries}`,
    );
  }

  #overflow(cause: StatisticName, bound: string): Place {
    countOverflow(this.#options.region, this.stream.index);
    this.#refuse(
      cause,
      `${this.stream.definition.name} is full (${bound}): further attribute sets go to its overflow series`,
    );
    return this.#overflowPlace();
  }

  #refuse(cause: StatisticName, detail: string): void {
    count(this.#options.region, cause);
    this.#options.warn(cause, detail);
  }
}

const EMPTY = Object.freeze({});

/**
 * The attributes as plain values. What is remembered must be what was hashed: a getter may answer differently each time.
 * Throws what a getter throws, before anything is admitted.
 */
function readOnce(attributes: object): object {
  const values: Record<string, unknown> = {};
  for (const key in attributes) {
    const value = (attributes as Record<string, unknown>)[key];
    // An object without a prototype would not need the difference, but costs a microsecond.
    if (key === '__proto__') Object.defineProperty(values, key, { value, enumerable: true });
    else values[key] = value;
  }
  return values;
}

const CREATED = 1n << BigInt(words.CREATED_SHIFT);
/** Somebody else changed the tables each time: impossible but for a bug, and a record path has a bound. */
const TRIES_MAX = 2 ** 20;

function placeOf(answer: bigint): Place {
  const word = Number((answer & (CREATED - 1n)) >> 32n);
  return { slot: Number(answer & 0xffffffffn), live: liveWord(word) };
}

/** One record goes to one series of each stream. */
export function handlesOf(
  writers: readonly StreamWriter[],
  attributes: Attributes | undefined,
): SeriesHandle[] {
  return writers.map(writer => writer.handleOf(attributes, undefined)).filter(handle => handle !== undefined);
}
