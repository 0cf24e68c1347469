// Step 8 of a realtime gauge: since when it grows.
import { isRecord } from '../../guard/json-value.js';
import { failAt } from './emission-failure.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { CompiledRealtime } from '../spec/compile-value.js';
import type { MetricScope } from '../variables/metric-scope.js';

/** Unix milliseconds. Without an end the value grows until the collection. */
export interface Elapsed {
  readonly start: number;
  readonly end?: number;
}

/** What the gauge shows. Fails where the scope has no such duration. */
export function elapsedOf(
  metric: CompiledMetric,
  { variable, path }: CompiledRealtime,
  realtime: MetricScope['realtime'] = {},
): Elapsed {
  const found = Object.hasOwn(realtime, variable) ? realtime[variable] : undefined;
  if (found === undefined) {
    const message = `'${variable}' is not available as a real time metric`;
    failAt(metric, path, 'REALTIME_VARIABLE_UNKNOWN', message);
  }
  const elapsed = elapsedIn(found);
  if (elapsed !== undefined) return elapsed;
  const bound = 'a time in Unix milliseconds, or a start and an end';
  const message = `scope.realtime['${variable}'] must be ${bound}, got ${shown(found)}`;
  return failAt(metric, path, 'EMISSION_INVALID', message);
}

/** What a caller gave for a duration that can grow; `undefined` for what is none. */
export function elapsedIn(value: unknown): Elapsed | undefined {
  if (isTime(value)) return { start: value };
  if (!isRecord(value)) return undefined;
  const { start, end } = value;
  return isTime(start) && isTime(end) ? { start, end } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function shown(given: unknown): string {
  if (typeof given === 'number') return String(given);
  if (!isRecord(given))
    return given === null ? 'null' : Array.isArray(given) ? 'a list' : `a ${typeof given}`;
  const { start, end } = given;
  return `start ${shownNumber(start)} and end ${shownNumber(end)}`;
}

function shownNumber(given: unknown): string {
  return typeof given === 'number' || given === undefined ? String(given) : typeof given;
}
