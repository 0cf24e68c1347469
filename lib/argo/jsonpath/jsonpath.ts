// Argo's `jsonpath` function. There is no JSONPath that all agree on: this one answers as version 0.8.1 of the Go library
// evilmonkeyinc/jsonpath. A path of names and indices gives the value itself; a wildcard, slice, filter, union or `..`
// gives a list. A name or an index that is not there is an error.
import { LimitError } from '../budget/evaluation-limits.js';
import { EvaluationError } from '../go/evaluation-error.js';
import type { Value } from '../go/value/value.js';
import { compileScript } from './jsonpath-script.js';
import { PathError } from './jsonpath-steps.js';
import type { PathStep } from './jsonpath-steps.js';
import { parseStep } from './jsonpath-subscript.js';
import { tokenizePath } from './jsonpath-tokens.js';
import { parseJson } from '../go/json/parse-json.js';

const PATH_LENGTH_MAX = 1000;

/**
 * The value at the path of a JSON text.
 *
 * @throws EvaluationError with the library's message.
 */
export function jsonPath(json: string, path: string): Value {
  const root = parseJson(json);
  if (path.length > PATH_LENGTH_MAX)
    throw new LimitError(`JSONPath of more than ${PATH_LENGTH_MAX} characters`);
  const [first, ...next] = asEvaluation(`invalid JSONPath selector '${path}' `, () => compilePath(path));
  return asEvaluation('', () => first?.apply({ root }, root, next) ?? null);
}

function compilePath(path: string): readonly PathStep[] {
  return tokenizePath(path).map(token => parseStep(token, script => compileScript(script, compilePath)));
}

function asEvaluation<T>(prefix: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof PathError) throw new EvaluationError(prefix + error.message);
    throw error;
  }
}
