import type { WorkflowNode } from './workflow-node.js';
import type { WorkflowObject } from './workflow-object.js';

type Nodes = ReadonlyMap<string, WorkflowNode>;

/**
 * The nodes in the order in which the controller works on them: from the entry node, steps in their order, tasks of a
 * DAG by name, attempts before their Retry node, and what is inside a node before the node. Matters when several nodes
 * that end in one object set the same gauge. Nodes outside the tree (exit handlers, hooks) come last, by start.
 *
 * @param wanted those that are ordered, in the order of the object; all of them unless given. Few of many cost little.
 */
export function orderNodes(
  workflow: WorkflowObject,
  wanted: readonly WorkflowNode[] = [...workflow.nodes.values()],
): readonly WorkflowNode[] {
  if (wanted.length <= 1) return wanted;
  const { nodes, entryNode } = workflow;
  const isWhole = wanted.length === nodes.size;
  const visited = isWhole ? wanted : withAround(wanted, nodes);
  const tree = new NodeTree(nodes, visited);
  const ordered = new Set<WorkflowNode>();
  if (entryNode && tree.has(entryNode)) visit(entryNode, tree, ordered);
  const rest = visited
    .filter(node => !ordered.has(node))
    .sort((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) || compare(a.name, b.name));
  for (const node of rest) if (!nodes.has(node.boundaryId)) visit(node, tree, ordered);
  for (const node of rest) visit(node, tree, ordered);
  if (isWhole) return [...ordered];
  const isWanted = new Set(wanted);
  return [...ordered].filter(node => isWanted.has(node));
}

/**
 * They, and everything that they are inside of: whatever else there is cannot change their order. In the order of the object.
 */
function withAround(wanted: readonly WorkflowNode[], nodes: Nodes): readonly WorkflowNode[] {
  const retriesOf = retriesByChild(nodes);
  const found = new Set<WorkflowNode>();
  const stack = [...wanted];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    const around = nodes.get(node.boundaryId);
    if (around) stack.push(around);
    for (const retry of retriesOf.get(node.id) ?? []) stack.push(retry);
  }
  return [...nodes.values()].filter(node => found.has(node));
}

function retriesByChild(nodes: Nodes): ReadonlyMap<string, readonly WorkflowNode[]> {
  const retries = new Map<string, WorkflowNode[]>();
  for (const node of nodes.values())
    if (node.type === 'Retry') for (const id of node.children) push(retries, id, node);
  return retries;
}

/** Depth first without recursion: a hostile object may nest as deep as it likes. */
function visit(root: WorkflowNode, tree: NodeTree, ordered: Set<WorkflowNode>): void {
  if (ordered.has(root)) return;
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
    const inside = tree.inside(node);
    if (inside.length === 0) {
      // Most nodes are a Pod.
      stack.pop();
      ordered.add(node);
      continue;
    }
    entered.add(node);
    for (const other of inside.toReversed())
      if (!ordered.has(other) && !entered.has(other)) stack.push(other);
  }
}

/** What is inside of what, of those that are visited. */
class NodeTree {
  readonly #nodes: Nodes;
  readonly #visited: ReadonlySet<WorkflowNode>;
  readonly #members = new Map<string, WorkflowNode[]>();

  constructor(nodes: Nodes, visited: readonly WorkflowNode[]) {
    this.#nodes = nodes;
    this.#visited = new Set(visited);
    for (const node of visited) push(this.#members, node.boundaryId, node);
  }

  has(node: WorkflowNode): boolean {
    return this.#visited.has(node);
  }

  inside(node: WorkflowNode): readonly WorkflowNode[] {
    const members = this.#members.get(node.id) ?? [];
    switch (node.type) {
      case 'DAG':
        return byDisplayName(members);
      case 'Steps':
        return members.length === 0 ? [] : this.#breadthFirst(node, members.length);
      case 'Retry':
        return node.children.flatMap(id => this.#nodes.get(id) ?? []).filter(child => this.has(child));
      default:
        return [];
    }
  }

  /**
   * Along the children, as long as they belong to this node: step groups one after the other, each before its steps.
   *
   * @param count of those that are looked for
   */
  #breadthFirst(boundary: WorkflowNode, count: number): readonly WorkflowNode[] {
    const seen = new Set<WorkflowNode>();
    const found: WorkflowNode[] = [];
    const queue = [boundary];
    for (let index = 0; index < queue.length && found.length < count; index++)
      for (const id of queue[index]?.children ?? []) {
        const node = this.#nodes.get(id);
        if (!node || seen.has(node) || node.boundaryId !== boundary.id) continue;
        seen.add(node);
        queue.push(node);
        if (this.has(node)) found.push(node);
      }
    return found;
  }
}

function push(lists: Map<string, WorkflowNode[]>, key: string, node: WorkflowNode): void {
  const list = lists.get(key);
  if (list) list.push(node);
  else lists.set(key, [node]);
}

/** Each name is read once. */
function byDisplayName(nodes: readonly WorkflowNode[]): readonly WorkflowNode[] {
  const named = nodes.map(node => ({ node, name: node.displayName }));
  return named.sort((a, b) => compare(a.name, b.name)).map(({ node }) => node);
}

/** By code units, as Go sorts, never by a locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
