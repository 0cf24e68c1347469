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

function refuse(core: StoreCore, cause: 'notANumber' | 'negative' | 'notFinite', detail: string): void {
  core.count(cause);
  core.warn(cause, detail);
}
