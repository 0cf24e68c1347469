// Sprig's functions on the words of a text: cases, abbreviations, lines.
import type { ExpressionFunction } from '../go/value/value.js';
import { BoundedText, spend } from '../budget/evaluation-limits.js';
import {
  isLower,
  isTitle,
  isUpper,
  lowerCharacter,
  titleCharacter,
  upperCharacter,
} from '../go/text/go-case.js';
import { goFunction } from '../go/value/go-function.js';
import { isSpace, ofByteText, toByteText } from '../go/text/go-text.js';
import { delimitWords, pascalCase } from './word-case.js';

export const WORD_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  untitle: goFunction(['string'], untitle),
  swapcase: goFunction(['string'], swapCase),
  nospace: goFunction(['string'], deleteSpace),
  initials: goFunction(['string'], initials),
  abbrev: goFunction(['size', 'string'], (width, text) =>
    width < 4 ? text : ofByteText(abbreviate(toByteText(text), 0, width)),
  ),
  abbrevboth: goFunction(['size', 'size', 'string'], (left, right, text) =>
    right < 4 || (left > 0 && right < 7) ? text : ofByteText(abbreviate(toByteText(text), left, right)),
  ),
  wrap: goFunction(['size', 'string'], (width, text) => wrap(text, width, '\n', false)),
  wrapWith: goFunction(['size', 'string', 'string'], (width, separator, text) =>
    wrap(text, width, separator === '' ? '\n' : separator, true),
  ),
  snakecase: goFunction(['string'], text => delimitWords(text, '_')),
  kebabcase: goFunction(['string'], text => delimitWords(text, '-')),
  // Sprig's camel case begins with a capital.
  camelcase: goFunction(['string'], pascalCase),
};

/** Steps of looking at a character. */
const CHARACTER_COST = 8;

function untitle(text: string): string {
  spend(text.length * CHARACTER_COST);
  let isFirst = true;
  return text.replace(/./gsu, character => {
    if (isSpace(character)) isFirst = true;
    else if (isFirst) {
      isFirst = false;
      return lowerCharacter(character);
    }
    return character;
  });
}

function swapCase(text: string): string {
  spend(text.length * CHARACTER_COST);
  let afterSpace = true;
  return text.replace(/./gsu, character => {
    const wasAfterSpace = afterSpace;
    if (isUpper(character) || isTitle(character)) {
      afterSpace = false;
      return lowerCharacter(character);
    }
    if (!isLower(character)) {
      afterSpace = isSpace(character);
      return character;
    }
    afterSpace = false;
    return wasAfterSpace ? titleCharacter(character) : upperCharacter(character);
  });
}

/** The library below takes every byte for a character, and so does this: text that is not ASCII comes out garbled. */
function deleteSpace(text: string): string {
  const kept = [...toByteText(text)].filter(byte => !isSpace(byte)).join('');
  return kept.length === toByteText(text).length ? text : kept;
}

/** Bytes for characters, as above. */
function initials(text: string): string {
  let afterGap = true;
  let letters = '';
  for (const byte of toByteText(text)) {
    const isGap = isSpace(byte);
    if (afterGap && !isGap) letters += byte;
    afterGap = isGap;
  }
  return letters;
}

function abbreviate(bytes: string, offset: number, width: number): string {
  if (bytes.length <= width) return bytes;
  const room = width - 3;
  const left =
    bytes.length - Math.min(offset, bytes.length) < room
      ? bytes.length - room
      : Math.min(offset, bytes.length);
  if (left <= 4) return `${bytes.slice(0, room)}...`;
  // Sprig ignores the error that the library reports here.
  if (width < 7) return '';
  if (left + room >= bytes.length) return `...${bytes.slice(bytes.length - room)}`;
  return `...${room < 4 ? '' : abbreviate(bytes.slice(left), 0, room)}`;
}

/** Lines of at most `width` bytes, broken at spaces. Long words stand alone on a line, or are cut if asked. */
function wrap(text: string, width: number, separator: string, cutLongWords: boolean): string {
  const bytes = toByteText(text);
  const lineBreak = toByteText(separator);
  const column = Math.max(width, 1);
  const out = new BoundedText();
  let offset = 0;
  const breakAt = (end: number, next: number): void => {
    out.add(bytes.slice(offset, end) + lineBreak);
    offset = next;
  };
  while (bytes.length - offset > column) {
    if (bytes.charAt(offset) === ' ') {
      offset++;
      continue;
    }
    const space = bytes.slice(offset, offset + column + 1).lastIndexOf(' ') + offset;
    if (space >= offset) breakAt(space, space + 1);
    else if (cutLongWords) breakAt(offset + column, offset + column);
    else {
      const next = bytes.indexOf(' ', offset + column);
      if (next < 0) break;
      breakAt(next, next + 1);
    }
  }
  out.add(bytes.slice(offset));
  return ofByteText(out.toString());
}
