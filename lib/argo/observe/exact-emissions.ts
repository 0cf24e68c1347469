// Where the real controller forgets a node or counts it twice, as `argoCompatibility: 'exact'` copies it.
import { listAt, recordAt, textAt } from '../../guard/json-value.js';
import { isHook } from '../workflow/node-name.js';
import { templateOf } from '../workflow/node-template.js';
import { isStopped } from './suspension.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';

/** What is known of a node that is over, besides the node. */
export interface NodeFacts {
  /** Another attempt follows it. */
  readonly isAttempt: boolean;
  /** Of a Retry node the one that it speaks for. */
  readonly lastAttempt: WorkflowNode | undefined;
  /** A person answered the suspension that it is, or that its last attempt is. */
  readonly isAnswered: boolean;
  /** Seen before it was over. */
  readonly wasRunning: boolean;
}

/** How often the controller emits a node that is over. */
export function emissionsInArgo(node: WorkflowNode, workflow: WorkflowObject, facts: NodeFacts): 0 | 1 | 2 {
  // Those it looks at without asking whether they are new.
  if (facts.isAttempt) return 1;
  return isForgotten(node, workflow, facts) ? 0 : isCountedTwice(node, workflow, facts) ? 2 : 1;
}

/** It reports realtime gauges of a node that is no attempt once, when it makes the node, unless that waits for a lock. */
export function isReportedByArgo(node: WorkflowNode): boolean {
  return textAt(recordAt(node.json, 'synchronizationStatus'), 'waiting') === '';
}

function isForgotten(
  node: WorkflowNode,
  workflow: WorkflowObject,
  { isAnswered, wasRunning }: NodeFacts,
): boolean {
  switch (node.type) {
    case 'HTTP':
    case 'Plugin':
      return !isStopped(node);
    case 'Suspend':
      return isAnswered;
    case 'Pod': {
      const isCached = node.isFromCache;
      // Never started, or pending for longer than its template allows.
      return (
        ((node.phase === 'Error' || isCached) && !wasRunning) ||
        textAt(node.json, 'message') === 'timeout' ||
        hasOpenHook(node, workflow)
      );
    }
    default:
      return false;
  }
}

/** A task of a DAG that ends while a hook with an expression runs, perhaps one that its end started, is not looked at again. */
function hasOpenHook(node: WorkflowNode, { nodes }: WorkflowObject): boolean {
  if (isHook(node) || nodes.get(node.boundaryId)?.type !== 'DAG') return false;
  return node.children.some(id => {
    const child = nodes.get(id);
    return child?.name.startsWith(`${node.name}.hooks.`) === true && isHook(child) && !child.isFulfilled;
  });
}

/** A hook with an expression, on a task that its DAG is there for: the controller looks at it once more than at others. */
function isHookOfTarget(node: WorkflowNode, workflow: WorkflowObject): boolean {
  const dag = workflow.nodes.get(node.boundaryId);
  if (!isHook(node) || dag?.type !== 'DAG') return false;
  const [, task] = /^\.(.*)\.hooks\.[^.]*$/s.exec(node.name.slice(dag.name.length)) ?? [];
  return task !== undefined && isTarget(task, recordAt(templateOf(dag, workflow), 'dag'));
}

/** Those that the DAG names, else those that no other task depends on. */
function isTarget(name: string, dag: Readonly<Record<string, unknown>>): boolean {
  const target = textAt(dag, 'target');
  if (target !== '') return target.split(' ').includes(name);
  return !listAt(dag, 'tasks').some(task => {
    if (listAt(task, 'dependencies').includes(name)) return true;
    // `a && !b.Failed`: a name, perhaps with a result behind a dot.
    return (textAt(task, 'depends').match(/[\w-]+(?:\.\w+)?/g) ?? []).some(
      term => term.replace(/\..*$/, '') === name,
    );
  });
}

function isCountedTwice(
  node: WorkflowNode,
  workflow: WorkflowObject,
  { isAnswered, lastAttempt: last }: NodeFacts,
): boolean {
  if (isHookOfTarget(node, workflow)) return true;
  if (node.type !== 'Retry') return false;
  if (node.json['daemoned'] === true) return true;
  // What ends while the controller works on it is emitted by the inner and by the outer call.
  const isTimed = last?.type === 'Suspend' && last.phase === 'Succeeded' && !isAnswered;
  return last?.type === 'Steps' || last?.type === 'DAG' || isTimed;
}
