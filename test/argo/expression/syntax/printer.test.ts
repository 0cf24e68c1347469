import { expect } from 'chai';
import fc from 'fast-check';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';
import { printExpression } from '../../../../lib/argo/expression/syntax/printer.js';
import { ExpressionSyntaxError } from '../../../../lib/argo/expression/syntax/syntax-error.js';
import type { Syntax } from '../../../../lib/argo/expression/syntax/syntax.js';
import { expressionSource } from '../generated-source.js';

/** The tree without its positions. */
function shapeOf(node: Syntax): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'position') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

function parse(source: string): Syntax | undefined {
  try {
    return parseExpression(source, isBuiltin);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return undefined;
    throw error;
  }
}

describe('printExpression', () => {
  for (const [source, printed] of [
    ['(1+2)*3', '(1 + 2) * 3'],
    ['1+(2*3)', '1 + 2 * 3'],
    ['2**3**4', '2 ** 3 ** 4'],
    ['(2**3)**4', '(2 ** 3) ** 4'],
    ['-(1+2)', '-(1 + 2)'],
    ["a?.b['c'].d", 'a?.b["c"].d'],
    ['(-1)[0]', '(-1)[0]'],
    ["{'a': {'b': 2}}", '{ a: { b: 2 } }'],
    ['map(x, {.n})', 'map(x, #.n)'],
    ["'}}'", '"\\u007d\\u007d"'],
    ['x|upper()', 'upper(x)'],
    ['(a ?: b) + 1', '(a ? a : b) + 1'],
    ['(let x = 1; 2) + 3', '(let x = 1; 2) + 3'],
    ['1.0', '1.0'],
  ] as const)
    it(`should print ${source} as ${printed}`, () => {
      const tree = parse(source);
      expect(tree && printExpression(tree)).to.equal(printed);
    });

  it('should print what parses to the same tree, without two closing braces', () => {
    let parsed = 0;
    fc.assert(
      fc.property(expressionSource, source => {
        const tree = parse(source);
        if (!tree) return;
        parsed++;
        const printed = printExpression(tree);
        const again = parse(printed);
        expect(printed).to.not.contain('}}');
        expect(again && shapeOf(again), printed).to.equal(shapeOf(tree));
      }),
      { numRuns: 5000 },
    );
    expect(parsed).to.be.greaterThan(1000);
  });
});
