/**
 * What the functions take that evaluate one of their arguments for every element; `undefined` for other functions. A
 * question mark: it can be left out.
 */
export function parameterKindsOf(name: string): readonly string[] | undefined {
  return PARAMETERS.get(name);
}

const PREDICATE = ['expression', 'predicate'];

const PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['all', PREDICATE],
  ['none', PREDICATE],
  ['any', PREDICATE],
  ['one', PREDICATE],
  ['filter', PREDICATE],
  ['map', PREDICATE],
  ['count', ['expression', 'predicate?']],
  ['sum', ['expression', 'predicate?']],
  ['find', PREDICATE],
  ['findIndex', PREDICATE],
  ['findLast', PREDICATE],
  ['findLastIndex', PREDICATE],
  ['groupBy', PREDICATE],
  ['sortBy', ['expression', 'predicate', 'expression?']],
  ['reduce', ['expression', 'predicate', 'expression?']],
]);
