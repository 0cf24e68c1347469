import type { TextDiagnostic } from './diagnostic.js';

export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'boolean' | 'symbol' | 'end';
  /** Without quotes and escapes. */
  readonly text: string;
  readonly position: number;
}

/** What is wrong with a `when` clause. Internal to its parser: turned into a diagnostic before it leaves. */
export class WhenError extends Error {
  readonly code: 'WHEN_INVALID' | 'WHEN_UNSUPPORTED';
  readonly position: number;

  constructor(code: 'WHEN_INVALID' | 'WHEN_UNSUPPORTED', position: number, message: string) {
    super(message);
    this.code = code;
    this.position = position;
  }

  toDiagnostic(expression: string): TextDiagnostic {
    return {
      code: this.code,
      severity: 'error',
      position: this.position,
      message: `Invalid 'when' expression '${expression}': ${this.message}`,
      hint: 'try wrapping the affected expression in quotes (")',
    };
  }
}

const LETTER = /^\p{L}$/u;
const WORD = /[\p{L}\p{Nd}_.]*/uy;
/** As govaluate: symbols run until something that cannot be part of one, so `&&!` is one symbol, and an unknown one. */
const SYMBOL = /[^\p{L}\p{Nd}()[\]'"\s]+/uy;
/** A `when` clause is a line of a manifest; more is not one. */
const LENGTH_MAX = 65_536;

/** Cuts a `when` clause into tokens as govaluate does. @throws WhenError */
export function tokenizeWhen(text: string): Token[] {
  if (text.length > LENGTH_MAX) throw new WhenError('WHEN_INVALID', LENGTH_MAX, 'the expression is too long');
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
    if (/\s/.test(character)) {
      position += 1;
      continue;
    }
    const [token, end] = readToken(text, position, character);
    tokens.push(token);
    position = end;
  }
  tokens.push({ kind: 'end', text: '', position });
  return tokens;
}

function readToken(text: string, position: number, character: string): [Token, number] {
  if (character === "'" || character === '"') return readString(text, position);
  if (/[0-9.]/.test(character)) return readNumber(text, position);
  if (LETTER.test(character)) return readWord(text, position);
  if (/[()[\]]/.test(character)) return [{ kind: 'symbol', text: character, position }, position + 1];
  const symbol = matchAt(SYMBOL, text, position) || character;
  return [{ kind: 'symbol', text: symbol, position }, position + symbol.length];
}

function readString(text: string, position: number): [Token, number] {
  let value = '';
  for (let at = position + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'" || character === '"') return [{ kind: 'string', text: value, position }, at + 1];
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    value += text.charAt(at);
  }
  throw new WhenError('WHEN_INVALID', position, 'Unclosed string literal');
}

function readNumber(text: string, position: number): [Token, number] {
  const digits = matchAt(/[0-9.]+/y, text, position);
  if (digits === '0' && text[position + 1] === 'x') {
    throw new WhenError('WHEN_UNSUPPORTED', position, 'hexadecimal numbers are not supported yet');
  }
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits)) {
    throw new WhenError('WHEN_INVALID', position, `Unable to parse numeric value '${digits}' to float64`);
  }
  return [{ kind: 'number', text: digits, position }, position + digits.length];
}

function readWord(text: string, position: number): [Token, number] {
  const word = matchAt(WORD, text, position);
  const end = position + word.length;
  if (word.includes('.')) {
    throw new WhenError('WHEN_INVALID', position, `Unable to access a field in token '${word}'`);
  }
  if (word === 'in' || word === 'IN' || text[end] === '\\') {
    throw new WhenError('WHEN_UNSUPPORTED', position, `'${word}' is not supported here`);
  }
  const kind = word === 'true' || word === 'false' ? 'boolean' : 'word';
  return [{ kind, text: word, position }, end];
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}
