// The language's functions on text. Positions are bytes, as in Go.
import { checkTextLength } from '../../budget/evaluation-limits.js';
import { lowerText, upperText } from '../../go/text/go-case.js';
import { sprint } from '../../go/value/go-format.js';
import { NIL_LIST } from '../../go/json/go-json.js';
import { trimSpace } from '../../go/text/go-text.js';
import { byteLength } from '../operations/access.js';
import { toInt } from '../operations/arithmetic.js';
import type { Builtin } from './builtin.js';
import { listAt, refuse, textAt } from './builtin.js';
import type { Budget } from '../../budget/budget.js';
import { mismatch, typeName } from '../../go/value/go-value.js';
import { ANY, BOOL, INT, LIST, signatureOf, TEXT, TEXTS } from '../../go/value/nature.js';
import type { Nature, Signature } from '../../go/value/nature.js';
import type { Value } from '../../go/value/value.js';

const TEXT_TO_TEXT = signatureOf([TEXT], TEXT);
const TWO_TEXTS_TO_TEXT = signatureOf([TEXT, TEXT], TEXT);

function ofText(call: (text: string) => Value): Builtin {
  return { check: [TEXT_TO_TEXT], call: args => call(textAt(args, 0)) };
}

function ofTwoTexts(result: Nature, call: (text: string, other: string) => Value): Builtin {
  return {
    check: [signatureOf([TEXT, TEXT], result)],
    call: args => call(textAt(args, 0), textAt(args, 1)),
  };
}

/** The second argument can be left out. */
function trimming(
  check: readonly Signature[],
  missing: string,
  call: (text: string, part: string) => string,
): Builtin {
  return { check, call: args => call(textAt(args, 0), args.length === 2 ? textAt(args, 1) : missing) };
}

function splitting(isAfter: boolean): Builtin {
  return {
    check: [signatureOf([TEXT, TEXT], TEXTS), signatureOf([TEXT, TEXT, INT], TEXTS)],
    call: (args, budget) => {
      const limit = args.length === 3 ? toInt(args[2] ?? null) : -1n;
      return split(textAt(args, 0), textAt(args, 1), limit, isAfter, budget);
    },
  };
}

/** As Go's `SplitN` and `SplitAfterN`. */
function split(text: string, separator: string, limit: bigint, isAfter: boolean, budget: Budget): Value {
  if (limit === 0n) return NIL_LIST;
  const max = limit < 0n ? Infinity : Number(limit);
  if (separator === '') return explode(text, max, budget);
  const parts: string[] = [];
  let from = 0;
  while (parts.length < max - 1) {
    const at = text.indexOf(separator, from);
    if (at < 0) break;
    budget.spend(1);
    parts.push(text.slice(from, isAfter ? at + separator.length : at));
    from = at + separator.length;
  }
  budget.spendList(parts.length);
  return [...parts, text.slice(from)];
}

