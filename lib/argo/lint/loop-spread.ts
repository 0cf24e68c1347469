// How many items a step or a task runs for.
import { isRecord, listAt, recordAt } from '../../guard/json-value.js';
import { spreadOfText } from './label-flow.js';
import { either, fixed, spreadOf } from './value-spread.js';
import type { Spread } from './value-spread.js';
import type { NameSpread } from './variable-spread.js';

type Json = Readonly<Record<string, unknown>>;

/** Items whose texts are followed. */
const ITEMS_MAX = 1000;

/** `undefined`: the call has no loop, or nobody knows how many items there are. */
export function spreadOfItems(call: Json, around: NameSpread): Spread | undefined {
  return spreadOfList(call, around) ?? spreadOfSequence(recordAt(call, 'withSequence'));
}

function spreadOfList(call: Json, around: NameSpread): Spread | undefined {
  const items = listAt(call, 'withItems');
  const withParam = call['withParam'];
  if (items.length > 0) {
    if (items.length > ITEMS_MAX) return spreadOf('declared', 'withItems');
    return items.map(item => spreadOfText(textOf(item), around)).reduce(either);
  }
  if (typeof withParam !== 'string' || withParam.includes('{{')) return undefined;
  try {
    const list: unknown = JSON.parse(withParam);
    return Array.isArray(list) ? fixed(list.length) : undefined;
  } catch {
    return undefined;
  }
}

/** `count`, or `start` and `end`, as numbers or as texts of numbers. */
function spreadOfSequence(sequence: Json): Spread | undefined {
  if (sequence['count'] !== undefined) {
    const count = wholeOf(sequence['count']);
    return count === undefined ? undefined : fixed(count);
  }
  if (sequence['end'] === undefined) return undefined;
  const [start, end] = [wholeOf(sequence['start'] ?? 0), wholeOf(sequence['end'])];
  return start === undefined || end === undefined ? undefined : fixed(Math.abs(end - start) + 1);
}

function wholeOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\s*-?\d{1,9}\s*$/.test(value);
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** As it stands in the document: what an item of a map has for one key is no more than the map has. */
function textOf(item: unknown): string {
  return isRecord(item) || Array.isArray(item) ? JSON.stringify(item) : String(item);
}
