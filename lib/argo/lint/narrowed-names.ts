// What a test leaves of the values of a name: `mode in ['a', 'b'] ? mode : 'other'` shows two values of it.
import type { Syntax } from '../expression/syntax/syntax.js';
import { dottedPath } from '../expression/syntax/variable-paths.js';
import { fixed } from './value-spread.js';
import type { Spread } from './value-spread.js';

/** Names whose values are known where the test came to `answer`. */
export function narrowedNames(test: Syntax, answer: boolean): readonly (readonly [string, Spread])[] {
  if (test.kind === 'unary' && (test.operator === '!' || test.operator === 'not'))
    return narrowedNames(test.operand, !answer);
  if (test.kind !== 'binary') return [];
  const { operator, left, right } = test;
  const joins = answer ? ['and', '&&'] : ['or', '||'];
  if (joins.includes(operator)) return [...narrowedNames(left, answer), ...narrowedNames(right, answer)];
  if (operator === (answer ? '==' : '!=')) return [...known(left, [right]), ...known(right, [left])];
  return operator === 'in' && answer && right.kind === 'list' ? known(left, right.items) : [];
}

/** Only texts: whatever else is equal to a number may be written otherwise. */
function known(name: Syntax, values: readonly Syntax[]): readonly (readonly [string, Spread])[] {
  const path = dottedPath(name);
  if (path === undefined || !values.every(({ kind }) => kind === 'text')) return [];
  return [[path, fixed(values.length, [path])]];
}
