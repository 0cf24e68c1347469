// What a programmer gives, checked in one place: each refusal is an INVALID_OPTION that says the name, what is wanted and
// what came. Any thread.
import { MetricStoreError } from '../errors.js';
import { closestWord } from './closest-word.js';
import { textOf } from './thrown.js';

/** Every key of an interface of options, so that the compiler asks for one that was forgotten. */
export type KeysOf<Options> = { readonly [Key in keyof Options]-?: true };

/** Characters of a wrong value that a message shows. */
const SHOWN_MAX = 200;

/** A value as messages show it: texts in quotes, a BigInt as such, nothing at length. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'string'
        ? JSON.stringify(value)
        : (listText(value) ?? textOf(value));
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}

/**
 * Of a list, in brackets, so that an empty one is seen. One that is long, or says so, is not written down: that would take
 * time and memory, whatever is shown of it.
 */
function listText(value: unknown): string | undefined {
  try {
    const { length } = value as { readonly length?: unknown };
    if (typeof length === 'number' && length > SHOWN_MAX) return `a list of ${length}`;
    return Array.isArray(value) ? `[${textOf(value)}]` : undefined;
  } catch {
    return undefined;
  }
}

/** @throws MetricStoreError INVALID_OPTION */
export function refuseOption(name: string, bound: string, value: unknown): never {
  throw new MetricStoreError('INVALID_OPTION', `${name} must be ${bound}, got ${shown(value)}`);
}

const ARTICLES = { boolean: 'a boolean', function: 'a function', string: 'a string' } as const;

/**
 * An option that may be absent.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function checkOption(name: string, value: unknown, type: keyof typeof ARTICLES): void {
  if (value !== undefined && typeof value !== type) refuseOption(name, ARTICLES[type], value);
}

/**
 * An object, also where the caller is JavaScript.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || readable(name, () => Array.isArray(value)))
    refuseOption(name, 'an object', value);
}

/**
 * An object whose own properties say something. One of a class that has none says it in some other way, as a Map, a promise
 * or getters of a prototype do: it would be taken for empty, and have no effect.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function checkRecord(name: string, value: unknown): void {
  checkObject(name, value);
  const object = value as object;
  if (saysNothing(object)) refuseOption(name, 'an object with properties of its own', kindOf(object));
}

/** Of what cannot be read, who reads it knows what to say. */
function saysNothing(object: object): boolean {
  try {
    return Object.keys(object).length === 0 && !isPlain(object);
  } catch {
    return false;
  }
}

/** Also in another realm. */
function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(object: object): string {
  return Object.prototype.toString.call(object);
}

/**
 * Options as they were given: own enumerable properties, each read once; what a prototype has is no option. A key that is
 * not known is refused, whatever its value: it would have no effect.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function readOptions<Options extends object>(
  name: string,
  value: unknown,
  keys: KeysOf<Options>,
): Options {
  checkKeys(name, value, keys);
  return ownValues(value as object, Object.keys(keys), name) as Options;
}

/**
 * An object whose own keys are all known.
 *
 * @throws MetricStoreError INVALID_OPTION with the closest known key
 */
export function checkKeys(name: string, value: unknown, keys: Readonly<Record<string, true>>): void {
  checkRecord(name, value);
  const unknown = ownKeys(name, value as object).find(key => !Object.hasOwn(keys, key));
  if (unknown === undefined) return;
  const known = Object.keys(keys);
  const closest = closestKey(unknown, known);
  const hint = closest === undefined ? '' : `did you mean ${shown(closest)}? `;
  throw new MetricStoreError(
    'INVALID_OPTION',
    `${name} must not have the key ${shown(unknown)}: ${hint}Known are ${known.join(', ')}`,
  );
}

/** What somebody who wrote the key may have meant: a slip, or a name with more words, fewer, or another end. */
export function closestKey(key: string, known: readonly string[]): string | undefined {
  const lower = key.toLowerCase().slice(0, KEY_LENGTH_MAX);
  const sharing = (share: (candidate: string) => boolean): string | undefined =>
    lower.length < KEY_PART_MIN ? undefined : known.find(candidate => share(candidate.toLowerCase()));
  return (
    closestWord(key, known) ??
    // The last word of a name says what it is.
    sharing(candidate => candidate.length >= KEY_PART_MIN && lower.endsWith(candidate)) ??
    sharing(candidate => candidate.includes(lower)) ??
    sharing(candidate => candidate.length >= KEY_PART_MIN && lower.includes(candidate)) ??
    sharing(candidate => candidate.startsWith(lower.slice(0, Math.ceil(lower.length / 2))))
  );
}

/** Letters that two names must share: fewer stand in many words by chance. */
const KEY_PART_MIN = 4;
/** Longer keys are no slip of the pen. */
const KEY_LENGTH_MAX = 64;

function ownKeys(name: string, value: object): string[] {
  return readable(name, () => Object.keys(value));
}

/** The own enumerable properties of these names, each read once. */
export function ownValues(
  value: object,
  keys: readonly string[],
  name = 'an object',
): Record<string, unknown> {
  return readable(name, () => {
    const own = Object.create(null) as Record<string, unknown>;
    for (const key of keys)
      if (Object.prototype.propertyIsEnumerable.call(value, key))
        own[key] = (value as Record<string, unknown>)[key];
    return own;
  });
}

/** Options may be a proxy, or have a getter that throws. @throws MetricStoreError INVALID_OPTION */
export function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new MetricStoreError('INVALID_OPTION', `${name} cannot be read: ${textOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * A list. `isGood` says whether an element is one, `bound` what the list must be.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function checkList(
  name: string,
  value: unknown,
  bound = 'an array',
  isGood: (element: unknown) => boolean = () => true,
): void {
  if (!Array.isArray(value) || !value.every(isGood)) refuseOption(name, bound, value);
}

/** Whether it is an object that has the method. */
export function hasMethod(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[method] === 'function'
  );
}

/** @throws MetricStoreError INVALID_OPTION */
export function checkWhole(name: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    refuseOption(name, `a whole number from ${min} to ${max}`, value);
}
