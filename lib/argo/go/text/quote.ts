// How Go quotes text: `strconv.Quote`, and what `time` has instead.
import { checkTextLength, spend } from '../../budget/evaluation-limits.js';
import { bytesOf } from './go-text.js';

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** What Go does not print as it stands: everything but letters, marks, numbers, punctuation, symbols and the space. */
const NOT_PRINTABLE = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** As `strconv.Quote` and %q. */
export function quoteGo(text: string): string {
  checkTextLength(text.length);
  return quoteWhole(text);
}

/** The same for text of any length, where it is not an expression's. */
export function quoteWhole(text: string): string {
  return `"${text.replace(NOT_PRINTABLE, escapeCharacter)}"`;
}

/** Steps of a character that is not ASCII. */
const TIME_CHARACTER_COST = 30;

/** As `time` quotes in its errors: the bytes of what is not ASCII. */
export function quoteTime(text: string): string {
  checkTextLength(text.length);
  spend(text.length * TIME_CHARACTER_COST);
  const escaped = text.replace(/["\\]|[^ -\x7f]/gu, character => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return [...bytesOf(character)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  });
  return `"${escaped}"`;
}

function escapeCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  const point = character.codePointAt(0) ?? 0;
  const digits = point.toString(16);
  // A lone surrogate cannot be in Go's text; what would stand there is the replacement character, which is printable.
  if (point >= 0xd800 && point <= 0xdfff) return '\uFFFD';
  if (point < 0x20 || point === 0x7f) return `\\x${digits.padStart(2, '0')}`;
  return point > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
