// JSON into values, as Go's `json.Unmarshal` into an empty interface: numbers are float64, and its words for what is wrong.
import { EvaluationError } from '../evaluation-error.js';
import type { Value } from '../value/value.js';
import { checkDepth, spend } from '../../budget/evaluation-limits.js';
import { bytesOf } from '../text/go-text.js';
import { quoteGo } from '../text/quote.js';

const BLANKS = /[ \t\r\n]*/y;
// eslint-disable-next-line no-control-regex -- control characters end a string with an error
const PLAIN_TEXT = /[^"\\\x00-\x1f]*/y;
const LONE_SURROGATES = /[\ud800-\udfff]/gu;
const DIGITS = /\d*/y;
const WITHIN_TOKEN = /^(?:in (?!string literal)|after decimal point)/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Steps of reading a character. */
const CHARACTER_COST = 2;

/**
 * Objects become Maps, so `__proto__` is a key like any other; of equal keys the last wins.
 *
 * @throws EvaluationError with Go's message.
 */
export function parseJson(text: string): Value {
  spend(text.length * CHARACTER_COST);
  return new JsonReader(text).read();
}

class JsonReader {
  readonly #text: string;
  #index = 0;
  /** Go looks for mistakes in the whole text first, and for numbers out of range after that. */
  #outOfRange = '';

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value(0);
    this.#skip(BLANKS);
    if (this.#index < this.#text.length) throw this.#unexpected('after top-level value');
    if (this.#outOfRange === '') return value;
    throw new EvaluationError(
      `json: cannot unmarshal number ${this.#outOfRange} into Go value of type float64`,
    );
  }

  #value(depth: number): Value {
    checkDepth(depth);
    this.#skip(BLANKS);
    const character = this.#peek();
    switch (character) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#list(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#literal('true', true);
      case 'f':
        return this.#literal('false', false);
      case 'n':
        return this.#literal('null', null);
      default:
        if (/[-\d]/.test(character)) return this.#number();
        throw this.#unexpected('looking for beginning of value');
    }
  }

  #object(depth: number): Value {
    const map = new Map<string, Value>();
    this.#index++;
    this.#skip(BLANKS);
    if (this.#accept('}')) return map;
    for (;;) {
      this.#skip(BLANKS);
      if (this.#peek() !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      this.#skip(BLANKS);
      if (!this.#accept(':')) throw this.#unexpected('after object key');
      map.set(key, this.#value(depth + 1));
      this.#skip(BLANKS);
      if (this.#accept('}')) return map;
      if (!this.#accept(',')) throw this.#unexpected('after object key:value pair');
    }
  }

  #list(depth: number): Value {
    const list: Value[] = [];
    this.#index++;
    this.#skip(BLANKS);
    if (this.#accept(']')) return list;
    for (;;) {
      list.push(this.#value(depth + 1));
      this.#skip(BLANKS);
      if (this.#accept(']')) return list;
      if (!this.#accept(',')) throw this.#unexpected('after array element');
    }
  }

  #string(): string {
    this.#index++;
    let text = '';
    for (;;) {
      text += this.#skip(PLAIN_TEXT);
      if (this.#accept('"')) return text.replace(LONE_SURROGATES, '\uFFFD');
      if (!this.#accept('\\')) throw this.#unexpected('in string literal');
      if (this.#accept('u')) text += this.#hexadecimalEscape();
      else {
        const escaped = ESCAPES[this.#peek()];
        if (escaped === undefined) throw this.#unexpected('in string escape code');
        this.#index++;
        text += escaped;
      }
    }
  }

  #hexadecimalEscape(): string {
    const start = this.#index;
    while (this.#index < start + 4) {
      if (!/[\da-fA-F]/.test(this.#peek())) throw this.#unexpected('in \\u hexadecimal character escape');
      this.#index++;
    }
    return String.fromCharCode(Number.parseInt(this.#text.slice(start, this.#index), 16));
  }

  #number(): number {
    const start = this.#index;
    this.#accept('-');
    if (!this.#accept('0') && this.#skip(DIGITS) === '') throw this.#unexpected('in numeric literal');
    if (this.#accept('.') && this.#skip(DIGITS) === '')
      throw this.#unexpected('after decimal point in numeric literal');
    if (this.#accept('e') || this.#accept('E')) {
      if (!this.#accept('+')) this.#accept('-');
      if (this.#skip(DIGITS) === '') throw this.#unexpected('in exponent of numeric literal');
    }
    const digits = this.#text.slice(start, this.#index);
    const number = Number(digits);
    if (!Number.isFinite(number) && this.#outOfRange === '') this.#outOfRange = digits;
    return number;
  }

  #literal<T>(word: string, value: T): T {
    for (const [index, letter] of [...word].entries())
      if (!this.#accept(letter))
        throw this.#unexpected(`in literal ${word} (expecting '${word.charAt(index)}')`);
    return value;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#index;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#index += found.length;
    return found;
  }

  #peek(): string {
    return this.#text.charAt(this.#index);
  }

  #accept(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#index++;
    return true;
  }

  #unexpected(place: string): EvaluationError {
    const rest = this.#text.slice(this.#index, this.#index + 2);
    // At the end Go tries a space, which is as good as nothing except within a number, a word or an escape.
    if (rest === '' && !WITHIN_TOKEN.test(place)) return new EvaluationError('unexpected end of JSON input');
    // Go names the byte, not the character.
    const [byte = 0] = bytesOf(rest || ' ');
    const character = String.fromCharCode(byte);
    const quoted = character === "'" ? "\\'" : character === '"' ? '"' : quoteGo(character).slice(1, -1);
    return new EvaluationError(`invalid character '${quoted}' ${place}`);
  }
}
