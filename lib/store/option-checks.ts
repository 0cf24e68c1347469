/*
 * What a programmer gives, checked in one place: each refusal is an INVALID_OPTION that says the name, what is wanted and
 * what came. Any thread.
 */
import { MetricStoreError } from '../errors.js';
import { textOf } from './thrown.js';

/** Characters of a wrong value that a message shows. */
const SHOWN_MAX = 200;

/** A value as messages show it: texts in quotes, a BigInt as such, nothing at length. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'string'
        ? JSON.stringify(value)
        : textOf(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
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
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuseOption(name, 'an object', value);
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
