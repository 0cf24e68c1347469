// From tokens to a tree, in two readings as Argo has them: one as written, and one with unquoted words as strings.
//
//   chain    = operand { OPERATOR operand }       by the levels of when-tree.ts, each from left to right
//   operand  = PREFIX operand | "(" chain ANY | ACCESSOR [ chain that begins with "(" ] | literal | nothing, before ")"
//
// What follows a complete expression is not looked at: `(true) false` is true, and `((true) false)` too, because the
// second ")" is not checked to be one. Both come from govaluate.
import { LimitError } from '../budget/evaluation-limits.js';
import { compileRegexp } from '../go/text/go-regexp.js';
import type { GoRegexp } from '../go/text/go-regexp.js';
import { EvaluationError } from '../go/evaluation-error.js';
import { WhenError } from './when-error.js';
import type { WhenStage } from './when-error.js';
import { checkBalance, checkTransitions } from './when-syntax.js';
import { tokenizeWhen } from './when-tokens.js';
import type { Token } from './when-tokens.js';
import { levelOf } from './when-tree.js';
import type { Link, WhenNode } from './when-tree.js';

/** Chains inside one another; more is nonsense and would exhaust the stack. */
const DEPTH_MAX = 1000;
/** Regular expressions in one clause: each may take some milliseconds. */
const PATTERNS_MAX = 32;
const NOTHING: WhenNode = { kind: 'nothing' };

type PatternToken = Token & { readonly regexp?: GoRegexp };

/** Reads a `when` clause whose tags are filled in. @throws WhenError */
export function parseWhen(text: string): WhenNode {
  const written = tokenizeWhen(text);
  checkBalance(written);
  checkTransitions(written, 'read', text.length);
  const tooMany = written.filter(isMatching)[PATTERNS_MAX];
  if (tooMany) throw new WhenError('read', tooMany.position, `more than ${PATTERNS_MAX} regular expressions`);
  const patterned = compilePatterns(written, 'read');
  checkOperands(patterned);
  const stringed = patterned.map(token =>
    token.kind === 'VARIABLE' ? { ...token, kind: 'STRING' as const } : token,
  );
  checkTransitions(stringed, 'reread', text.length);
  return new TreeBuilder(compilePatterns(stringed, 'reread')).chain(0);
}

/** Strings right of `=~` and `!~` become patterns, wherever they stand. */
function compilePatterns(tokens: readonly PatternToken[], stage: WhenStage): PatternToken[] {
  return tokens.map((token, index) => {
    const before = tokens[index - 1];
    if (!before || !isMatching(before) || token.kind !== 'STRING') return token;
    try {
      return { ...token, kind: 'PATTERN', regexp: compileRegexp(token.text) };
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof LimitError)
        throw new WhenError(stage, token.position, error.message);
      throw error;
    }
  });
}

function isMatching({ kind, text }: Token): boolean {
  return kind === 'COMPARATOR' && (text === '=~' || text === '!~');
}

/** The one thing that may follow by the transitions and is no operand. */
function checkOperands(tokens: readonly Token[]): void {
  for (const [index, { kind, position }] of tokens.entries()) {
    if (kind !== 'SEPARATOR' || tokens[index - 1]?.kind !== 'TERNARY') continue;
    throw new WhenError('read', position, "Unable to plan token kind: 'SEPARATOR', value: ','");
  }
}

class TreeBuilder {
  readonly #tokens: readonly PatternToken[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly PatternToken[]) {
    this.#tokens = tokens;
  }

  /** Operators of at least this level. */
  chain(lowest: number): WhenNode {
    this.#depth++;
    const start = this.#tokens[this.#index];
    if (this.#depth > DEPTH_MAX)
      throw new WhenError('read', start?.position ?? 0, `more than ${DEPTH_MAX} nested expressions`);
    let left = this.#operand();
    let links: Link[] = [];
    let linked: number | undefined;
    for (;;) {
      const operator = this.#tokens[this.#index];
      const level = operator && isOperator(operator) ? levelOf(operator.text) : undefined;
      if (!operator || level === undefined || level < lowest) break;
      this.#index++;
      const link = { symbol: operator.text, operand: this.chain(level + 1), position: operator.position };
      if (level === linked) links.push(link);
      else {
        links = [link];
        left = { kind: 'chain', level, first: left, links };
        linked = level;
      }
    }
    this.#depth--;
    return left;
  }

  #operand(): WhenNode {
    const token = this.#tokens[this.#index];
    if (!token || token.kind === 'CLAUSE_CLOSE') return NOTHING;
    this.#index++;
    const { position, text } = token;
    switch (token.kind) {
      case 'CLAUSE': {
        const inner = this.chain(0);
        this.#index++;
        return inner;
      }
      case 'PREFIX':
        return { kind: 'prefix', symbol: text, operand: this.#operand(), position };
      case 'ACCESSOR': {
        const hasArgument = this.#tokens[this.#index]?.kind === 'CLAUSE';
        return { kind: 'accessor', text, argument: hasArgument ? this.chain(0) : undefined, position };
      }
      default:
        return { kind: 'literal', value: literalOf(token) };
    }
  }
}

function isOperator({ kind }: Token): boolean {
  return (
    kind === 'COMPARATOR' ||
    kind === 'LOGICALOP' ||
    kind === 'MODIFIER' ||
    kind === 'SEPARATOR' ||
    kind === 'TERNARY'
  );
}

function literalOf({
  kind,
  number,
  regexp,
  text,
}: PatternToken): boolean | number | string | { regexp: GoRegexp } {
  if (number !== undefined) return number;
  if (kind === 'BOOLEAN') return text === 'true';
  return regexp ? { regexp } : text;
}
