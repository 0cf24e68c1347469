// One stream as one thread records into it: attributes in, handle out. Never throws; what it cannot do it counts.
import type { Attributes, Context } from '@opentelemetry/api';
import {
  attributesOf,
  canonicalizeLabels,
  encodeLabels,
  withConstants,
  type AttributeReader,
  type Labels,
} from '../series/attributes.js';
import { EncodedText } from '../../memory/encoded-text.js';
import { HandleCache, type CacheGenerations } from './handle-cache.js';
import { HOLDER } from '../series/known-series.js';
import { SeriesHandle, type Place } from './series-handle.js';
import { SeriesPlaces, type AdmittedPlace, type SeriesPlacesOptions } from './series-places.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import { textOf } from '../../guard/thrown.js';
import type { View } from '../definition/view.js';

export interface StreamWriterOptions extends SeriesPlacesOptions {
  readonly generations: CacheGenerations;
  readonly maxLabelValueLength: number;
  readonly reader: AttributeReader;
  /** What every series of this thread has, unless the caller gives another value. */
  readonly constants: Labels;
  /** Counts attributes that are too many, and says so once. */
  readonly drop: (dropped: number) => void;
}

export class StreamWriter {
  readonly stream: RegisteredStream;
  readonly #options: StreamWriterOptions;
  readonly #process: View['process'];
  readonly #cache: HandleCache;
  readonly #places: SeriesPlaces;
  readonly #reader: AttributeReader;
  /** Whether an object came whose names are remembered. */
  #hasSeenHuge = false;

  constructor(stream: RegisteredStream, process: View['process'], options: StreamWriterOptions) {
    this.stream = stream;
    this.#process = process;
    this.#options = options;
    this.#cache = new HandleCache(options.generations);
    this.#reader = options.reader;
    this.#places = new SeriesPlaces(stream, options, options.generations.refusedSets);
  }

  /**
   * The series of these attributes; the overflow series when there is no place for them. Undefined: they cannot be read.
   *
   * @param isHeld whether the caller keeps the handle: then it is remembered from the first time on
   */
  handleOf(
    attributes: Attributes | undefined,
    context: Context | undefined,
    isHeld = false,
  ): SeriesHandle | undefined {
    try {
      if (this.#process !== undefined) {
        const result = this.#processed(this.#process, attributes ?? {}, context);
        if (result === undefined) return this.overflow();
        return this.#cache.get(result) ?? this.#resolve(result, NONE, isHeld);
      }
      const object = objectOf(attributes);
      const known = this.#hasSeenHuge && this.#reader.isHuge(object) ? undefined : this.#cache.get(object);
      return known ?? this.#resolve(object, this.#options.constants, isHeld);
    } catch (error) {
      return this.#isUnreadable(error);
    }
  }

  #isUnreadable(error: unknown): undefined {
    this.#options.refuse(
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
      this.#options.refuse(
        'attributes',
        `an attributes processor of ${name} failed, its records overflow: ${textOf(error)}`,
      );
      return undefined;
    }
  }

  /** Removes the series of these attributes. False when they have none of their own. */
  remove(attributes: Attributes | undefined): boolean {
    const text = this.#textOf(attributes);
    return text !== undefined && this.#places.remove(text);
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

  /** Whether the series of a handle still has its slot. */
  has(handle: SeriesHandle): boolean {
    return this.#places.has(handle);
  }

  /** Removes all series but the overflow series. Returns how many there were. */
  clear(): number {
    return this.#places.clear();
  }

  /** The stream's overflow series. */
  overflow(): SeriesHandle {
    const place = (): Place => this.#places.overflow();
    return new SeriesHandle(place(), '', place);
  }

  #resolve(object: object, constants: Labels, isHeld: boolean): SeriesHandle {
    const { own, all, isCut } = this.#read(object, constants);
    const known = (isCut ? this.#cache.find(own) : undefined) ?? this.#cache.recall(own);
    if (known !== undefined) return known;
    const text = EncodedText.take();
    const place = this.#admit(text, all);
    // Many a set comes once. One that comes again is remembered.
    const isRemembered = !place.isFirst && this.#cache.takes(own);
    const handle =
      isHeld || isRemembered
        ? new SeriesHandle(place, text.toString(), this.#places.renew)
        : this.#handleForOne(place, all);
    EncodedText.giveBack(text);
    if (isHeld || isRemembered) this.#cache.set(own, handle);
    return handle;
  }

  /** For one record. Its text is made only if it is needed: when the series is gone before the record is done. */
  #handleForOne(place: Place, labels: Labels): SeriesHandle {
    const { maxLabelValueLength } = this.#options;
    return new SeriesHandle(place, '', () =>
      this.#places.admit(canonicalizeLabels(labels, maxLabelValueLength).text),
    );
  }

  #admit(text: EncodedText, labels: Labels): AdmittedPlace {
    const faults = encodeLabels(text, labels, this.#options.maxLabelValueLength);
    for (const fault of faults)
      this.#options.refuse(
        fault,
        `an attribute of ${this.stream.definition.name} is not a string, number, boolean or list of these, or too long`,
      );
    return this.#places.admitEncoded(text);
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
}

const EMPTY = Object.freeze({});
const NONE: Labels = new Map();

function objectOf(attributes: unknown): object {
  return typeof attributes === 'object' && attributes !== null ? attributes : EMPTY;
}
/** One record goes to one series of each stream. For who keeps them. */
export function heldHandlesOf(
  writers: readonly StreamWriter[],
  attributes: Attributes | undefined,
): SeriesHandle[] {
  return writers
    .map(writer => writer.handleOf(attributes, undefined, true))
    .filter(handle => handle !== undefined);
}

/** Removes the series of an attribute set in each stream. False when it has none anywhere. */
export function removeFrom(writers: readonly StreamWriter[], attributes: Attributes | undefined): boolean {
  return writers.filter(writer => writer.remove(attributes)).length > 0;
}

/** Removes all series of these streams. Returns how many there were. */
export function removeAll(writers: readonly StreamWriter[]): number {
  return writers.reduce((removed, writer) => removed + writer.clear(), 0);
}
