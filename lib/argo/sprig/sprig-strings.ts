// Sprig's functions on text.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, Value } from '../go/value/value.js';
import { checkListLength, checkTextLength, spend } from '../budget/evaluation-limits.js';
import { lowerText, titleCharacter, upperText } from '../go/text/go-case.js';
import { isList, sprint, toText } from '../go/value/go-format.js';
import { quoteGo } from '../go/text/quote.js';
import { checkSlice, goFunction, variadic } from '../go/value/go-function.js';
import { compareText, isSpace, ofByteText, toByteText, trimSpace } from '../go/text/go-text.js';

const trimAll = goFunction(['string', 'string'], (cutset, text) => trimCharacters(text, cutset));

export const STRING_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  trim: goFunction(['string'], trimSpace),
  upper: goFunction(['string'], upperText),
  lower: goFunction(['string'], lowerText),
  title: goFunction(['string'], titleText),
  trimall: trimAll,
  trimAll,
  trimSuffix: goFunction(['string', 'string'], (suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  trimPrefix: goFunction(['string', 'string'], (prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  substr: goFunction(['size', 'size', 'string'], substring),
  trunc: goFunction(['size', 'string'], truncateText),
  repeat: goFunction(['size', 'string'], (count, text) => repeatText(text, count)),
  contains: goFunction(['string', 'string'], (part, text) => text.includes(part)),
  hasPrefix: goFunction(['string', 'string'], (prefix, text) => text.startsWith(prefix)),
  hasSuffix: goFunction(['string', 'string'], (suffix, text) => text.endsWith(suffix)),
  quote: variadic([], 'any', (_, values) =>
    joinTexts(
      withoutNil(values).map(value => quoteGo(toText(value))),
      ' ',
    ),
  ),
  squote: variadic([], 'any', (_, values) =>
    joinTexts(
      withoutNil(values).map(value => `'${sprint(value)}'`),
      ' ',
    ),
  ),
  cat: variadic([], 'any', (_, values) => joinTexts(withoutNil(values).map(sprint), ' ')),
  indent: goFunction(['size', 'string'], indent),
  nindent: goFunction(['size', 'string'], (spaces, text) => `\n${indent(spaces, text)}`),
  replace: goFunction(['string', 'string', 'string'], (old, replacement, text) =>
    replaceText(text, old, replacement, -1),
  ),
  plural: goFunction(['string', 'string', 'int'], (one, many, count) => (count === 1n ? one : many)),
  toString: goFunction(['any'], toText),
  toStrings: goFunction(['any'], toTexts),
  join: goFunction(['string', 'any'], (separator, value) => joinTexts(toTexts(value), separator)),
  split: goFunction(['string', 'string'], (separator, text) => numbered(splitText(text, separator, -1))),
  splitList: goFunction(['string', 'string'], (separator, text) => splitText(text, separator, -1)),
  splitn: goFunction(['string', 'size', 'string'], (separator, limit, text) =>
    numbered(splitText(text, separator, limit)),
  ),
  sortAlpha: goFunction(['any'], value =>
    isList(value) ? toTexts(value).sort(compareText) : [toText(value)],
  ),
};

/** Steps of looking at a character. */
const TITLE_COST = 8;

/** As `strings.Title`: a letter after anything that is no part of a word. */
function titleText(text: string): string {
  spend(text.length * TITLE_COST);
  let previous = ' ';
  return text.replace(/./gsu, character => {
    const isFirst = isSeparator(previous);
    previous = character;
    return isFirst ? titleCharacter(character) : character;
  });
}

function isSeparator(character: string): boolean {
  if (/[\p{L}\p{Nd}_]/u.test(character)) return false;
  return character <= '\x7f' || isSpace(character);
}

/** As `strings.Trim`. */
export function trimCharacters(text: string, cutset: string): string {
  const cut = new Set(cutset);
  const characters = [...text];
  let start = 0;
  let end = characters.length;
  while (start < end && cut.has(characters[start] ?? '')) start++;
  while (end > start && cut.has(characters[end - 1] ?? '')) end--;
  return characters.slice(start, end).join('');
}

function substring(start: number, end: number, text: string): string {
  const bytes = toByteText(text);
  const [from, to] = start < 0 ? [0, end] : [start, end < 0 || end > bytes.length ? bytes.length : end];
  checkSlice(from, to, bytes.length);
  return ofByteText(bytes.slice(from, to));
}

function truncateText(count: number, text: string): string {
  const bytes = toByteText(text);
  if (count < 0 && bytes.length + count > 0) return ofByteText(bytes.slice(bytes.length + count));
  return count >= 0 && bytes.length > count ? ofByteText(bytes.slice(0, count)) : text;
}

/** As `strings.Repeat`. */
export function repeatText(text: string, count: number): string {
  if (count < 0) throw new EvaluationError('strings: negative Repeat count');
  checkTextLength(text.length * count);
  return text === '' ? '' : text.repeat(count);
}

function indent(spaces: number, text: string): string {
  const pad = repeatText(' ', spaces);
  return pad + replaceText(text, '\n', `\n${pad}`, -1);
}

/** As `strings.Replace`; nothing is found before every character and at the end. */
export function replaceText(text: string, old: string, replacement: string, limit: number): string {
  if (limit === 0 || old === replacement) return text;
  if (old !== '') return joinTexts(splitText(text, old, limit < 0 ? -1 : limit + 1), replacement);
  const characters = [...text];
  const count = limit < 0 ? characters.length + 1 : Math.min(limit, characters.length + 1);
  checkTextLength(text.length + replacement.length * count);
  const pieces = characters.map((character, index) => (index < count ? replacement : '') + character);
  return pieces.join('') + (count > characters.length ? replacement : '');
}

/** As `strings.SplitN`; without a separator into characters. */
export function splitText(text: string, separator: string, limit: number): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit > 0 && parts.length > limit) parts.push(parts.splice(limit - 1).join(separator));
  checkListLength(parts.length);
  return parts;
}

/** As `strings.Join`. */
export function joinTexts(texts: readonly string[], separator: string): string {
  const separators = separator.length * Math.max(0, texts.length - 1);
  checkTextLength(texts.reduce((sum, text) => sum + text.length, separators));
  return texts.join(separator);
}

/** Sprig's `strslice`: nil elements are left out, and what is no list is a list of one. */
function toTexts(value: Value): string[] {
  if (value === null) return [];
  return isList(value) ? withoutNil(value).map(toText) : [toText(value)];
}

function withoutNil(values: readonly Value[]): Value[] {
  return values.filter(value => value !== null);
}

/** Sprig's `split` gives a map, so that templates can write `._0`. */
function numbered(parts: readonly string[]): Map<string, Value> {
  spend(parts.length * 4);
  return new Map(parts.map((part, index) => [`_${index}`, part]));
}
