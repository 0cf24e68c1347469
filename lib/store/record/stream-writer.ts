// One stream as one thread records into it: attributes in, slot out. Never throws; what it cannot do it counts.
import type { Attributes, Context } from '@opentelemetry/api';
import { ADMISSION_PATIENCE_MILLIS } from '../../limits.js';
import { AdmissionTries } from '../../memory/admission-tries.js';
import { hasEnded } from '../../memory/recorder.js';
import type { Region } from '../../memory/region.js';
import { count, type StatisticName } from '../../memory/statistics.js';
import {
  countOverflow,
  isInUse,
  liveWord,
  readSlot,
  readStream,
  slotsEnd,
  slotWord,
  streamAdmitted,
} from '../../memory/tables.js';
import { returnText, storeText, type StoredText } from '../../memory/text.js';
import * as words from '../../memory/words.js';
import {
  attributesOf,
  canonicalizeLabels,
  withConstants,
  type AttributeReader,
  type Labels,
} from '../series/attributes.js';
import { HandleCache, type CacheGenerations } from './handle-cache.js';
import { keyOf } from '../series/key.js';
import { HOLDER } from '../series/series-catalog.js';
import { SeriesHandle, type Place } from './series-handle.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import { textOf } from '../../guard/thrown.js';
import type { View } from '../definition/view.js';

export interface StreamWriterOptions {
  readonly region: Region;
  readonly generations: CacheGenerations;
  readonly maxLabelValueLength: number;
  readonly reader: AttributeReader;
  /** What every series of this thread has, unless the caller gives another value. */
  readonly constants: Labels;
  readonly now: () => number;
  /** Says a cause once. */
  readonly warn: (cause: StatisticName, detail: string) => void;
  /** Counts attributes that are too many, and says so once. */
  readonly drop: (dropped: number) => void;
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
  readonly #reader: AttributeReader;
  /** Whether an object came whose names are remembered. */
  #hasSeenHuge = false;

  constructor(stream: RegisteredStream, process: View['process'], options: StreamWriterOptions) {
    this.stream = stream;
    this.#process = process;
    this.#options = options;
    this.#cache = new HandleCache(options.generations);
    this.#reader = options.reader;
    this.#limit = readStream(options.region, stream.index).limit;
  }

  /** The series of these attributes; the overflow series when there is no place for them. Undefined: they cannot be read. */
  handleOf(attributes: Attributes | undefined, context: Context | undefined): SeriesHandle | undefined {
    try {
      if (this.#process !== undefined) {
        const result = this.#processed(this.#process, attributes ?? {}, context);
        if (result === undefined) return this.overflow();
        return this.#cache.get(result) ?? this.#resolve(result, NONE);
      }
      const object = objectOf(attributes);
      const known = this.#hasSeenHuge && this.#reader.isHuge(object) ? undefined : this.#cache.get(object);
      return known ?? this.#resolve(object, this.#options.constants);
    } catch (error) {
      return this.#isUnreadable(error);
    }
  }

