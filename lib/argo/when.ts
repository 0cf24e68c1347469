// Argo's `when`, read by govaluate: unquoted words are strings. The part of it that metrics use, by this grammar:
//
//   or         = and { "||" and }
//   and        = comparison { "&&" comparison }
//   comparison = operand { ( "==" | "!=" ) operand }            left to right: 1 == 1 == true
//   operand    = [ "!" ] ( BOOLEAN | "(" or ")" ) | [ "-" ] NUMBER | STRING | WORD
//   WORD       = LETTER { LETTER | DIGIT | "_" }                BOOLEAN = true | false
//   STRING     = QUOTE { CHARACTER | "\" CHARACTER } QUOTE      QUOTE = ' or ", and either one ends either
//   NUMBER     = ( DIGIT | "." ) { DIGIT | "." }
//
// Everything else that govaluate knows (arithmetic, <, in, =~, ?:, dates) is reported as unsupported, never answered.
import type { Diagnostic, TextDiagnostic } from './diagnostic.js';
import { tokenizeWhen, WhenError } from './when-tokens.js';
import type { Token } from './when-tokens.js';

type Value = { readonly value: string | number | boolean; readonly quoted: boolean };
type Expression = () => Value;

/** Parentheses inside one another; more is nonsense and would exhaust the stack. */
const DEPTH_MAX = 100;

/** What govaluate reads as a point in time when it is quoted, roughly: more than it does, so that no answer is wrong. */
const TIME_LIKE =
  /^\s*(?:\d{4}-|\d{1,2}:\d\d\s*[AP]M|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/;

/**
 * Evaluates a `when` clause whose tags are already filled in. Empty text is true, as in Argo.
 *
 * Pure; any thread. Never throws: what it does not understand is an error, never a wrong answer.
 *
 * @example
 * evaluateWhen('Succeeded == Succeeded && 0 != 1'); // { value: true }
 */
export function evaluateWhen(expression: string): { value: boolean } | { error: Diagnostic } {
  const result = decideWhen(expression);
  return 'error' in result ? { error: { ...result.error, path: '' } } : result;
}

/** As {@link evaluateWhen}, for who knows the path. */
export function decideWhen(expression: string): { value: boolean } | { error: TextDiagnostic } {
  if (expression === '') return { value: true };
  try {
    const parser = new WhenParser(expression);
    const { value } = parser.parse()();
    if (typeof value === 'boolean') return { value };
    throw new WhenError('WHEN_INVALID', 0, `Expected boolean evaluation for '${expression}'. Got ${value}`);
  } catch (error) {
    if (!(error instanceof WhenError)) throw error;
    return { error: error.toDiagnostic(expression) };
  }
}

class WhenParser {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokenizeWhen(text);
  }

  parse(): Expression {
    const expression = this.#or();
    const next = this.#peek();
    if (next.kind !== 'end') throw unexpected(next);
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#accept('||')) left = logical(left, '||', this.#and());
    return left;
  }

  #and(): Expression {
    let left = this.#comparison();
    while (this.#accept('&&')) left = logical(left, '&&', this.#comparison());
    return left;
  }

  #comparison(): Expression {
    let left = this.#operand();
    for (;;) {
      const operator = this.#peek();
      const equal = this.#accept('==');
      if (!equal && !this.#accept('!=')) return left;
      const [first, second] = [left, this.#operand()];
      left = () => {
        const same = isSame(first(), second(), operator.position);
        return { value: same === equal, quoted: false };
      };
    }
  }

  #operand(): Expression {
    const token = this.#next();
    if (token.kind === 'symbol' && token.text === '(') return this.#group(token);
    if (token.kind === 'symbol' && token.text === '!') return this.#negation();
    if (token.kind === 'symbol' && token.text === '-' && this.#peek().kind === 'number') {
      const value = -Number(this.#next().text);
      return () => ({ value, quoted: false });
    }
    if (token.kind === 'symbol' || token.kind === 'end') throw unexpected(token);
    return literal(token);
  }

  #negation(): Expression {
    const token = this.#next();
    const isGroup = token.kind === 'symbol' && token.text === '(';
    if (!isGroup && token.kind !== 'boolean') throw unexpected(token);
    const operand = isGroup ? this.#group(token) : literal(token);
    return () => {
      const { value } = operand();
      if (typeof value === 'boolean') return { value: !value, quoted: false };
      throw new WhenError(
        'WHEN_INVALID',
        token.position,
        `Value '${value}' cannot be used with the prefix '!'`,
      );
    };
  }

  #group(open: Token): Expression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) {
      throw new WhenError('WHEN_UNSUPPORTED', open.position, `more than ${DEPTH_MAX} nested parentheses`);
    }
    const inner = this.#or();
    if (!this.#accept(')')) throw unexpected(this.#peek());
    this.#depth -= 1;
    return inner;
  }

  #accept(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#index += 1;
    return true;
  }

  #peek(): Token {
    const last = this.#tokens.at(-1);
    const token = this.#tokens[this.#index] ?? last;
    return token ?? { kind: 'end', text: '', position: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#index += 1;
    return token;
  }
}

function literal(token: Token): Expression {
  const quoted = token.kind === 'string';
  const value =
    token.kind === 'number'
      ? Number(token.text)
      : token.kind === 'boolean'
        ? token.text === 'true'
        : token.text;
  return () => ({ value, quoted });
}

function logical(left: Expression, operator: '&&' | '||', right: Expression): Expression {
  const decisive = operator === '||';
  return () => {
    const first = left().value;
    if (first === decisive) return { value: decisive, quoted: false };
    const second = right().value;
    for (const value of [first, second]) {
      if (typeof value === 'boolean') continue;
      const message = `Value '${value}' cannot be used with the logical operator '${operator}', it is not a bool`;
      throw new WhenError('WHEN_INVALID', 0, message);
    }
    return { value: second, quoted: false };
  };
}

function isSame(left: Value, right: Value, position: number): boolean {
  if (left.value === right.value) return true;
  const leftIsTime = left.quoted && TIME_LIKE.test(String(left.value));
  const rightIsTime = right.quoted && TIME_LIKE.test(String(right.value));
  const leftIsNumeric = leftIsTime || typeof left.value === 'number';
  const rightIsNumeric = rightIsTime || typeof right.value === 'number';
  if ((leftIsTime && rightIsNumeric) || (rightIsTime && leftIsNumeric)) {
    throw new WhenError('WHEN_UNSUPPORTED', position, 'comparing points in time is not supported yet');
  }
  return false;
}

function unexpected(token: Token): WhenError {
  const { kind, position, text } = token;
  if (kind === 'end') return new WhenError('WHEN_INVALID', position, 'Unexpected end of expression');
  const known = ['(', ')', '!', '==', '!=', '&&', '||'].includes(text);
  if (kind !== 'symbol' || known) {
    return new WhenError('WHEN_INVALID', position, `Cannot use ${kind} [${text}] here`);
  }
  return new WhenError('WHEN_UNSUPPORTED', position, `Invalid token or unsupported operator: '${text}'`);
}
