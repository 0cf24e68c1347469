// What an emission costs besides what it evaluates, in plain steps of its object.
import { fail } from './emission-failure.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { ObjectWork } from '../budget/object-work.js';

/** Steps of what every emission does. */
export const EMISSION_COST = 4;
export const TEXT_COST = 2;
/** Steps of finding the series of texts that were not seen before. */
export const NEW_TEXTS_COST = 40;
/** Steps of asking the store for a metric that it has not given yet. */
export const DEFINITION_COST = 200;
/** Steps of an emission that fails: what is wrong is put into words. */
export const FAILURE_COST = 190;

/** Fails when nothing is left: one object has more nodes and metrics than can be emitted without holding up the thread. */
export function charge({ metric, path }: CompiledMetric, work: ObjectWork, steps: number): void {
  if (work.spendPlain(steps)) return;
  const message = `metric '${metric}' is not recorded: too many emissions for one object`;
  fail({ code: 'LIMIT_EXCEEDED', severity: 'error', metric, path, message });
}
