import type { WorkflowNode } from './workflow-node.js';

/** One run of something that is retried. */
export interface Attempt {
  readonly parent: WorkflowNode;
  /** Undefined for the first one. */
  readonly before: WorkflowNode | undefined;
  /** Its Retry node speaks for it. */
  readonly isLast: boolean;
}

/** Which nodes are attempts of a Retry node, by ID. */
export function attemptsOf(nodes: ReadonlyMap<string, WorkflowNode>): ReadonlyMap<string, Attempt> {
  const attempts = new Map<string, Attempt>();
  for (const parent of nodes.values()) {
    if (parent.type !== 'Retry') continue;
    const children = attemptNodesOf(parent, nodes);
    for (const [index, { id }] of children.entries())
      attempts.set(id, { parent, before: children[index - 1], isLast: index === children.length - 1 });
  }
  return attempts;
}

/**
 * The attempts of a Retry node, first to last: its children of the same name with a number in brackets. Its hooks are
 * among the children too, and no flag tells them apart: attempts of an exit handler are hooked, and a hook may be retried.
 */
export function attemptNodesOf(
  parent: WorkflowNode,
  nodes: ReadonlyMap<string, WorkflowNode>,
): readonly WorkflowNode[] {
  const { name, children } = parent;
  const attempts: WorkflowNode[] = [];
  for (const id of children) {
    const child = nodes.get(id);
    if (child && isAttemptName(child.name, name)) attempts.push(child);
  }
  return attempts;
}

/** The one that the Retry node speaks for. */
export function lastAttemptOf(
  { name, children }: WorkflowNode,
  nodes: ReadonlyMap<string, WorkflowNode>,
): WorkflowNode | undefined {
  for (let index = children.length - 1; index >= 0; index--) {
    const child = nodes.get(children[index] ?? '');
    if (child && isAttemptName(child.name, name)) return child;
  }
  return undefined;
}

function isAttemptName(name: string, parentName: string): boolean {
  return name.endsWith(')') && name.startsWith(parentName) && ATTEMPT.test(name.slice(parentName.length));
}

const ATTEMPT = /^\(\d+\)$/;
