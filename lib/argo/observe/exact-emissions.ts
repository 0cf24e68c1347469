// Where the real controller forgets a node or counts it twice, as `argoCompatibility: 'exact'` copies it.
import { recordAt, textAt } from '../../guard/json-value.js';
import { attemptNodesOf } from '../workflow/node-attempts.js';
import type { Attempt } from '../workflow/node-attempts.js';
import { isHook } from '../workflow/node-name.js';
import { isStopped } from './suspension.js';
import type { WorkflowNode, WorkflowObject } from '../workflow/workflow-object.js';

/** What is known of a node that is over, besides the node. */
export interface NodeFacts {
  /** Another attempt follows it. */
  readonly isAttempt: boolean;
  /** A person answered the suspension that it is, or that its last attempt is. */
  readonly isAnswered: boolean;
  /** Seen before it was over. */
  readonly wasRunning: boolean;
}

/** How often the controller emits a node that is over. */
export function emissionsInArgo(node: WorkflowNode, workflow: WorkflowObject, facts: NodeFacts): 0 | 1 | 2 {
  // Those it looks at without asking whether they are new.
  if (facts.isAttempt) return 1;
  return isForgotten(node, facts) ? 0 : isCountedTwice(node, workflow, facts) ? 2 : 1;
}

/** It reports realtime gauges of a node once, when it makes the node, unless that waits for a lock; of attempts, their Retry node. */
export function isReportedByArgo(node: WorkflowNode, attempts: ReadonlyMap<string, Attempt>): boolean {
  return !attempts.has(node.id) && textAt(recordAt(node.json, 'synchronizationStatus'), 'waiting') === '';
}

function isForgotten(node: WorkflowNode, { isAnswered, wasRunning }: NodeFacts): boolean {
  switch (node.type) {
    case 'HTTP':
    case 'Plugin':
      return !isStopped(node);
    case 'Suspend':
      return isAnswered;
    case 'Pod': {
      const isCached = recordAt(node.json, 'memoizationStatus')['hit'] === true;
      // Never started, or pending for longer than its template allows.
      return (
        ((node.phase === 'Error' || isCached) && !wasRunning) || textAt(node.json, 'message') === 'timeout'
      );
    }
    default:
      return false;
  }
}

function isCountedTwice(node: WorkflowNode, workflow: WorkflowObject, { isAnswered }: NodeFacts): boolean {
  const isInDag = workflow.nodes.get(node.boundaryId)?.type === 'DAG';
  if (isHook(node) && node.name.includes('.hooks.') && isInDag) return true;
  if (node.type !== 'Retry') return false;
  if (node.json['daemoned'] === true) return true;
  // What ends while the controller works on it is emitted by the inner and by the outer call.
  const last = attemptNodesOf(node, workflow.nodes).at(-1);
  const isTimed = last?.type === 'Suspend' && last.phase === 'Succeeded' && !isAnswered;
  return last?.type === 'Steps' || last?.type === 'DAG' || isTimed;
}
