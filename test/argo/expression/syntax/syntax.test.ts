import { expect } from 'chai';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';
import { partsOf } from '../../../../lib/argo/expression/syntax/syntax.js';

describe('partsOf', () => {
  const kinds = (source: string): string[] =>
    partsOf(parseExpression(source, isBuiltin)).map(({ kind }) => kind);

  for (const [source, expected] of [
    ['1', []],
    ['-1', ['integer']],
    ['a + 1.5', ['identifier', 'float']],
    ['a ? 1 : "b"', ['identifier', 'integer', 'text']],
    ['a.b', ['identifier', 'text']],
    ['a[1:]', ['identifier', 'integer']],
    ['a?.b', ['member']],
    ['f(true)', ['identifier', 'bool']],
    ['len(nil)', ['nil']],
    ['map([], #)', ['list', 'predicate']],
    ['{a: 1}', ['text', 'integer']],
    ['let x = 1; a', ['integer', 'identifier']],
    ['1; a', ['integer', 'identifier']],
  ] as const)
    it(`should list the parts of ${source}`, () => {
      expect(kinds(source)).to.deep.equal(expected);
    });
});
