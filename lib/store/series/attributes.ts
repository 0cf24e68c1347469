// Attributes as text: the canonical form that two equal sets share, whatever their order, in all threads. It is hashed to
// the key of a series and stored as its definition. JSON, with keys sorted; numbers that JSON lacks are `{"n":"NaN"}`.
// Any thread.
import { createHash } from 'node:crypto';
import type { AttributeValue, Attributes } from '@opentelemetry/api';
import { EncodedText } from '../../memory/encoded-text.js';
import { ATTRIBUTES_REMEMBERED_FROM, LIST_ITEMS_MAX } from '../../limits.js';
import { canonicalEntries } from './canonical-entries.js';

/** What becomes of bad data: called once per label that was left out or cut. */
export type AttributeFault = 'attributes' | 'truncatedLabels';

export interface CanonicalAttributes {
  readonly text: string;
  readonly faults: readonly AttributeFault[];
}

/** Attributes as they were read, once and in the caller's order; without those that are undefined or null. */
export type Labels = ReadonlyMap<string, unknown>;

/** What was read of an attributes object. */
export interface ReadAttributes {
  readonly labels: Labels;
  /** How many attributes were left out, because there are more than the bound. */
  readonly dropped: number;
}

/** Names that are looked at for each attribute that may be kept: some may have no value. */
const LOOKS = 4;

/**
 * Reads attributes objects, of each at most `max` attributes, the first in the caller's order. Own enumerable properties
 * only: what a prototype has is no attribute. One per thread and store.
 */
export class AttributeReader {
  readonly max: number;
  /** What was looked at of objects with very many attributes. */
  readonly #looked = new WeakMap<object, readonly string[]>();

  constructor(max = Infinity) {
    this.max = max;
  }

  /** Whether its names are remembered, because there are so many. */
  isHuge(attributes: object): boolean {
    return this.#looked.has(attributes);
  }

  /** Whether there are more attributes than are kept. Looks at no more than that. */
  isTooLarge(attributes: object): boolean {
    let count = 0;
    for (const name in attributes)
      if (Object.prototype.hasOwnProperty.call(attributes, name) && ++count > this.max) return true;
    return false;
  }

  /**
   * Reads each attribute once, so that a getter which answers otherwise the next time cannot lead to another's series.
   * Throws what a getter or a trap throws, unless `valueOf` does not.
   */
  read(
    attributes: object,
    max = this.max,
    valueOf: (attributes: object, name: string) => unknown = directValueOf,
  ): ReadAttributes {
    const labels = new Map<string, unknown>();
    let dropped = 0;
    const known = this.#looked.get(attributes);
    if (known?.every(name => Object.prototype.hasOwnProperty.call(attributes, name)) === true) {
      for (const name of known) dropped += keep(labels, max, name, valueOf(attributes, name));
      return { labels, dropped };
    }
    let looked = 0;
    for (const name in attributes) {
      if (!Object.prototype.hasOwnProperty.call(attributes, name)) continue;
      if (looked >= LOOKS * max) dropped++;
      else {
        looked++;
        dropped += keep(labels, max, name, valueOf(attributes, name));
      }
    }
    // Only where names were left out: of the others each one counts, also one that comes later.
    if (dropped > 0 && looked + dropped >= ATTRIBUTES_REMEMBERED_FROM)
      this.#looked.set(attributes, firstNamesOf(attributes, looked));
    return { labels, dropped };
  }
}

/** How many are dropped: by the specification one without a value is as if it were not there. */
function keep(labels: Map<string, unknown>, max: number, name: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (labels.size >= max) return 1;
  labels.set(name, value);
  return 0;
}

function firstNamesOf(attributes: object, count: number): string[] {
  const names: string[] = [];
  for (const name in attributes) {
    if (names.length >= count) break;
    if (Object.prototype.hasOwnProperty.call(attributes, name)) names.push(name);
  }
  return names;
}

function directValueOf(attributes: object, name: string): unknown {
  return (attributes as Record<string, unknown>)[name];
}

const UNBOUNDED = new AttributeReader();

/**
 * The labels with constant ones, which give way to a label of the same name; of too many, the last labels are left out.
 */
export function withConstants(labels: Labels, constants: Labels, max: number): ReadAttributes {
  if (constants.size === 0) return { labels, dropped: 0 };
  const merged = new Map([...constants, ...labels]);
  const dropped = Math.max(0, merged.size - max);
  const last = [...labels.keys()].filter(name => !constants.has(name)).reverse();
  for (const name of last.slice(0, dropped)) merged.delete(name);
  return { labels: merged, dropped };
}

/** Cannot throw for any input: what cannot be read or represented is left out and reported. */
export function canonicalize(attributes: unknown, maxLength: number): CanonicalAttributes {
  if (typeof attributes !== 'object' || attributes === null) return { text: '{}', faults: [] };
  const { labels, isReadable } = readSafely(UNBOUNDED, attributes);
  const { text, faults } = canonicalizeLabels(labels, maxLength);
  return { text, faults: isReadable ? faults : ['attributes', ...faults] };
}

/** Cannot throw: a value that cannot be read is one that cannot be represented. */
export function readSafely(
  reader: AttributeReader,
  attributes: object,
): ReadAttributes & { readonly isReadable: boolean } {
  try {
    return { ...reader.read(attributes, reader.max, safeValueOf), isReadable: true };
  } catch {
    return { labels: new Map(), dropped: 0, isReadable: false }; // A revoked proxy, or a trap that throws.
  }
}

/** Cannot throw. Names, texts and lists of more than `maxLength` characters are cut. */
export function canonicalizeLabels(labels: Labels, maxLength: number): CanonicalAttributes {
  const encoded = EncodedText.take();
  const faults = encodeLabels(encoded, labels, maxLength);
  const text = encoded.toString();
  EncodedText.giveBack(encoded);
  return { text, faults };
}

