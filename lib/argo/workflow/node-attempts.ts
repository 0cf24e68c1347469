import type { WorkflowNode } from './workflow-object.js';

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
  return parent.children
    .flatMap(id => nodes.get(id) ?? [])
    .filter(({ name }) => isAttemptName(name, parent.name));
}

function isAttemptName(name: string, parentName: string): boolean {
  return name.startsWith(parentName) && /^\(\d+\)$/.test(name.slice(parentName.length));
}
