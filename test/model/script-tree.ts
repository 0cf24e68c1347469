// What a thread's JavaScript does between two accesses to shared memory, as a tree that grows while it is explored. The
// shipped code is run again from its beginning with the answers that it got so far; at the first question without an
// answer it is stopped by an exception, and that question is the node's operation. So a thread can be continued from any
// node with any answer, as often as one likes, and two threads stand at the same place if they stand at the same node.
// The code must be deterministic, and may keep nothing in its objects that changes what it asks.
import { format } from 'node:util';
import type { MemoryAccess, WasmFunction } from './wasm-module.js';

/** Bigints, numbers, strings, booleans and undefined; objects only as the result of a whole script. */
export type Answer = unknown;

export type Operation =
  | { readonly kind: 'call'; readonly code: WasmFunction; readonly args: readonly number[] }
  | {
      readonly kind: 'access';
      readonly access: MemoryAccess;
      readonly address: number;
      readonly value: number | bigint;
      readonly expected: number | bigint;
    }
  /** Another script, whose result is the answer: what it asked meanwhile is forgotten. */
  | { readonly kind: 'script'; readonly key: string; readonly run: () => unknown }
  | { readonly kind: 'choose'; readonly count: number }
  /** What a look at all memory finds at this moment, which no thread could: for who judges. */
  | { readonly kind: 'peek'; readonly look: () => string }
  | { readonly kind: 'now' | 'pause' }
  | { readonly kind: 'return'; readonly value: unknown };

class Question {
  readonly operation: Operation;

  constructor(operation: Operation) {
    this.operation = operation;
  }
}

let answers: readonly Answer[] = [];
let position = 0;

/** Called by what stands in for memory, kernel and clock. */
export function ask(operation: Operation): Answer {
  if (position < answers.length) return answers[position++];
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- nothing failed, and a stack trace costs more than all else
  throw new Question(operation);
}

let nodes = 0;

/** Maps take it for +0, and a cell that is -0 is another one. */
const MINUS_ZERO = Symbol('-0');

/** The longest loop that is recognized, in questions. */
const PERIOD_MAX = 6;

function keyOf(operation: Operation): string {
  switch (operation.kind) {
    case 'call':
      return `call ${operation.code.name}(${operation.args.join()})`;
    case 'access':
      return `${operation.access.kind} ${operation.address} ${operation.value} ${operation.expected}`;
    case 'script':
      return operation.key;
    default:
      return operation.kind;
  }
}

const isSign = (exchange: string): boolean => exchange.startsWith('call beat(');

export class ScriptNode {
  readonly id = ++nodes;
  /** How many answers the script got so far. */
  readonly depth: number;
  /** The script's. */
  readonly name: string;
  readonly #run: () => unknown;
  readonly #answers: readonly Answer[];
  readonly #children = new Map<Answer, ScriptNode>();
  readonly #parent: ScriptNode | undefined;
  /** The question before this node, with its answer. */
  readonly #last: string;
  #operation: Operation | undefined;

  private constructor(
    name: string,
    run: () => unknown,
    given: readonly Answer[],
    parent?: ScriptNode,
    last = '',
  ) {
    this.#parent = parent;
    this.#last = last;
    this.name = name;
    this.#run = run;
    this.#answers = given;
    this.depth = given.length;
  }

  static root(name: string, run: () => unknown): ScriptNode {
    return new ScriptNode(name, run, []);
  }

  operation(): Operation {
    return (this.#operation ??= this.#ask());
  }

  answered(answer: Answer): ScriptNode {
    const key = Object.is(answer, -0) ? MINUS_ZERO : answer;
    let child = this.#children.get(key);
    if (child === undefined) this.#children.set(key, (child = this.#repeated(answer) ?? this.#grown(answer)));
    return child;
  }

  #grown(answer: Answer): ScriptNode {
    return new ScriptNode(this.name, this.#run, [...this.#answers, answer], this, this.#exchange(answer));
  }

  #exchange(answer: Answer): string {
    return `${keyOf(this.operation())} = ${typeof answer === 'object' ? nodes : format('%s', answer)}`;
  }

  /**
   * The node to go back to when the last questions and answers are those before them once more: a loop that went round
   * and found nothing new. Only loops with a call of the kernel; what else they keep is a count of tries with a high bound.
   * Signs of life alone are none: who gives them goes on with work of its own.
   */
  #repeated(answer: Answer): ScriptNode | undefined {
    const path = this.#ancestors(2 * PERIOD_MAX);
    const latest = [this.#exchange(answer), ...path.map(node => node.#last)];
    for (let period = 1; period <= PERIOD_MAX && period < path.length; period++) {
      const [now, before] = [latest.slice(0, period), latest.slice(period, 2 * period)];
      if (
        now.join() === before.join() &&
        now.some(exchange => exchange.startsWith('call ')) &&
        !now.every(isSign)
      )
        return path[period - 1];
    }
    return undefined;
  }

  /** This node, the one before, and so on. The script's root, which has no question before it, is left out. */
  #ancestors(count: number): ScriptNode[] {
    if (count === 0 || this.#parent === undefined) return [];
    return [this, ...this.#parent.#ancestors(count - 1)];
  }

  #ask(): Operation {
    const before = [answers, position] as const;
    [answers, position] = [this.#answers, 0];
    try {
      return { kind: 'return', value: this.#run() };
    } catch (stopped) {
      if (stopped instanceof Question) return stopped.operation;
      throw stopped;
    } finally {
      [answers, position] = before;
    }
  }
}

/** Scripts by name and arguments. */
export class ScriptLibrary {
  readonly #roots = new Map<string, ScriptNode>();

  root(key: string, run: () => unknown): ScriptNode {
    let root = this.#roots.get(key);
    if (root === undefined) this.#roots.set(key, (root = ScriptNode.root(key, run)));
    return root;
  }
}
