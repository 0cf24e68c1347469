// What Go's YAML 1.1 makes of a scalar (`resolve` of go.yaml.in/yaml/v2, which sigs.k8s.io/yaml and so Kubernetes and Argo
// read with). It is neither YAML 1.1 nor 1.2: `yes` and `n` are booleans, `0777` is octal, `1:30` and dates are texts.
import { parseGoFloat } from '../go/number/go-number.js';

/** A value as Go holds it. Whole numbers stay whole: JSON and texts show them with other digits than floats. */
export type GoValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

export type GoScalar = GoValue | { readonly kind: 'invalid'; readonly reason: string };

const NULL = { kind: 'null' } as const;
const WORDS: ReadonlyMap<string, GoValue> = new Map<string, GoValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, NULL] as const),
  ...threeCases('y', 'yes', 'true', 'on').map(word => [word, { kind: 'boolean', value: true }] as const),
  ...threeCases('n', 'no', 'false', 'off').map(word => [word, { kind: 'boolean', value: false }] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, { kind: 'float', value: NaN }] as const),
  ...threeCases('.inf').flatMap(word => [
    [word, { kind: 'float', value: Infinity }] as const,
    [`+${word}`, { kind: 'float', value: Infinity }] as const,
    [`-${word}`, { kind: 'float', value: -Infinity }] as const,
  ]),
]);

const INTEGER = /^[+-]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** More digits are beyond 64 bits whatever they are; keeps BigInt off texts of megabytes. */
const INTEGER_LENGTH_MAX = 80;
const INTEGER_MIN = -(2n ** 63n);
const INTEGER_MAX = 2n ** 64n - 1n;

const TAG_PREFIX = 'tag:yaml.org,2002:';
const KIND_OF_TAG: Readonly<Record<string, GoValue['kind']>> = {
  null: 'null',
  bool: 'boolean',
  int: 'integer',
  float: 'float',
  timestamp: 'string',
};

/** @param tag in its long form, when the scalar has one; @param isPlain without quotes and not a block. */
export function readGoScalar(text: string, tag: string | undefined, isPlain: boolean): GoScalar {
  const type = tag?.startsWith(TAG_PREFIX) ? tag.slice(TAG_PREFIX.length) : undefined;
  if (type === 'binary') return decodeBinary(text);
  if (type === 'str' || (tag === undefined && !isPlain)) return { kind: 'string', value: text };
  const wanted = type !== undefined && Object.hasOwn(KIND_OF_TAG, type) ? KIND_OF_TAG[type] : undefined;
  // A tag of somebody else's means nothing to Go; the text stays as it is.
  if (tag !== undefined && wanted === undefined) return { kind: 'string', value: text };
  const value = resolvePlain(text);
  if (wanted === undefined || value.kind === wanted) return value;
  if (wanted === 'float' && value.kind === 'integer') return { kind: 'float', value: Number(value.value) };
  return { kind: 'invalid', reason: `cannot decode !!${SHORT_TAG[value.kind]} \`${text}\` as a !!${type}` };
}

const SHORT_TAG: Readonly<Record<GoValue['kind'], string>> = {
  null: 'null',
  boolean: 'bool',
  integer: 'int',
  float: 'float',
  string: 'str',
};

function resolvePlain(text: string): GoValue {
  const word = WORDS.get(text);
  if (word) return word;
  if (/^[-+0-9]/.test(text))
    return resolveNumber(text.replaceAll('_', '')) ?? { kind: 'string', value: text };
  const float = text.startsWith('.') ? parseGoFloat(text) : undefined;
  return float && 'value' in float ? { kind: 'float', value: float.value } : { kind: 'string', value: text };
}

function resolveNumber(text: string): GoValue | undefined {
  if (text.length <= INTEGER_LENGTH_MAX && INTEGER.test(text)) {
    const value = parseInteger(text);
    // Go tries a signed and then an unsigned integer; only the signed one may have a sign.
    if (value >= INTEGER_MIN && value < 2n ** 63n) return { kind: 'integer', value };
    if (value > 0n && value <= INTEGER_MAX && !text.startsWith('+')) return { kind: 'integer', value };
  }
  if (!FLOAT.test(text)) return undefined;
  const float = parseGoFloat(text);
  return 'value' in float ? { kind: 'float', value: float.value } : undefined;
}

function parseInteger(text: string): bigint {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? -magnitude : magnitude;
}

function decodeBinary(text: string): GoScalar {
  const base64 = text.replace(/[\r\n]/g, '');
  const isValid = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  if (!isValid) return { kind: 'invalid', reason: '!!binary value contains invalid base64 data' };
  return { kind: 'string', value: Buffer.from(base64, 'base64').toString('utf8') };
}

function threeCases(...words: readonly string[]): string[] {
  return words.flatMap(word => {
    const marked = word.startsWith('.') ? 1 : 0;
    const capital = word.slice(0, marked) + word.charAt(marked).toUpperCase() + word.slice(marked + 1);
    return [word, capital, word.toUpperCase()];
  });
}

/** Go's text of a value where a field is a text. Go rounds such floats to 32 bits, so `value: 0.123456789` is 0.12345679. */
export function goTextOf(value: Exclude<GoValue, { kind: 'null' }>): string {
  return value.kind === 'float' ? formatGoFloat32(value.value) : String(value.value);
}

/** Digits that every float of 32 bits can be told apart by. */
const FLOAT32_DIGITS_MAX = 9;

/** `strconv.FormatFloat(value, 'g', -1, 32)`: the fewest digits; an exponent below -4 and from 6 on, of two digits. */
function formatGoFloat32(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return 'NaN';
  if (!Number.isFinite(rounded)) return rounded > 0 ? '+Inf' : '-Inf';
  if (rounded === 0) return Object.is(rounded, -0) ? '-0' : '0';
  let digits = 1;
  while (digits < FLOAT32_DIGITS_MAX && Math.fround(Number(rounded.toPrecision(digits))) !== rounded)
    digits++;
  const shortest = Number(rounded.toPrecision(digits));
  const [mantissa = '', exponentText = '0'] = shortest.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(shortest);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
