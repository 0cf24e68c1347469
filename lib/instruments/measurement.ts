/*
 * Which values an instrument takes. What is refused is counted and said once; nothing throws. Any thread.
 */
import type { StoreCore } from '../store/store-core.js';

/** A counter ignores NaN, negative and infinite values. */
export function refuseIncrement(core: StoreCore, name: string, value: unknown): void {
  if (typeof value !== 'number' || Number.isNaN(value)) return refuseNotANumber(core, name, value);
  if (value < 0)
    return refuse(core, 'negative', `the counter ${name} was given ${value}: a counter only grows`);
  refuse(core, 'notFinite', `${name} was given ${value}: a sum would keep it for ever`);
}

/** A histogram ignores NaN and negative values: its sum could fall, which reads as a restart. */
export function refuseRecord(core: StoreCore, name: string, value: unknown): void {
  if (typeof value !== 'number' || Number.isNaN(value)) return refuseNotANumber(core, name, value);
  refuse(core, 'negative', `the histogram ${name} was given ${value}: its sum only grows`);
}

export function refuseNotANumber(core: StoreCore, name: string, value: unknown): void {
  refuse(
    core,
    'notANumber',
    `${name} was given ${typeof value === 'number' ? 'NaN' : `a ${typeof value}`} instead of a number`,
  );
}

export function refuseInfinite(core: StoreCore, name: string, value: unknown): void {
  refuse(core, 'notFinite', `${name} was given ${String(value)}: a sum would keep it for ever`);
}

/**
 * What an instrument of integers takes of a value: the fraction is cut off. Undefined for what is no number, or so large
 * that a number does not tell it from its neighbours.
 */
export function wholeOf(core: StoreCore, name: string, value: unknown): number | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) return void refuseNotANumber(core, name, value);
  // Not minus zero.
  const whole = Math.trunc(value) + 0;
  if (!Number.isSafeInteger(whole)) {
    const cause = Number.isFinite(value) ? 'unsafeInteger' : 'notFinite';
    return void refuse(core, cause, `${name} was given ${value}: integers are taken up to 2^53 - 1`);
  }
  if (whole !== value)
    core.say(
      'warn',
      'fraction',
      `${name} was given ${value}: its valueType is INT, so fractions are cut off (said once)`,
    );
  return whole;
}

type Cause = 'notANumber' | 'negative' | 'notFinite' | 'unsafeInteger';

function refuse(core: StoreCore, cause: Cause, detail: string): void {
  core.count(cause);
  core.warn(cause, detail);
}
