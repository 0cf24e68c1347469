// Step 6 of an emission: whether it is wanted.
import { failText } from './emission-failure.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Budget } from '../budget/budget.js';
import { decideWhen } from '../when/when.js';

/** Whether `when` holds. Fails where that cannot be said. @param when with nothing left to fill in */
export function isWanted(metric: CompiledMetric, when: string, budget: Budget): boolean {
  const decision = decideWhen(when, budget);
  if ('value' in decision) return decision.value;
  return failText(metric, `${metric.path}.when`, decision.error, "unable to compute 'when' clause for");
}
