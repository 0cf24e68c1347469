// Reads the text of an expression token by token, as expr-lang's lexer does.
import { ExpressionSyntaxError } from './syntax-error.js';
import { unescapeBytes, unescapeText } from './text-literal.js';

export type TokenKind = 'Identifier' | 'Number' | 'String' | 'Bytes' | 'Operator' | 'Bracket' | 'EOF';

export interface Token {
  readonly kind: TokenKind;
  /** The name, the operator, or what the literal stands for. */
  readonly text: string;
  readonly bytes: readonly number[];
  readonly position: number;
}

const WORD_OPERATORS = new Set('not in or and matches contains startsWith endsWith let if else'.split(' '));
const SPACES = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/y;
const WORD = /[\p{L}\p{Nd}_$]+/uy;
const SYMBOL = /\?[.?]?|\|\|?|::?|[&!=*<>][&=*]?|[()[\]{},;%+\-^/]|\.\.?|##?/y;
const BLANKS = /[ ]*/y;
const NO_BYTES: readonly number[] = [];

/** Whether the text can stand after a dot, and be a key without quotes. */
export function isName(text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(text);
}

/** One token after the other; the last one is `EOF`, again and again. */
export class Tokenizer {
  readonly #source: string;
  #at = 0;
  /** `not` looks ahead and `#` brings a name with it. */
  readonly #waiting: Token[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws ExpressionSyntaxError */
  next(): Token {
    const waiting = this.#waiting.shift();
    if (waiting) return waiting;
    this.#skipSpaceAndComments();
    const start = this.#at;
    const character = this.#source[start];
    if (character === undefined) return this.#end();
    const following = this.#source[start + 1];
    if (character === "'" || character === '"') return this.#quoted(start, 0);
    if (character === '`') return this.#raw(start);
    if ((character === 'b' || character === 'B') && (following === "'" || following === '"'))
      return this.#quoted(start, 1);
    if (isDigit(character) || (character === '.' && isDigit(following))) return this.#number(start);
    const word = this.#match(WORD);
    if (word !== '') return this.#word(word, start);
    const symbol = this.#match(SYMBOL);
    if (symbol === '') return this.#fail(start, `unrecognized character: ${describe(this.#source, start)}`);
    if (symbol.startsWith('#')) {
      const position = this.#at;
      const name = this.#match(WORD);
      if (name !== '') this.#waiting.push(token('Identifier', name, position));
    }
    return token(symbol.length === 1 && '()[]{}'.includes(symbol) ? 'Bracket' : 'Operator', symbol, start);
  }

  #end(): Token {
    // expr-lang points at the last character.
    const last = this.#source.length === 0 ? 0 : lastCharacter(this.#source, this.#source.length);
    return token('EOF', '', last);
  }

  #word(word: string, start: number): Token {
    if (word === 'not') {
      this.#match(BLANKS);
      const position = this.#at;
      const next = this.#match(WORD);
      if (['in', 'matches', 'contains', 'startsWith', 'endsWith'].includes(next))
        this.#waiting.push(token('Operator', next, position));
      else this.#at = position;
    }
    return token(WORD_OPERATORS.has(word) ? 'Operator' : 'Identifier', word, start);
  }

  #number(start: number): Token {
    const source = this.#source;
    const base = /0[xX][\da-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|[\d_]*/y;
    const digits = this.#match(base);
    const isHexadecimal = /^0[xX]/.test(digits);
    const more = isHexadecimal
      ? /[\da-fA-F_]*/y
      : /^0[oO]/.test(digits)
        ? /[0-7_]*/y
        : /^0[bB]/.test(digits)
          ? /[01_]*/y
          : /[\d_]*/y;
    if (source[this.#at] === '.') {
      if (source[this.#at + 1] === '.') return token('Number', digits, start);
      this.#at++;
      this.#match(more);
    }
    if (/[eE]/.test(source[this.#at] ?? '')) {
      this.#at += /[+-]/.test(source[this.#at + 1] ?? '') ? 2 : 1;
      this.#match(more);
    }
    const end = this.#at;
    const tail = this.#match(WORD);
    const text = source.slice(start, end);
    if (tail === '') return token('Number', text, start);
    const first = String.fromCodePoint(tail.codePointAt(0) ?? 0);
    return this.#fail(end, `bad number syntax: ${JSON.stringify(text + first)}`);
  }

  #quoted(start: number, prefix: 0 | 1): Token {
    const quote = this.#source[start + prefix] ?? '';
    let at = start + prefix + 1;
    for (;;) {
      const character = this.#source[at];
      if (character === undefined) return this.#fail(this.#source.length, 'literal not terminated');
      if (character === '\n') return this.#fail(at, 'literal not terminated');
      if (character === quote) break;
      at += character === '\\' ? 2 : 1;
    }
    this.#at = at + 1;
    const inner = this.#source.slice(start + prefix + 1, at);
    if (prefix === 0) return token('String', unescapeText(inner, quote, start + 1), start);
    return { kind: 'Bytes', text: inner, bytes: unescapeBytes(inner, quote, start + 2), position: start };
  }

  /** In back quotes; two of them are one. */
  #raw(start: number): Token {
    const match = /`((?:[^`]|``)*)`(?!`)/y;
    match.lastIndex = start;
    const found = match.exec(this.#source);
    if (!found) return this.#fail(this.#source.length, 'literal not terminated');
    this.#at = match.lastIndex;
    return token('String', (found[1] ?? '').replaceAll('``', '`'), start);
  }

  #skipSpaceAndComments(): void {
    for (;;) {
      if (this.#match(SPACES) !== '') continue;
      if (this.#source.startsWith('//', this.#at)) {
        const end = this.#source.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#source.length : end + 1;
      } else if (this.#source.startsWith('/*', this.#at)) {
        const end = this.#source.indexOf('*/', this.#at + 2);
        if (end < 0) this.#fail(this.#source.length, 'unclosed comment');
        this.#at = end + 2;
      } else return;
    }
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(position: number, message: string): never {
    throw new ExpressionSyntaxError(position, message);
  }
}

function token(kind: TokenKind, text: string, position: number): Token {
  return { kind, text, bytes: NO_BYTES, position };
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function lastCharacter(source: string, end: number): number {
  const low = source.charCodeAt(end - 1);
  return low >= 0xdc00 && low < 0xe000 && end > 1 ? end - 2 : end - 1;
}

/** As Go's %#U. */
function describe(source: string, position: number): string {
  const point = source.codePointAt(position) ?? 0;
  const shown = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(String.fromCodePoint(point));
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return shown ? `${code} '${String.fromCodePoint(point)}'` : code;
}
