import { ExpressionSyntaxError } from './syntax-error.js';
import { partsOf } from './syntax.js';
import type { Syntax } from './syntax.js';

/** As in expr-lang. */
const NODES_MAX = 10_000;
/** Brackets and operators inside one another: bounds the stack of all that walks over the tree. */
const DEPTH_MAX = 250;

/** Keeps a syntax tree small enough for everything that is done with it. */
export class TreeBounds {
  #nodes = 0;
  #nesting = 0;
  readonly #depths = new WeakMap<Syntax, number>();

  /** Every node passes here once, after its parts. */
  admit(node: Syntax): Syntax {
    this.#nodes++;
    if (this.#nodes > NODES_MAX) {
      const message = 'compilation failed: expression exceeds maximum allowed nodes';
      throw new ExpressionSyntaxError(node.position, message);
    }
    let depth = 0;
    for (const part of partsOf(node)) depth = Math.max(depth, this.#depths.get(part) ?? 0);
    if (depth >= DEPTH_MAX) refuse(node.position);
    this.#depths.set(node, depth + 1);
    return node;
  }

  /** Around all that can call itself before it has a node to admit. */
  within<T>(position: number, read: () => T): T {
    this.#nesting++;
    if (this.#nesting > DEPTH_MAX) refuse(position);
    const result = read();
    this.#nesting--;
    return result;
  }
}

function refuse(position: number): never {
  throw new ExpressionSyntaxError(position, `expression has more than ${DEPTH_MAX} nested parts`);
}
