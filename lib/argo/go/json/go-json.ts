// JSON as Go's `encoding/json` writes it. Reading is in `parse-json.ts`.
import { EvaluationError } from '../evaluation-error.js';
import type { Value } from '../value/value.js';
import { BoundedText, checkDepth, spend } from '../../budget/evaluation-limits.js';
import { isList, isMap, sortedEntries } from '../value/go-format.js';
import { GoDuration, GoTime } from '../time/go-time.js';

/** Go's nil slice: as a list it is empty, as JSON it is null. */
export const NIL_LIST: readonly Value[] = Object.freeze([]);

export interface JsonStyle {
  /** Escapes `<`, `>` and `&`, as `json.Marshal` does. */
  readonly escapeHtml?: boolean;
  /** One step of indentation; without it everything is on one line. */
  readonly indent?: string;
}

/**
 * As `json.Marshal`.
 *
 * @throws EvaluationError for numbers that JSON does not have.
 */
export function marshalJson(value: Value, { escapeHtml = true, indent = '' }: JsonStyle = {}): string {
  const out = new BoundedText();
  new JsonWriter(out, escapeHtml, indent).write(value, 0);
  return out.toString();
}

class JsonWriter {
  readonly #out: BoundedText;
  readonly #escapeHtml: boolean;
  readonly #indent: string;

  constructor(out: BoundedText, escapeHtml: boolean, indent: string) {
    this.#out = out;
    this.#escapeHtml = escapeHtml;
    this.#indent = indent;
  }

  write(value: Value, depth: number): void {
    checkDepth(depth);
    if (value === NIL_LIST) this.#out.add('null');
    else if (isList(value)) this.#writeAll('[', ']', value, depth, element => this.write(element, depth + 1));
    else if (isMap(value))
      this.#writeAll('{', '}', sortedEntries(value), depth, ([key, member]) => {
        this.#out.add(quoteJson(key, this.#escapeHtml) + (this.#indent === '' ? ':' : ': '));
        this.write(member, depth + 1);
      });
    else this.#out.add(marshalScalar(value, this.#escapeHtml));
  }

  #writeAll<T>(
    open: string,
    close: string,
    items: readonly T[],
    depth: number,
    write: (item: T) => void,
  ): void {
    this.#out.add(open);
    items.forEach((item, index) => {
      if (index > 0) this.#out.add(',');
      this.#breakLine(depth + 1);
      write(item);
    });
    if (items.length > 0) this.#breakLine(depth);
    this.#out.add(close);
  }

  #breakLine(depth: number): void {
    if (this.#indent !== '') this.#out.add(`\n${this.#indent.repeat(depth)}`);
  }
}

function marshalScalar(
  value: null | boolean | string | number | bigint | GoTime | GoDuration,
  escapeHtml: boolean,
): string {
  if (typeof value === 'string') return quoteJson(value, escapeHtml);
  if (typeof value === 'number') return marshalNumber(value);
  if (value instanceof GoTime) return marshalTime(value);
  if (value instanceof GoDuration) return value.nanos.toString();
  return String(value);
}

/** JavaScript writes finite numbers as Go's JSON does, but for the sign of zero. */
function marshalNumber(number: number): string {
  if (Number.isFinite(number)) return Object.is(number, -0) ? '-0' : String(number);
  const text = Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
  throw new EvaluationError(`json: unsupported value: ${text}`);
}

function marshalTime(time: GoTime): string {
  const { year } = time.fields();
  if (year >= 0 && year <= 9999) return `"${time.format('2006-01-02T15:04:05.999999999Z07:00')}"`;
  throw new EvaluationError(
    'json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]',
  );
}

// eslint-disable-next-line no-control-regex -- control characters are what JSON escapes
const ESCAPED = /["\\\x00-\x1f\u2028\u2029\ud800-\udfff]/gu;
// eslint-disable-next-line no-control-regex -- as above
const ESCAPED_HTML = /["\\\x00-\x1f\u2028\u2029\ud800-\udfff<>&]/gu;
const SHORT_ESCAPES = '"\\\b\f\n\r\t';

/** As Go quotes text in JSON; a lone surrogate becomes U+FFFD. */
export function quoteJson(text: string, escapeHtml: boolean): string {
  spend(text.length >> 1);
  return `"${text.replace(escapeHtml ? ESCAPED_HTML : ESCAPED, escape)}"`;
}

function escape(character: string): string {
  if (SHORT_ESCAPES.includes(character)) return JSON.stringify(character).slice(1, -1);
  const unit = character.charCodeAt(0);
  return unit >= 0xd800 && unit <= 0xdfff ? '\\ufffd' : `\\u${unit.toString(16).padStart(4, '0')}`;
}