  #isUnreadable(error: unknown): undefined {
    this.#refuse(
      'attributes',
      `attributes of ${this.stream.definition.name} cannot be read: ${textOf(error)}`,
    );
  }

  /**
   * A processor sees what is kept of the caller's attributes, and the constant ones. What it returns is final. Undefined: it
   * failed.
   */
  #processed(
    process: NonNullable<View['process']>,
    given: object,
    context: Context | undefined,
  ): object | undefined {
    const { constants } = this.#options;
    const isAsGiven = constants.size === 0 && !this.#reader.isHuge(given) && !this.#reader.isTooLarge(given);
    const attributes = isAsGiven ? given : attributesOf(this.#read(given, constants).all);
    try {
      return objectOf(process(attributes as Attributes, context));
    } catch (error) {
      const { name } = this.stream.definition;
      this.#refuse(
        'attributes',
        `an attributes processor of ${name} failed, its records overflow: ${textOf(error)}`,
      );
      return undefined;
    }
  }

  /** Removes the series of these attributes. False when they have none of their own. */
  remove(attributes: Attributes | undefined): boolean {
    const text = this.#textOf(attributes);
    return text !== undefined && this.#remove(text);
  }

  #remove(text: string): boolean {
    const { kernel } = this.#options.region;
    const key = keyOf(`${this.stream.index}${text}`);
    for (const tries = new AdmissionTries(this.#options.region); tries.next();) {
      const found = kernel.find(...key);
      if (found === BigInt(words.NOT_FOUND)) return false;
      if (found === BigInt(words.RETRY)) continue;
      const { slot, live } = placeOf(found);
      return this.#depart(slot, live);
    }
    return this.#isBusy();
  }

  /** The attributes of a series in their canonical form. Undefined: they cannot be read. */
  #textOf(attributes: Attributes | undefined): string | undefined {
    try {
      const isProcessed = this.#process !== undefined;
      const object = isProcessed
        ? this.#processed(this.#process, attributes ?? {}, undefined)
        : objectOf(attributes);
      if (object === undefined) return undefined;
      const { all } = this.#read(object, isProcessed ? NONE : this.#options.constants);
      return canonicalizeLabels(all, this.#options.maxLabelValueLength).text;
    } catch (error) {
      return this.#isUnreadable(error);
    }
  }

  /** Removes all series but the overflow series. Returns how many there were. */
  clear(): number {
    const { region } = this.#options;
    let removed = 0;
    const end = slotsEnd(region);
    for (let slot = region.layout.maxStreams; slot < end; slot++) {
      const word = slotWord(region, slot);
      // A slot that was given to another stream meanwhile has another word.
      if (!isInUse(word) || readSlot(region, slot).stream !== this.stream.index) continue;
      if (this.#depart(slot, liveWord(word))) removed++;
    }
    return removed;
  }

  #depart(slot: number, live: number): boolean {
    const { region } = this.#options;
    for (const tries = new AdmissionTries(region); tries.next();) {
      const answer = region.kernel.depart(slot, live);
      if (answer !== words.RETRY) return answer === words.DONE;
    }
    return this.#isBusy();
  }

  #isBusy(): false {
    this.#refuse('contended', `${this.stream.definition.name}: a series was not removed, the store is busy`);
    return false;
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

  #resolve(object: object, constants: Labels): SeriesHandle {
    const { own, all, isCut } = this.#read(object, constants);
    const known = (isCut ? this.#cache.find(own) : undefined) ?? this.#cache.recall(own);
    if (known !== undefined) return known;
    const { text, faults } = canonicalizeLabels(all, this.#options.maxLabelValueLength);
    for (const fault of faults)
      this.#refuse(
        fault,
        `an attribute of ${this.stream.definition.name} is not a string, number, boolean or list of these, or too long`,
      );
    const handle = new SeriesHandle(this.#admit(text), text, this.#renew);
    this.#cache.set(own, handle);
    return handle;
  }

  /** The caller's attributes as the cache knows them, and all that the series has. */
  #read(object: object, constants: Labels): { own: Labels; all: Labels; isCut: boolean } {
    // Who holds a copy of a series is no attribute of it, and takes no place among them.
    const max = this.#reader.max + Number(this.stream.definition.verbatim && Object.hasOwn(object, HOLDER));
    const own = this.#reader.read(object, max);
    const all = withConstants(own.labels, constants, max);
    this.#hasSeenHuge ||= this.#reader.isHuge(object);
    const dropped = own.dropped + all.dropped;
    if (dropped > 0) this.#options.drop(dropped);
    return { own: own.labels, all: all.labels, isCut: own.dropped > 0 };
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
    for (const tries = new AdmissionTries(region); tries.next();) {
      // In this order: whoever makes room afterwards ends this place of the overflow series too. And who reads "full" first
      // and finds nothing afterwards is really not in.
      const elsewhere = this.#overflowPlace();
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
      if (isFull) {
        // What was found full before the search may have been the removed series itself.
        if (slotWord(region, elsewhere.slot) !== elsewhere.live) continue;
        return give(this.#overflow('overflowedSeries', elsewhere));
      }
      if (stored === undefined) {
        const answer = storeText(region, text);
        if (typeof answer === 'string') return this.#overflow(answer, elsewhere);
        stored = answer;
      }
      const { address, length } = stored;
      const admitted = region.kernel.admit(...key, this.stream.index, address, length, now());
      if (admitted >= CREATED) return placeOf(admitted);
      if (admitted < BigInt(words.RETRY))
        return give(this.#overflow(REFUSALS.get(Number(admitted)) ?? 'overflowedSeries', elsewhere));
    }
    return give(this.#overflow('contended', this.#overflowPlace()));
  }

  /** A series that retires lives on, if this thread is in time. */
  #claim(found: bigint): Place | undefined {
    const { slot, live } = placeOf(found);
    const word = Number(found >> 32n);
    return word === live || this.#options.region.kernel.revive(slot, live) !== 0 ? { slot, live } : undefined;
  }

  #overflow(cause: StatisticName, elsewhere: Place): Place {
    countOverflow(this.#options.region, this.stream.index);
    const { name } = this.stream.definition;
    this.#refuse(cause, `${name} ${this.#whyOf(cause)}: further attribute sets go to its overflow series`);
    return elsewhere;
  }

  #whyOf(cause: StatisticName): string {
    const { maxSeries, maxLabelBytes } = this.#options.region.layout;
    switch (cause) {
      case 'contended':
        return `waited for other threads for ${ADMISSION_PATIENCE_MILLIS} ms`;
      case 'overflowedSeries':
        return `is full (limit ${this.#limit})`;
      case 'labelBytesExhausted':
        return `is full (maxLabelBytes ${maxLabelBytes})`;
      default:
        return `is full (maxSeries ${maxSeries})`;
    }
  }

  #refuse(cause: StatisticName, detail: string): void {
    count(this.#options.region, cause);
    this.#options.warn(cause, detail);
  }
}

const EMPTY = Object.freeze({});
const NONE: Labels = new Map();

function objectOf(attributes: unknown): object {
  return typeof attributes === 'object' && attributes !== null ? attributes : EMPTY;
}
const CREATED = 1n << BigInt(words.CREATED_SHIFT);

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

/** Removes the series of an attribute set in each stream. False when it has none anywhere. */
export function removeFrom(writers: readonly StreamWriter[], attributes: Attributes | undefined): boolean {
  return writers.filter(writer => writer.remove(attributes)).length > 0;
}

/** Removes all series of these streams. Returns how many there were. */
export function removeAll(writers: readonly StreamWriter[]): number {
  return writers.reduce((removed, writer) => removed + writer.clear(), 0);
}
