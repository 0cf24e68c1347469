// One stream as one thread records into it: attributes in, handle out. Never throws; what it cannot do it counts.
import type { Attributes, Context } from '@opentelemetry/api';
import {
  attributesOf,
  canonicalizeLabels,
  encodeLabels,
  parseAttributes,
  withConstants,
  type AttributeReader,
  type Labels,
} from '../series/attributes.js';
import { EncodedText } from '../../memory/encoded-text.js';
import { HandleCache, type CacheGenerations } from './handle-cache.js';
import type { LabelPolicies } from './label-policies.js';
import { RefusedLabels } from './refused-labels.js';
import { HOLDER } from '../series/known-series.js';
import { SeriesHandle, type Place } from './series-handle.js';
import { SeriesPlaces, type AdmittedPlace, type SeriesPlacesOptions } from './series-places.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import { textOf } from '../../guard/thrown.js';
import type { View } from '../definition/view.js';

export interface StreamWriterOptions extends SeriesPlacesOptions {
  readonly generations: CacheGenerations;
  readonly policies?: LabelPolicies | undefined;
  readonly maxLabelValueLength: number;
  readonly reader: AttributeReader;
  /** What every series of this thread has, unless the caller gives another value. */
  readonly constants: Labels;
  /** Counts attributes that are too many, and says so once. */
  readonly drop: (dropped: number) => void;
}

export class StreamWriter {
  readonly stream: RegisteredStream;
  readonly policies: LabelPolicies | undefined;
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
    this.policies = options.policies;
    this.#cache = new HandleCache(options.generations, options.policies);
    this.#reader = options.reader;
    const sketched = new RefusedLabels(options.region, stream);
    this.#places = new SeriesPlaces(stream, options, options.generations.refusedSets, sketched);
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
        return this.#known(result, isHeld) ?? this.#resolve(result, NONE, isHeld);
      }
      const object = objectOf(attributes);
      const known =
        this.#hasSeenHuge && this.#reader.isHuge(object) ? undefined : this.#known(object, isHeld);
      return known ?? this.#resolve(object, this.#options.constants, isHeld);
    } catch (error) {
      return this.#isUnreadable(error);
    }
  }

  /** What the cache has for a value without a place leads to others' series for ever, which is nothing to keep. */
  #known(object: object, isHeld: boolean): SeriesHandle | undefined {
    return isHeld && this.policies !== undefined ? undefined : this.#cache.get(object);
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

  /** The attributes of a series in their canonical form. Undefined: they cannot be read, or have none of their own. */
  #textOf(attributes: Attributes | undefined): string | undefined {
    try {
      const isProcessed = this.#process !== undefined;
      const object = isProcessed
        ? this.#processed(this.#process, attributes ?? {}, undefined)
        : objectOf(attributes);
      if (object === undefined) return undefined;
      const { all } = this.#read(object, isProcessed ? NONE : this.#options.constants);
      const { policies } = this;
      const own = policies === undefined ? all : policies.ownOf(all);
      return own && this.#canonical(own);
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
    const { policies } = this;
    if (policies !== undefined) return this.#resolveDecided(policies, own, all, isHeld);
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

  /**
   * As `resolve`, where labels have policies: the series, and the path to it, are those of what the values became. A handle
   * of the cache is everybody's whose values became the same, so nobody's value of before is in it. Who keeps a handle for
   * a value that got no place has one of his own, which asks for a place once more when the series has gone.
   */
  #resolveDecided(policies: LabelPolicies, own: Labels, all: Labels, isHeld: boolean): SeriesHandle {
    const wanted = isHeld ? policies.rule(all) : undefined;
    const decided = wanted === undefined ? policies.decide(all) : policies.placed(wanted);
    const expected = policies.pathOf(own, decided);
    const known = this.#cache.find(expected) ?? this.#cache.recall(expected);
    if (known !== undefined)
      return wanted === undefined || wanted === decided
        ? known
        : this.#keptHandle(policies, known, known.text, wanted);
    const text = EncodedText.take();
    let within = decided;
    const place = policies.admit(decided, labels => {
      text.cutTo(0);
      return this.#admit(text, (within = labels));
    });
    const path = policies.pathOf(own, within);
    const isKept = isHeld || (!place.isFirst && this.#cache.takes(path));
    const final = isKept ? text.toString() : '';
    EncodedText.giveBack(text);
    if (!isKept) return this.#decidedHandle(policies, place, '', () => decided);
    const handle = this.#keptHandle(policies, place, final, within);
    this.#cache.set(path, handle);
    return wanted === undefined || wanted === within
      ? handle
      : this.#keptHandle(policies, place, final, wanted);
  }

  /** The labels may be the caller's, so only a text of them is kept. */
  #keptHandle(policies: LabelPolicies, place: Place, text: string, wanted: Labels): SeriesHandle {
    const again = this.#canonical(wanted);
    return this.#decidedHandle(policies, place, text, () => labelsOf(again));
  }

  #decidedHandle(policies: LabelPolicies, place: Place, text: string, wanted: () => Labels): SeriesHandle {
    return new SeriesHandle(place, text, known =>
      this.#places.has(known)
        ? { slot: known.slot, live: known.live }
        : policies.admit(wanted(), labels => this.#places.admit(this.#canonical(labels))),
    );
  }

  #canonical(labels: Labels): string {
    return canonicalizeLabels(labels, this.#options.maxLabelValueLength).text;
  }

  /** For one record. Its text is made only if it is needed: when the series is gone before the record is done. */
  #handleForOne(place: Place, labels: Labels): SeriesHandle {
    return new SeriesHandle(place, '', () => this.#places.admit(this.#canonical(labels)));
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

function labelsOf(text: string): Labels {
  return new Map(Object.entries(parseAttributes(text)));
}

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
