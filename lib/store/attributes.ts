/*
 * Attributes as text: the canonical form that two equal sets share, whatever their order, in all threads. It is hashed to
 * the key of a series and stored as its definition. JSON, with keys sorted; numbers that JSON lacks are `{"n":"NaN"}`.
 * Any thread.
 */
import { createHash } from 'node:crypto';
import type { AttributeValue, Attributes } from '@opentelemetry/api';

/** What becomes of bad data: called once per label that was left out or cut. */
export type AttributeFault = 'attributes' | 'truncatedLabels';

export interface CanonicalAttributes {
  readonly text: string;
  readonly faults: readonly AttributeFault[];
}

/** Cannot throw for any input: what cannot be read or represented is left out and reported. */
export function canonicalize(attributes: unknown, maxValueLength: number): CanonicalAttributes {
  const faults: AttributeFault[] = [];
  if (typeof attributes !== 'object' || attributes === null) return { text: '{}', faults };
  const pairs: string[] = [];
  for (const key of keysOf(attributes, faults).sort()) {
    const value = encode(valueOf(attributes, key), maxValueLength, faults);
    if (value !== undefined) pairs.push(`${JSON.stringify(key)}:${value}`);
  }
  return { text: `{${pairs.join(',')}}`, faults };
}

function keysOf(attributes: object, faults: AttributeFault[]): string[] {
  const keys: string[] = [];
  try {
    // As the handle cache walks them: inherited names count, so that both find the same series.
    for (const key in attributes) keys.push(key);
    return keys;
  } catch {
    faults.push('attributes'); // A revoked proxy, or a trap that throws.
    return [];
  }
}

const UNREADABLE = Symbol('unreadable');

function valueOf(attributes: object, key: string): unknown {
  try {
    return (attributes as Record<string, unknown>)[key];
  } catch {
    return UNREADABLE;
  }
}

/** Undefined for a value that is left out. */
function encode(value: unknown, maxLength: number, faults: AttributeFault[]): string | undefined {
  if (value === undefined || value === null) return undefined; // By the specification: as if it were not there.
  const scalar = encodeScalar(value, maxLength, faults);
  if (scalar !== undefined) return scalar;
  const list = encodeList(value, maxLength, faults);
  if (list === undefined) faults.push('attributes');
  return list;
}

function encodeScalar(value: unknown, maxLength: number, faults: AttributeFault[]): string | undefined {
  if (typeof value === 'string') return JSON.stringify(shorten(value, maxLength, faults));
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value + 0) : `{"n":"${value}"}`;
  return undefined;
}

function encodeList(value: unknown, maxLength: number, faults: AttributeFault[]): string | undefined {
  try {
    if (!Array.isArray(value) || value.length > maxLength) return undefined;
    const parts: string[] = [];
    // By index: a subclass of Array may have a `map` of its own.
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const part = item === null || item === undefined ? 'null' : encodeScalar(item, maxLength, faults);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return `[${parts.join(',')}]`;
  } catch {
    return undefined;
  }
}

/** Distinct long values stay distinct: the end is replaced by a hash of the whole. */
function shorten(value: string, maxLength: number, faults: AttributeFault[]): string {
  if (value.length <= maxLength) return value;
  faults.push('truncatedLabels');
  const hash = createHash('sha256').update(value, 'utf8').digest('hex').slice(0, 16);
  return `${value.slice(0, Math.max(0, maxLength - 17))}#${hash}`;
}

/** The attributes of a canonical text, frozen, so that nobody who is handed them can change a series. */
export function parseAttributes(text: string): Attributes {
  const attributes: Attributes = {};
  const parsed = JSON.parse(text) as Record<string, unknown>;
  for (const key of Object.keys(parsed)) {
    const value = decode(parsed[key]);
    // Not an assignment: `__proto__` is an attribute name like any other.
    Object.defineProperty(attributes, key, { value, enumerable: true });
  }
  return Object.freeze(attributes);
}

function decode(value: unknown): AttributeValue {
  if (Array.isArray(value)) return Object.freeze(value.map(decode)) as unknown as AttributeValue;
  if (typeof value === 'object' && value !== null && 'n' in value) return Number(value.n);
  return value as AttributeValue;
}