/** As `canonicalizeLabels`, into an empty text. */
export function encodeLabels(into: EncodedText, labels: Labels, maxLength: number): AttributeFault[] {
  const faults: AttributeFault[] = [];
  const named = shortenNames(labels, maxLength, faults);
  let before = OPENING_BRACE;
  for (const name of sortedNamesOf(named)) {
    const { length } = into;
    into.putCharacter(before);
    into.putJson(name);
    into.putCharacter(COLON);
    if (encode(into, named.get(name), maxLength, faults)) before = COMMA;
    else into.cutTo(length);
  }
  if (before === OPENING_BRACE) into.putCharacter(OPENING_BRACE);
  into.putCharacter(CLOSING_BRACE);
  return faults;
}

const [OPENING_BRACE, CLOSING_BRACE, COLON, COMMA] = [123, 125, 58, 44];

/** Sorted by UTF-16 code units, as most callers write them. */
function sortedNamesOf(labels: Labels): Iterable<string> {
  let last = '';
  for (const name of labels.keys()) {
    if (name < last) return [...labels.keys()].sort();
    last = name;
  }
  return labels.keys();
}

function shortenNames(labels: Labels, maxLength: number, faults: AttributeFault[]): Labels {
  let isLong = false;
  for (const name of labels.keys()) isLong ||= name.length > maxLength;
  if (!isLong) return labels;
  const shortened = new Map<string, unknown>();
  for (const [name, value] of labels) {
    const kept = shorten(name, maxLength, faults);
    // Somebody made a name that looks like the cut one; a set has each name once.
    if (kept !== name && labels.has(kept)) faults.push('attributes');
    else shortened.set(kept, value);
  }
  return shortened;
}

const UNREADABLE = Symbol('unreadable');

function safeValueOf(attributes: object, name: string): unknown {
  try {
    return (attributes as Record<string, unknown>)[name];
  } catch {
    return UNREADABLE;
  }
}

/** False for a value that is left out. */
function encode(into: EncodedText, value: unknown, maxLength: number, faults: AttributeFault[]): boolean {
  if (typeof value === 'string') {
    into.putJson(shorten(value, maxLength, faults));
    return true;
  }
  const text = encodeNumber(value) ?? encodeList(value, maxLength, faults);
  if (text === undefined) faults.push('attributes');
  else into.put(text);
  return text !== undefined;
}

/** Or a boolean. */
function encodeNumber(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value + 0) : `{"n":"${value}"}`;
  return undefined;
}

function encodeItem(item: unknown, maxLength: number): string | undefined {
  if (item === null || item === undefined) return 'null';
  return typeof item === 'string' ? JSON.stringify(shorten(item, maxLength, [])) : encodeNumber(item);
}

function encodeList(value: unknown, maxLength: number, faults: AttributeFault[]): string | undefined {
  try {
    if (!Array.isArray(value) || value.length > Math.min(maxLength, LIST_ITEMS_MAX)) return undefined;
    const parts: string[] = [];
    // By index: a subclass of Array may have a `map` of its own.
    for (let index = 0; index < value.length; index++) {
      const part = encodeItem(value[index], maxLength);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    const text = `[${parts.join(',')}]`;
    // Items that were cut make it too long in any case, so the label is reported once.
    return text.length > maxLength ? JSON.stringify(shorten(text, maxLength, faults)) : text;
  } catch {
    return undefined;
  }
}

const HASH_DIGITS = 16;
const HALF_A_CHARACTER = /[\ud800-\udbff]$/;

/**
 * A value whose items are read once, for who looks at it more than once: getters of a list may answer otherwise the next time.
 * What no attribute may have stays such a value.
 */
export function asRead(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  try {
    if (!Array.isArray(value)) return UNREADABLE;
    const { length } = value;
    if (length > LIST_ITEMS_MAX) return UNREADABLE;
    const items: unknown[] = [];
    for (let index = 0; index < length; index++) items.push(value[index]);
    return items;
  } catch {
    return UNREADABLE;
  }
}

/** Distinct long texts stay distinct: the end is replaced by a hash of the whole. */
function shorten(value: string, maxLength: number, faults: AttributeFault[]): string {
  if (value.length <= maxLength) return value;
  faults.push('truncatedLabels');
  // Not UTF-8, in which all lone surrogates are the same.
  const hash = createHash('sha256').update(value, 'utf16le').digest('hex').slice(0, HASH_DIGITS);
  const start = value.slice(0, Math.max(0, maxLength - HASH_DIGITS - 1));
  return `${start.replace(HALF_A_CHARACTER, '')}#${hash}`;
}

/** An object of its own. Not by assignment: `__proto__` is an attribute name like any other. */
export function attributesOf(labels: Labels): Attributes {
  const attributes: Attributes = {};
  for (const [key, value] of labels)
    Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true });
  return attributes;
}

/** The attributes of a canonical text, frozen, so that nobody who is handed them can change a series. */
export function parseAttributes(text: string): Attributes {
  // `__proto__` is an attribute name like any other: what was parsed has it as its own, and so it can be assigned.
  const attributes = (
    text.includes('\\') ? Object.fromEntries(canonicalEntries(text)) : JSON.parse(text)
  ) as Record<string, AttributeValue>;
  for (const key in attributes)
    if (typeof attributes[key] === 'object') attributes[key] = decode(attributes[key]);
  return Object.freeze(attributes);
}

function decode(value: unknown): AttributeValue {
  if (Array.isArray(value)) return Object.freeze(value.map(decode)) as unknown as AttributeValue;
  if (typeof value === 'object' && value !== null && 'n' in value) return Number(value.n);
  return value as AttributeValue;
}
