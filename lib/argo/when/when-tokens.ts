// Cuts a `when` clause into the tokens of govaluate:
//
//   NUMERIC   = ( DIGIT | "." ) { DIGIT | "." } | "0x" { SPACE } { HEX_DIGIT }
//   VARIABLE  = LETTER { LETTER | DIGIT | "_" | "." } | "[" { any but "]" } "]"
//   BOOLEAN   = "true" | "false"               ACCESSOR  = a VARIABLE with a "." in it, not in brackets
//   STRING    = QUOTE { any but QUOTE } QUOTE  TIME      = a STRING that reads as a point in time
//   CLAUSE    = "("      CLAUSE_CLOSE = ")"    SEPARATOR = ","
//   operators = everything up to the next letter, digit, space, quote, parenthesis or bracket, as one: "&&!" is no operator
//
// QUOTE is ' or ", and either one ends either. In all of them "\" takes the next character as it is.
import { formatFloat } from '../go/value/go-format.js';
import { parseGoFloat } from '../go/number/go-number.js';
import { WhenError } from './when-error.js';
import { parseTime } from './when-times.js';

/** In govaluate's words, which are in its messages. */
export type TokenKind =
  | 'ACCESSOR'
  | 'BOOLEAN'
  | 'CLAUSE'
  | 'CLAUSE_CLOSE'
  | 'COMPARATOR'
  | 'LOGICALOP'
  | 'MODIFIER'
  | 'NUMERIC'
  | 'PATTERN'
  | 'PREFIX'
  | 'SEPARATOR'
  | 'STRING'
  | 'TERNARY'
  | 'TIME'
  | 'VARIABLE';

export interface Token {
  readonly kind: TokenKind;
  /** Without quotes and escapes; of an operator its symbol. */
  readonly text: string;
  /** Of a number, and the Unix seconds of a point in time. */
  readonly number?: number;
  /** As govaluate's messages show it, where that is not the text. */
  readonly shown?: string;
  readonly position: number;
}

/** A `when` clause is a line of a manifest; more is not one. */
const LENGTH_MAX = 65_536;

