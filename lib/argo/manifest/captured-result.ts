// `outputs.result` of containers and scripts: the executor keeps it only where something refers to it.
import { listAt, recordAt, textAt } from '../json-value.js';
import { callsOf } from './block-scope.js';
import type { BlockScope, ScopeTemplate } from './block-scope.js';

/** Templates inside templates. */
const DEPTH_MAX = 20;

/** Whether a step or a task runs the template whose result is mentioned in the template around it. */
export function isResultCaptured({ json, kind }: ScopeTemplate, { spec, level }: BlockScope): boolean {
  if (kind !== 'container' && kind !== 'script' && kind !== 'containerSet') return true;
  // The entry node has nothing around it.
  if (level === 'workflow') return false;
  const all = listAt(spec, 'templates');
  return all.some(template => capturesIn(template, json, 0));
}

function capturesIn(around: unknown, template: unknown, depth: number): boolean {
  if (depth > DEPTH_MAX) return false;
  let text: string | undefined;
  for (const call of callsOf(around)) {
    const inline = recordAt(call, 'inline');
    if (capturesIn(inline, template, depth + 1)) return true;
    const name = textAt(template, 'name');
    const isCalled = inline === template || (name !== '' && textAt(call, 'template') === name);
    if (!isCalled) continue;
    text ??= JSON.stringify(around);
    if (mentionsResult(text, textAt(call, 'name'))) return true;
  }
  return false;
}

function mentionsResult(text: string, name: string): boolean {
  return ['steps', 'tasks'].some(
    root =>
      text.includes(`${root}.${name}.outputs.result`) ||
      text.includes(`${root}['${name}'].outputs.result`) ||
      text.includes(`${root}[\\"${name}\\"].outputs.result`),
  );
}
