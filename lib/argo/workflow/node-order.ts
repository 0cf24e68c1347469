import type { WorkflowNode, WorkflowObject } from './workflow-object.js';

/**
 * The nodes in the order in which the controller works on them: from the entry node, steps in their order, tasks of a
 * DAG by name, attempts before their Retry node, and what is inside a node before the node. Matters when several nodes
 * that end in one object set the same gauge. Nodes outside the tree (exit handlers, hooks) come last, by start.
 */
export function orderNodes(workflow: WorkflowObject): readonly WorkflowNode[] {
  const { nodes, entryNode } = workflow;
  const members = membersByBoundary(nodes);
  const ordered = new Set<WorkflowNode>();
  const rest = [...nodes.values()].sort(
    (a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) || compare(a.name, b.name),
  );
  const roots = rest.filter(node => !nodes.has(node.boundaryId));
  for (const root of [...(entryNode ? [entryNode] : []), ...roots, ...rest])
    visit(root, nodes, members, ordered);
  return [...ordered];
}

/** Depth first without recursion: a hostile object may nest as deep as it likes. */
function visit(
  root: WorkflowNode,
  nodes: ReadonlyMap<string, WorkflowNode>,
  members: ReadonlyMap<string, readonly WorkflowNode[]>,
  ordered: Set<WorkflowNode>,
): void {
  const entered = new Set<WorkflowNode>();
  const stack = [root];
  for (;;) {
    const node = stack.at(-1);
    if (!node) return;
    if (ordered.has(node) || entered.has(node)) {
      stack.pop();
      ordered.add(node);
      continue;
    }
    entered.add(node);
    const inner = innerNodes(node, nodes, members).filter(
      other => !ordered.has(other) && !entered.has(other),
    );
    for (const other of inner.reverse()) stack.push(other);
  }
}

function innerNodes(
  node: WorkflowNode,
  nodes: ReadonlyMap<string, WorkflowNode>,
  members: ReadonlyMap<string, readonly WorkflowNode[]>,
): WorkflowNode[] {
  const inside = members.get(node.id) ?? [];
  switch (node.type) {
    case 'DAG':
      return inside.toSorted((a, b) => compare(a.displayName, b.displayName));
    case 'Steps':
      return breadthFirst(node, nodes);
    case 'Retry':
      return node.children.flatMap(id => nodes.get(id) ?? []);
    default:
      return [];
  }
}

/** Along the children, as long as they belong to this node: step groups one after the other, each before its steps. */
function breadthFirst(boundary: WorkflowNode, nodes: ReadonlyMap<string, WorkflowNode>): WorkflowNode[] {
  const found = new Set<WorkflowNode>();
  let level: readonly WorkflowNode[] = [boundary];
  while (level.length > 0) {
    const next = level
      .flatMap(node => node.children)
      .flatMap(id => nodes.get(id) ?? [])
      .filter(node => node.boundaryId === boundary.id && !found.has(node));
    level = [...new Set(next)];
    for (const node of level) found.add(node);
  }
  return [...found];
}

function membersByBoundary(nodes: ReadonlyMap<string, WorkflowNode>): Map<string, WorkflowNode[]> {
  const members = new Map<string, WorkflowNode[]>();
  for (const node of nodes.values()) {
    const list = members.get(node.boundaryId);
    if (list) list.push(node);
    else members.set(node.boundaryId, [node]);
  }
  return members;
}

/** By code units, as Go sorts, never by a locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
