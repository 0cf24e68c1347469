import type { Value } from '../expression/value.js';
import { EvaluationError } from '../expression/value.js';
import { parseJson } from './parse-json.js';

/** Argo's `jsonpath`: the value at the path of a JSON text. */
export function jsonPath(json: string, path: string): Value {
  const root = parseJson(json);
  if (path === '$') return root;
  throw new EvaluationError(`invalid JSONPath selector '${path}'`);
}
