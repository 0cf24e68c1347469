import { MetricStoreError } from '../errors.js';
import { textOf } from './thrown.js';

/** The only source of time for realtime values and expiry. `now()` is Unix milliseconds. */
export interface Clock {
  now(): number;
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now() };

/** @throws MetricStoreError INVALID_OPTION for what has no `now()` that returns a finite number */
export function checkClock(clock: Clock): Clock {
  const refuse = (got: string): MetricStoreError =>
    new MetricStoreError(
      'INVALID_OPTION',
      `clock must have a now() that returns finite Unix milliseconds, ${got}: leave it out for Date.now`,
    );
  let time: unknown;
  try {
    if (typeof clock.now !== 'function') throw refuse('it has none');
    time = clock.now();
  } catch (error) {
    throw error instanceof MetricStoreError ? error : refuse(`it threw ${textOf(error)}`);
  }
  if (!isTime(time)) throw refuse(`it returned ${textOf(time)} (${typeof time})`);
  return clock;
}

/** A user's clock that never throws and always gives a time: when it fails, the one before. One per thread and store. */
export class GuardedClock implements Clock {
  readonly #clock: Clock;
  readonly #warn: (detail: string) => void;
  #last: number | undefined;

  constructor(clock: Clock, warn: (detail: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  now(): number {
    let got: string;
    try {
      const time: unknown = this.#clock.now();
      if (isTime(time)) return (this.#last = time);
      got = `returned ${textOf(time)} (${typeof time})`;
    } catch (error) {
      got = `threw ${textOf(error)}`;
    }
    this.#warn(
      `the clock ${got} instead of finite Unix milliseconds: the last time that it gave is used (said once)`,
    );
    return (this.#last ??= Date.now());
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
