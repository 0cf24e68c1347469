import type { WorkflowNode } from './workflow-node.js';
import type { WorkflowObject } from './workflow-object.js';

type Nodes = ReadonlyMap<string, WorkflowNode>;

/**
 * The nodes in the order in which the controller works on them: from the entry node, steps in their order, tasks of a
 * DAG by name, attempts before their Retry node, and what is inside a node before the node. Matters when several nodes
 * that end in one object set the same gauge. Nodes outside the tree (exit handlers, hooks) come last, by start.
 *
 * @param wanted those that are ordered. Few of many cost little.
 */
export function orderNodes(
  workflow: WorkflowObject,
  wanted: readonly WorkflowNode[],
): readonly WorkflowNode[] {
  if (wanted.length <= 1) return wanted;
  const { nodes, entryNode } = workflow;
  const visited = 2 * wanted.length > nodes.size ? [...nodes.values()] : withAround(wanted, nodes);
  const ordered = new TreeWalk(nodes, visited).walk(entryNode);
  if (wanted.length === visited.length) return ordered;
  const isWanted = new Uint8Array(nodes.size);
  for (const { index } of wanted) isWanted[index] = 1;
  return ordered.filter(({ index }) => isWanted[index] === 1);
}

/**
 * They, and everything that they are inside of: whatever else there is cannot change their order. In the order of the object.
 */
function withAround(wanted: readonly WorkflowNode[], nodes: Nodes): readonly WorkflowNode[] {
  const retriesOf = retriesByChild(nodes);
  const isFound = new Uint8Array(nodes.size);
  const stack = [...wanted];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isFound[node.index] === 1) continue;
    isFound[node.index] = 1;
    const around = nodes.get(node.boundaryId);
    if (around) stack.push(around);
    for (const retry of retriesOf.get(node.id) ?? []) stack.push(retry);
  }
  return [...nodes.values()].filter(({ index }) => isFound[index] === 1);
}

function retriesByChild(nodes: Nodes): ReadonlyMap<string, readonly WorkflowNode[]> {
  const retries = new Map<string, WorkflowNode[]>();
  for (const node of nodes.values())
    if (node.type === 'Retry') for (const id of node.children) push(retries, id, node);
  return retries;
}

/** Of a node that is to be visited: it was not yet, what is inside of it is being visited, it is in its place. */
const [OPEN, ENTERED, ORDERED] = [1, 2, 3];

/** One way through a tree. */
class TreeWalk {
  readonly #nodes: Nodes;
  readonly #visited: readonly WorkflowNode[];
  /** What is inside of a node that names it as its boundary. */
  readonly #members: ReadonlyMap<string, readonly WorkflowNode[]>;
  /** By the index of the node; 0 of what is not visited. */
  readonly #states: Uint8Array;
  /** By the index of the node: which boundary came by it last, from 1. */
  readonly #seenFrom: Int32Array;
  readonly #ordered: WorkflowNode[] = [];

  constructor(nodes: Nodes, visited: readonly WorkflowNode[]) {
    this.#nodes = nodes;
    this.#visited = visited;
    this.#members = membersOf(visited);
    this.#states = new Uint8Array(nodes.size);
    this.#seenFrom = new Int32Array(nodes.size);
    for (const { index } of visited) this.#states[index] = OPEN;
  }

  walk(entryNode: WorkflowNode | undefined): readonly WorkflowNode[] {
    if (entryNode && this.#isOpen(entryNode)) this.#visit(entryNode);
    const rest = this.#visited
      .filter(node => this.#isOpen(node))
      .sort((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) || compare(a.name, b.name));
    for (const node of rest) if (!this.#nodes.has(node.boundaryId)) this.#visit(node);
    for (const node of rest) this.#visit(node);
    return this.#ordered;
  }

  /** Depth first without recursion: a hostile object may nest as deep as it likes. */
  #visit(root: WorkflowNode): void {
    const stack = [root];
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      // Most nodes are a Pod.
      const inside = this.#isOpen(node) ? this.#inside(node) : [];
      if (inside.length === 0) {
        stack.pop();
        this.#order(node);
        continue;
      }
      this.#states[node.index] = ENTERED;
      for (const other of inside.toReversed()) if (this.#isOpen(other)) stack.push(other);
    }
  }

  #isOpen({ index }: WorkflowNode): boolean {
    return this.#states[index] === OPEN;
  }

  #order(node: WorkflowNode): void {
    if (this.#states[node.index] === ORDERED) return;
    this.#states[node.index] = ORDERED;
    this.#ordered.push(node);
  }

  #inside(node: WorkflowNode): readonly WorkflowNode[] {
    switch (node.type) {
      case 'DAG':
        return byDisplayName(this.#members.get(node.id) ?? []);
      case 'Steps':
        return this.#breadthFirst(node, this.#members.get(node.id)?.length ?? 0);
      case 'Retry':
        return node.children.flatMap(id => this.#nodes.get(id) ?? []);
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
    const from = boundary.index + 1;
    const found: WorkflowNode[] = [];
    const queue = [boundary];
    for (let at = 0; at < queue.length && found.length < count; at++)
      for (const id of queue[at]?.children ?? []) {
        const node = this.#nodes.get(id);
        if (!node || this.#seenFrom[node.index] === from || node.boundaryId !== boundary.id) continue;
        this.#seenFrom[node.index] = from;
        queue.push(node);
        if (this.#states[node.index] !== 0) found.push(node);
      }
    return found;
  }
}

function membersOf(visited: readonly WorkflowNode[]): ReadonlyMap<string, readonly WorkflowNode[]> {
  const members = new Map<string, WorkflowNode[]>();
  let boundaryId: string | undefined;
  let list: WorkflowNode[] = [];
  for (const node of visited) {
    // Those of one boundary often follow each other.
    if (node.boundaryId !== boundaryId) {
      boundaryId = node.boundaryId;
      list = members.get(boundaryId) ?? [];
      members.set(boundaryId, list);
    }
    list.push(node);
  }
  return members;
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
