// Reads the text of one step of a JSONPath: a name, or what stands in brackets.
import {
  CURRENT_STEP,
  LENGTH_STEP,
  PathError,
  RECURSIVE_STEP,
  ROOT_STEP,
  WILDCARD_STEP,
  filterStep,
  indexStep,
  keyStep,
  rangeStep,
  scriptStep,
  unionStep,
} from './jsonpath-steps.js';
import type { PathArgument, PathScript, PathStep } from './jsonpath-steps.js';
import { trimSpace } from '../go/text/go-text.js';

export type CompileScript = (text: string) => PathScript;

const SIMPLE_STEPS: ReadonlyMap<string, PathStep> = new Map([
  ['$', ROOT_STEP],
  ['@', CURRENT_STEP],
  ['*', WILDCARD_STEP],
  ['..', RECURSIVE_STEP],
  ['length', LENGTH_STEP],
]);

export function parseStep(text: string, compileScript: CompileScript): PathStep {
  const token = trimSpace(text);
  if (token === '') throw new PathError('invalid token. token string is empty');
  const simple = SIMPLE_STEPS.get(token);
  if (simple) return simple;
  if (!token.startsWith('[')) return keyStep(token);
  const subscript = token.endsWith(']') ? trimSpace(token.slice(1, -1)) : '';
  if (subscript === '') throw mismatch(token);
  if (subscript === '*') return WILDCARD_STEP;
  if (subscript.startsWith('?')) {
    if (!/^\?\([\s\S]*\)$/.test(subscript)) throw mismatch(token);
    const script = trimSpace(subscript.slice(2, -1));
    return filterStep(script === '' ? undefined : compileScript(script));
  }
  return parseParts(new SubscriptReader(token, subscript).read(), token, compileScript);
}

function mismatch(token: string): PathError {
  return new PathError(`invalid token. '${token}' does not match any token format`);
}

function badFormat(script: string): PathError {
  return new PathError(`invalid expression. invalid format '${script}'`);
}

/** A number, text as it is written, or a separator; null is an omitted bound. */
type Part = number | string | null | typeof COLON | typeof COMMA;
const COLON = Symbol(':');
const COMMA = Symbol(',');

class SubscriptReader {
  readonly #token: string;
  readonly #subscript: string;
  readonly #parts: Part[] = [];
  #buffer = '';
  #quote = '';
  #open = 0;
  #closed = 0;

  constructor(token: string, subscript: string) {
    this.#token = token;
    this.#subscript = subscript;
  }

  read(): Part[] {
    let index = 0;
    for (const character of this.#subscript) {
      this.#buffer += character;
      this.#take(character, index === 0);
      index++;
    }
    if (this.#buffer !== '') this.#parts.push(integerOf(this.#buffer) ?? this.#buffer);
    return this.#parts;
  }

  #take(character: string, isFirst: boolean): void {
    const isInParentheses = this.#open !== this.#closed;
    if (character === ')') return this.#closeParenthesis();
    if (character === "'" || character === '"') {
      if (!isInParentheses && (this.#quote === '' || this.#quote === character)) this.#toggleQuote(character);
      return;
    }
    if (this.#quote !== '') return;
    if (character === '(') this.#open++;
    else if (isInParentheses) return;
    else if (character === ' ') this.#buffer = trimSpace(this.#buffer);
    else if (character === ':') this.#endBound(isFirst);
    else if (character === ',') this.#endItem();
  }

  #closeParenthesis(): void {
    this.#closed++;
    if (this.#open !== this.#closed) return;
    if (!isScript(this.#buffer)) throw badFormat(this.#buffer);
    this.#push(this.#buffer);
  }

  #toggleQuote(quote: string): void {
    if (this.#buffer.length > 1 && this.#buffer.at(-2) === '\\')
      this.#buffer = this.#buffer.slice(0, -2) + quote;
    else if (this.#quote === '') {
      if (this.#buffer !== quote) throw mismatch(this.#token);
      this.#quote = quote;
    } else {
      this.#quote = '';
      if (!isKey(this.#buffer)) throw mismatch(this.#token);
      this.#push(this.#buffer);
    }
  }

  #endBound(isFirst: boolean): void {
    const text = this.#buffer.slice(0, -1);
    if (text !== '') {
      const bound = integerOf(text);
      if (bound === undefined) throw mismatch(this.#token);
      this.#parts.push(bound);
    } else if (isFirst) this.#parts.push(null);
    this.#push(COLON);
  }

  #endItem(): void {
    const text = this.#buffer.slice(0, -1);
    if (text !== '') this.#parts.push(integerOf(text) ?? text);
    this.#push(COMMA);
  }

  #push(part: Part): void {
    this.#parts.push(part);
    this.#buffer = '';
  }
}

function integerOf(text: string): number | undefined {
  return /^[+-]?\d{1,18}$/.test(text) ? Number(text) : undefined;
}

function isScript(text: string): boolean {
  return text.length > 2 && text.startsWith('(') && text.endsWith(')');
}

function isKey(text: string): boolean {
  return /^'[\s\S]*'$/.test(text) || /^"[\s\S]*"$/.test(text);
}

function parseParts(parts: readonly Part[], token: string, compileScript: CompileScript): PathStep {
  if (parts.length === 1) return parseLonePart(parts[0] ?? null, token, compileScript);
  const colons = parts.filter(part => part === COLON).length;
  const commas = parts.filter(part => part === COMMA).length;
  const items = parts.flatMap((part, index) => {
    // Nothing between two colons is a bound that is left out.
    if (part === COLON) return parts[index - 1] === COLON ? [null] : [];
    return part === COMMA ? [] : [part];
  });
  if (colons > 0 && commas > 0) throw mismatch(token);
  if (commas > 0) return parseUnion(items, commas, token, compileScript);
  if (colons > 0 && colons <= 2) return parseRange(items, colons, compileScript);
  throw mismatch(token);
}

function parseLonePart(part: Part, token: string, compileScript: CompileScript): PathStep {
  if (typeof part === 'number') return indexStep(part);
  if (typeof part !== 'string') throw mismatch(token);
  if (isKey(part)) return keyStep(part.slice(1, -1));
  if (isScript(part)) return scriptStep(compileScript(part.slice(1, -1)));
  throw mismatch(token);
}

function parseUnion(
  items: readonly (number | string | null)[],
  commas: number,
  token: string,
  compileScript: CompileScript,
): PathStep {
  if (commas >= items.length) throw mismatch(token);
  return unionStep(
    items.map((item): PathArgument => {
      if (typeof item === 'number') return item;
      if (item !== null && isScript(item)) return compileScript(item.slice(1, -1));
      if (item !== null && isKey(item)) return item.slice(1, -1);
      throw mismatch(token);
    }),
  );
}

function parseRange(
  items: readonly (number | string | null)[],
  colons: number,
  compileScript: CompileScript,
): PathStep {
  const bound = (item: number | string | null | undefined): PathArgument | undefined => {
    if (typeof item !== 'string') return item ?? undefined;
    if (!isScript(item)) throw badFormat(item);
    return compileScript(item.slice(1, -1));
  };
  if (items.length < 2 && colons > 1)
    throw new PathError(`runtime error: index out of range [1] with length ${items.length}`);
  return rangeStep(bound(items[0]), bound(items[1]), bound(items[2]));
}
