// `outputs.result` of containers and scripts: the executor keeps it only where something refers to it.
import type { BlockScope, ScopeTemplate } from './block-scope.js';
import { factsOf } from './spec-facts.js';

/** Whether a step or a task runs the template whose result is mentioned in the template around it. */
export function isResultCaptured({ json, kind }: ScopeTemplate, { spec, level }: BlockScope): boolean {
  if (kind !== 'container' && kind !== 'script' && kind !== 'containerSet') return true;
  // The entry node has nothing around it.
  if (level === 'workflow') return false;
  const facts = factsOf(spec);
  return facts.callersOf(json).some(placed => facts.mentionsResultOf(placed));
}
