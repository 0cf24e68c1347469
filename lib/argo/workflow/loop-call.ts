// Steps and tasks that run once for each item of a list.
import { isRecord, listAt, textAt } from '../../guard/json-value.js';
import type { WorkflowNode } from './workflow-node.js';

/** One run of a step or a task that has items. */
export interface LoopCall {
  /** The step or task, as the template around it has it. */
  readonly call: Readonly<Record<string, unknown>>;
  /** With the item in brackets, and an attempt after it: `each(0:oslo)(1)`. */
  readonly callName: string;
  /** The node of the template around it. */
  readonly boundary: WorkflowNode;
}

/** Whether a step or a task runs once for each item of a list. */
export function isLoop(call: Readonly<Record<string, unknown>>): boolean {
  return (
    listAt(call, 'withItems').length > 0 || textAt(call, 'withParam') !== '' || isRecord(call['withSequence'])
  );
}