const SPACE = /\p{White_Space}+/uy;
const WORD = /(?:\\[^]|[\p{L}\p{Nd}_.])*/uy;
const NUMBER = /(?:\\[^]|[\p{Nd}.])*/uy;
const HEXADECIMAL = /(?:\\[^]|[\p{Nd}a-fA-F])*/uy;
const QUOTED = /(?:\\[^]|[^\\'"])*/uy;
const BRACKETED = /(?:\\[^]|[^\\\]])*/uy;
const SYMBOL = /(?:\\[^]|[^\\\p{L}\p{Nd}\p{White_Space}()[\]'"])*/uy;

const LETTER = /^\p{L}$/u;
const NUMERIC = /^[\p{Nd}.]$/u;

const OPERATORS: ReadonlyMap<string, TokenKind> = new Map([
  ...['+', '-', '*', '/', '%', '**', '&', '|', '^', '>>', '<<'].map(symbol => [symbol, 'MODIFIER'] as const),
  ...['&&', '||'].map(symbol => [symbol, 'LOGICALOP'] as const),
  ...['==', '!=', '>', '>=', '<', '<=', '=~', '!~'].map(symbol => [symbol, 'COMPARATOR'] as const),
  ...['?', ':', '??'].map(symbol => [symbol, 'TERNARY'] as const),
]);
const PREFIXES = new Set(['-', '!', '~']);
/** After these, or at the start, `-` is a sign and no subtraction. */
const BEFORE_PREFIX = new Set<TokenKind | undefined>([
  undefined,
  'CLAUSE',
  'COMPARATOR',
  'LOGICALOP',
  'MODIFIER',
  'SEPARATOR',
  'TERNARY',
]);

/** Cuts a `when` clause into tokens. @throws WhenError */
export function tokenizeWhen(text: string): Token[] {
  if (text.length > LENGTH_MAX) throw new WhenError('read', LENGTH_MAX, 'the expression is too long');
  const reader = new TokenReader(text);
  const tokens: Token[] = [];
  for (;;) {
    const token = reader.next(tokens.at(-1)?.kind);
    if (token === undefined) return tokens;
    tokens.push(token);
  }
}

class TokenReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `undefined` at the end. */
  next(previous: TokenKind | undefined): Token | undefined {
    this.#skip(SPACE);
    const position = this.#position;
    if (position === this.#text.length) return undefined;
    const character = String.fromCodePoint(this.#text.codePointAt(position) ?? 0);
    switch (character) {
      case ',':
        this.#position++;
        return { kind: 'SEPARATOR', text: ',', position };
      case '(':
        this.#position++;
        return { kind: 'CLAUSE', text: '(', shown: '40', position };
      case ')':
        this.#position++;
        return { kind: 'CLAUSE_CLOSE', text: ')', shown: '41', position };
      case '[':
        return { kind: 'VARIABLE', text: this.#enclosed(BRACKETED, 'Unclosed parameter bracket'), position };
      case "'":
      case '"':
        return stringToken(this.#enclosed(QUOTED, 'Unclosed string literal'), position);
    }
    if (NUMERIC.test(character)) return this.#number(position);
    if (LETTER.test(character)) return wordToken(this.#take(WORD), position);
    return operatorToken(this.#take(SYMBOL), previous, position);
  }

  #number(position: number): Token {
    // "0x" at the very end is a zero and a word, which the syntax refuses.
    const isHexadecimal = this.#text.startsWith('0x', position) && position + 2 < this.#text.length;
    if (!isHexadecimal) return numberToken(this.#take(NUMBER), position);
    this.#position += 2;
    this.#skip(SPACE);
    const digits = this.#take(HEXADECIMAL);
    const number = /^[0-9a-fA-F]+$/.test(digits) ? BigInt(`0x${digits}`) : undefined;
    if (number !== undefined && number < 1n << 64n) return numeric(Number(number), position);
    throw new WhenError('read', position, `Unable to parse hex value '${digits}' to uint64`);
  }

  #enclosed(content: RegExp, unclosed: string): string {
    const start = this.#position;
    this.#position++;
    const text = this.#take(content);
    if (this.#position === this.#text.length) throw new WhenError('read', start, unclosed);
    this.#position++;
    return text;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const matched = pattern.exec(this.#text)?.[0] ?? '';
    this.#position += matched.length;
    return matched;
  }

  #take(pattern: RegExp): string {
    const matched = this.#skip(pattern);
    // Every pattern takes a "\" and what follows, so this one is the last character. Argo's controller panics on it.
    if (this.#text[this.#position] === '\\')
      throw new WhenError('read', this.#position, 'nothing follows the last backslash');
    return matched.includes('\\') ? matched.replaceAll(/\\([^])/gu, '$1') : matched;
  }
}

function numberToken(text: string, position: number): Token {
  const parsed = parseGoFloat(text);
  if ('value' in parsed) return numeric(parsed.value, position);
  throw new WhenError('read', position, `Unable to parse numeric value '${text}' to float64`);
}

function numeric(number: number, position: number): Token {
  return { kind: 'NUMERIC', text: formatFloat(number), number, position };
}

function stringToken(text: string, position: number): Token {
  const time = parseTime(text);
  if (!time) return { kind: 'STRING', text, position };
  return { kind: 'TIME', text, number: Number(time.unixSeconds), shown: String(time), position };
}

function wordToken(text: string, position: number): Token {
  if (text === 'true' || text === 'false') return { kind: 'BOOLEAN', text, position };
  if (text === 'in' || text === 'IN') return { kind: 'COMPARATOR', text: 'in', position };
  if (!text.includes('.', 1)) return { kind: 'VARIABLE', text, position };
  if (text.endsWith('.')) throw new WhenError('read', position, `Hanging accessor on token '${text}'`);
  const names = text.split('.');
  const unexported = names.slice(1).find(name => !isExported(name));
  if (unexported !== undefined) {
    const message = `Unable to access unexported field '${unexported}' in token '${text}'`;
    throw new WhenError('read', position, message);
  }
  return { kind: 'ACCESSOR', text, shown: `[${names.join(' ')}]`, position };
}

/** Go's rule for fields: no lower case letter in front. */
function isExported(name: string): boolean {
  const [first = ''] = name;
  const upper = first.toUpperCase();
  return upper === first || upper.length > first.length;
}

function operatorToken(symbol: string, previous: TokenKind | undefined, position: number): Token {
  if (PREFIXES.has(symbol) && BEFORE_PREFIX.has(previous)) return { kind: 'PREFIX', text: symbol, position };
  const kind = OPERATORS.get(symbol);
  if (kind !== undefined) return { kind, text: symbol, position };
  throw new WhenError('read', position, `Invalid token: '${symbol}'`);
}
