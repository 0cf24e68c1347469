import type { WorkflowNode } from './workflow-node.js';

/** One run of something that is retried. */
export interface Attempt {
  /** The Retry node. */
  readonly parent: WorkflowNode;
  /** Undefined for the first one. */
  readonly before: WorkflowNode | undefined;
}

/** The attempts among the nodes of an object. */
export class Attempts {
  /** By the index of the node that it is. */
  readonly #attempts: (Attempt | undefined)[];
  /** By the index of the Retry node. */
  readonly #last: (WorkflowNode | undefined)[];

  constructor(nodes: ReadonlyMap<string, WorkflowNode>) {
    this.#attempts = new Array<Attempt | undefined>(nodes.size);
    this.#last = new Array<WorkflowNode | undefined>(nodes.size);
    for (const parent of nodes.values()) if (parent.type === 'Retry') this.#add(parent, nodes);
  }

  /** Which attempt a node is, if it is one. */
  of(node: WorkflowNode): Attempt | undefined {
    return this.#attempts[node.index];
  }

  /** Of a Retry node the one that it speaks for. */
  lastOf(node: WorkflowNode): WorkflowNode | undefined {
    return this.#last[node.index];
  }

  /** Whether its Retry node speaks for it. */
  isLast(node: WorkflowNode): boolean {
    const attempt = this.of(node);
    return attempt !== undefined && this.lastOf(attempt.parent) === node;
  }

  #add(parent: WorkflowNode, nodes: ReadonlyMap<string, WorkflowNode>): void {
    let before: WorkflowNode | undefined;
    for (const attempt of attemptNodesOf(parent, nodes)) {
      this.#attempts[attempt.index] = { parent, before };
      before = attempt;
    }
    this.#last[parent.index] = before;
  }
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

/** The name of the parent and a number in brackets. */
function isAttemptName(name: string, parentName: string): boolean {
  const [open, close] = [parentName.length, name.length - 1];
  if (close <= open + 1 || name.charCodeAt(open) !== OPEN || name.charCodeAt(close) !== CLOSE) return false;
  for (let index = open + 1; index < close; index++) {
    const code = name.charCodeAt(index);
    if (code < ZERO || code > NINE) return false;
  }
  return name.startsWith(parentName);
}

const [OPEN, CLOSE, ZERO, NINE] = [0x28, 0x29, 0x30, 0x39];
