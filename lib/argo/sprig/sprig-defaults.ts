// Sprig's functions on any value: defaults, JSON, types.
import { plainValue } from '../go/value/plain-value.js';
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, Value } from '../go/value/value.js';
import { SWALLOWED_COST, spend } from '../budget/evaluation-limits.js';
import { deepEqual } from '../go/value/go-equality.js';
import { goFunction, goKindOf, goTypeOf, isEmpty, variadic } from '../go/value/go-function.js';
import { marshalJson } from '../go/json/go-json.js';
import type { JsonStyle } from '../go/json/go-json.js';
import { parseJson } from '../go/json/parse-json.js';

const PRETTY: JsonStyle = { indent: '  ' };
const RAW: JsonStyle = { escapeHtml: false };
const toRawJson = goFunction(['any'], value => jsonOf(value, RAW));

export const DEFAULT_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  hello: goFunction([], () => 'Hello!'),
  default: variadic(['any'], 'any', ([fallback], [given = null]) => (isEmpty(given) ? fallback : given)),
  empty: goFunction(['any'], isEmpty),
  coalesce: variadic([], 'any', (_, values) => values.find(value => !isEmpty(value)) ?? null),
  all: variadic([], 'any', (_, values) => !values.some(isEmpty)),
  any: variadic([], 'any', (_, values) => values.some(value => !isEmpty(value))),
  ternary: goFunction(['any', 'any', 'bool'], (whenTrue, whenFalse, condition) =>
    condition ? whenTrue : whenFalse,
  ),
  fromJson: goFunction(['string'], text => orElse(() => parseJson(text), null)),
  mustFromJson: goFunction(['string'], parseJson),
  toJson: goFunction(['any'], value => orElse(() => jsonOf(value), '')),
  mustToJson: goFunction(['any'], value => jsonOf(value)),
  toPrettyJson: goFunction(['any'], value => orElse(() => jsonOf(value, PRETTY), '')),
  mustToPrettyJson: goFunction(['any'], value => jsonOf(value, PRETTY)),
  toRawJson,
  mustToRawJson: toRawJson,
  typeOf: goFunction(['any'], goTypeOf),
  typeIs: goFunction(['string', 'any'], (name, value) => goTypeOf(value) === name),
  typeIsLike: goFunction(['string', 'any'], (name, value) => [name, `*${name}`].includes(goTypeOf(value))),
  kindOf: goFunction(['any'], goKindOf),
  kindIs: goFunction(['string', 'any'], (name, value) => goKindOf(value) === name),
  deepEqual: goFunction(['any', 'any'], deepEqual),
  fail: goFunction(['string'], message => {
    throw new EvaluationError(message);
  }),
};

function jsonOf(value: Value, style?: JsonStyle): string {
  return marshalJson(plainValue(value), style);
}

/** Sprig ignores these errors, so that templates go on. */
function orElse(body: () => Value, otherwise: Value): Value {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    spend(SWALLOWED_COST);
    return otherwise;
  }
}
