// The language's functions on times, and those that change what a value is written as.
import { SWALLOWED_COST, currentTime, spend } from '../../budget/evaluation-limits.js';
import { marshalJson } from '../../go/json/go-json.js';
import { GoTime } from '../../go/time/go-time.js';
import { bytesOf, textOf } from '../../go/text/go-text.js';
import { loadZone, UTC } from '../../go/time/go-zone.js';
import type { GoZone } from '../../go/time/go-zone.js';
import { parseDuration } from '../../go/time/parse-duration.js';
import { parseJson } from '../../go/json/parse-json.js';
import { parseTime, RFC3339 } from '../../go/time/parse-time.js';
import type { Builtin } from './builtin.js';
import { refuse, textAt } from './builtin.js';
import { typeName } from '../../go/value/go-value.js';
import { ANY, DURATION, signatureOf, TEXT, TIME, UNKNOWN, ZONE } from '../../go/value/nature.js';
import { plainValue } from '../../go/value/plain-value.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';
import { zoneOf, zoneValue } from '../../go/value/zone-value.js';

/** What `date` tries when it is given no layout. */
const LAYOUTS = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  RFC3339,
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
];

function zoneNamed(name: string): GoZone {
  return loadZone(name) ?? refuse(`unknown time zone ${name}`);
}

function parseAny(text: string, zone: GoZone): GoTime {
  for (const layout of LAYOUTS)
    try {
      return parseTime(layout, text, zone);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      spend(SWALLOWED_COST);
    }
  return refuse(`invalid date ${text}`);
}

const DATE: Builtin = {
  check: args => {
    if (args.length === 0) return 'invalid number of arguments (expected at least 1, got 0)';
    const count = args.length - (args[0]?.type === ZONE.type ? 1 : 0);
    return count > 3 ? `invalid number of arguments (expected at most 3, got ${count})` : TIME;
  },
  call: all => {
    const zone = zoneOf(all[0] ?? null);
    const args = zone ? all.slice(1) : all;
    if (args.length === 0) refuse('runtime error: index out of range [0] with length 0');
    const text = textAt(args, 0);
    if (args.length === 2) return parseTime(textAt(args, 1), text, zone ?? UTC);
    if (args.length === 3) return parseTime(textAt(args, 1), text, zoneNamed(textAt(args, 2)));
    return parseAny(text, zone ?? UTC);
  },
};

const NOW: Builtin = {
  check: args => {
    const isFit = args.length === 0 || (args.length === 1 && args[0]?.type === ZONE.type);
    return isFit ? TIME : `invalid number of arguments (expected 0, got ${args.length})`;
  },
  call: ([zone = null]) => GoTime.ofUnixMillis(currentTime()).in(zoneOf(zone) ?? UTC),
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** As Go's `StdEncoding`: padded, line ends do not matter. */
function fromBase64(text: string): string {
  const encoded = text.replace(/[\r\n]/g, '');
  if (BASE64.test(encoded)) return textOf(Buffer.from(encoded, 'base64'));
  const wrong = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
  return refuse(`illegal base64 data at input byte ${Math.min(wrong, text.length - (text.length % 4))}`);
}

export const TIME_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['date', DATE],
  ['now', NOW],
  ['duration', { check: [signatureOf([TEXT], DURATION)], call: args => parseDuration(textAt(args, 0)) }],
  ['timezone', { check: [signatureOf([TEXT], ZONE)], call: args => zoneValue(zoneNamed(textAt(args, 0))) }],
];

export const FORMAT_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['type', { check: [signatureOf([ANY], TEXT)], call: args => languageTypeOf(args[0] ?? null) }],
  [
    'toJSON',
    {
      check: [signatureOf([ANY], TEXT)],
      call: args => marshalJson(plainValue(args[0] ?? null), { indent: '  ' }),
    },
  ],
  ['fromJSON', { check: [signatureOf([TEXT], UNKNOWN)], call: args => parseJson(textAt(args, 0)) }],
  [
    'toBase64',
    {
      check: [signatureOf([TEXT], TEXT)],
      call: args => Buffer.from(bytesOf(textAt(args, 0))).toString('base64'),
    },
  ],
  ['fromBase64', { check: [signatureOf([TEXT], TEXT)], call: args => fromBase64(textAt(args, 0)) }],
];

/** What the language's `type` says. */
function languageTypeOf(value: Value): string {
  if (value === null) return 'nil';
  const name = typeName(value);
  if (name === 'float64') return 'float';
  if (name.startsWith('[]')) return 'array';
  if (name.startsWith('map[')) return 'map';
  if (name.startsWith('func')) return 'func';
  return name.replace('*', '');
}