function explode(text: string, max: number, budget: Budget): Value {
  const parts: string[] = [];
  budget.spend(Math.min(max, text.length));
  let at = 0;
  while (at < text.length) {
    if (parts.length === max - 1) {
      parts.push(text.slice(at));
      break;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    parts.push(character);
    at += character.length;
  }
  budget.spendList(parts.length);
  return parts;
}

/** As Go's `Replace`; an empty part is found before every character and at the end. */
function replace(text: string, part: string, by: string, limit: bigint, budget: Budget): string {
  let left = limit < 0n ? Infinity : Number(limit);
  if (left === 0 || part === by) return text;
  const pieces: string[] = [];
  let from = 0;
  let search = 0;
  let length = 0;
  while (left > 0) {
    const at = text.indexOf(part, search);
    if (at < 0 || search > text.length) break;
    budget.spend(1);
    pieces.push(text.slice(from, at), by);
    length += at - from + by.length;
    checkTextLength(length);
    from = at + part.length;
    left--;
    search = from;
    if (part === '') {
      if (at >= text.length) break;
      search = at + String.fromCodePoint(text.codePointAt(at) ?? 0).length;
    }
  }
  checkTextLength(length + text.length - from);
  return pieces.join('') + text.slice(from);
}

function repeat(text: string, count: bigint): string {
  if (count < 0n) refuse(`invalid argument for repeat (expected positive integer, got ${count})`);
  if (count > 1_000_000n) refuse('memory budget exceeded');
  checkTextLength(text.length * Number(count));
  return text.repeat(Number(count));
}

function join(args: readonly Value[]): string {
  const glue = args.length === 2 ? textAt(args, 1) : '';
  const list = listAt(args, 0) ?? refuse(`invalid argument for join (type ${typeName(args[0] ?? null)})`);
  let length = glue.length * Math.max(0, list.length - 1);
  const texts: string[] = [];
  for (const element of list) {
    if (typeof element !== 'string') throw mismatch(element, 'string');
    length += element.length;
    texts.push(element);
  }
  checkTextLength(length);
  return texts.join(glue);
}

function trimSet(text: string, characters: string): string {
  const set = new Set(characters);
  const all = [...text];
  const start = all.findIndex(character => !set.has(character));
  if (start < 0) return '';
  return all.slice(start, all.findLastIndex(character => !set.has(character)) + 1).join('');
}

/** Bytes before the place. */
function bytesBefore(text: string, position: number): Value {
  return position < 0 ? -1n : BigInt(byteLength(text.slice(0, position)));
}

const JOINED = [TEXTS, LIST].flatMap(list => [signatureOf([list, TEXT], TEXT), signatureOf([list], TEXT)]);

export const TEXT_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['string', { check: [signatureOf([ANY], TEXT)], call: args => sprint(args[0] ?? null) }],
  [
    'trim',
    {
      check: [TEXT_TO_TEXT, TWO_TEXTS_TO_TEXT],
      call: args =>
        args.length === 2 ? trimSet(textAt(args, 0), textAt(args, 1)) : trimSpace(textAt(args, 0)),
    },
  ],
  [
    'trimPrefix',
    trimming([TWO_TEXTS_TO_TEXT, TEXT_TO_TEXT], ' ', (text, part) =>
      text.startsWith(part) ? text.slice(part.length) : text,
    ),
  ],
  [
    'trimSuffix',
    trimming([TWO_TEXTS_TO_TEXT, TEXT_TO_TEXT], ' ', (text, part) =>
      part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text,
    ),
  ],
  ['upper', ofText(upperText)],
  ['lower', ofText(lowerText)],
  ['split', splitting(false)],
  ['splitAfter', splitting(true)],
  [
    'replace',
    {
      check: [signatureOf([TEXT, TEXT, TEXT, INT], TEXT), signatureOf([TEXT, TEXT, TEXT], TEXT)],
      call: (args, budget) => {
        const limit = args.length === 4 ? toInt(args[3] ?? null) : -1n;
        return replace(textAt(args, 0), textAt(args, 1), textAt(args, 2), limit, budget);
      },
    },
  ],
  [
    'repeat',
    {
      check: [signatureOf([TEXT, INT], TEXT)],
      call: args => repeat(textAt(args, 0), toInt(args[1] ?? null)),
    },
  ],
  ['join', { check: [...JOINED.slice(0, 1), ...JOINED.slice(2), ...JOINED.slice(1, 2)], call: join }],
  ['indexOf', ofTwoTexts(INT, (text, part) => bytesBefore(text, text.indexOf(part)))],
  ['lastIndexOf', ofTwoTexts(INT, (text, part) => bytesBefore(text, text.lastIndexOf(part)))],
  ['hasPrefix', ofTwoTexts(BOOL, (text, part) => text.startsWith(part))],
  ['hasSuffix', ofTwoTexts(BOOL, (text, part) => text.endsWith(part))],
];
