import { expect } from 'chai';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';
import { ExpressionSyntaxError } from '../../../../lib/argo/expression/syntax/syntax-error.js';

describe('parseExpression', () => {
  const parse = (source: string) => parseExpression(source, isBuiltin);

  it('should make chains, comparisons in a row, negations, pipes and calls into trees', () => {
    expect(parse('a?.b.c')).to.deep.include({ kind: 'chain' });
    expect(parse('1 < 2 < 3')).to.deep.include({ kind: 'binary', operator: '&&' });
    expect(parse('x not in y')).to.deep.include({ kind: 'unary', operator: 'not' });
    expect(parse('x | upper()')).to.deep.include({ kind: 'builtin', name: 'upper' });
    expect(parse('f(1)')).to.deep.include({ kind: 'call' });
  });

  it('should say where it stops', () => {
    expect(() => parse('1 + * 2'))
      .to.throw(ExpressionSyntaxError, 'unexpected token Operator("*")')
      .with.property('position', 4);
    expect(() => parse('a ?? b + c')).to.throw('cannot be mixed');
    expect(() => parse('filter([1])')).to.throw('expected at least 2 arguments');
    expect(() => parse('#')).to.throw('unexpected token');
  });

  it('should bound length, depth and number of nodes', () => {
    expect(() => parse(' '.repeat(40_000))).to.throw('longer than');
    for (const [open, close] of [
      ['(', ')'],
      ['[', ']'],
      ['-', ''],
      ['{a:', '}'],
      ['f(', ')'],
      ['1?', ':1'],
      ['a[', ']'],
      ['let x=', ';1'],
    ] as const) {
      const source = `${open.repeat(5000)}1${close.repeat(5000)}`;
      expect(() => parse(source), open).to.throw(ExpressionSyntaxError);
    }
    for (const tail of ['+1', '.a', '|f()', '??1', '[0]', ' in a', '<1'])
      expect(() => parse(`1${tail.repeat(4000)}`), tail).to.throw(ExpressionSyntaxError);
    expect(() => parse(`[${'1,'.repeat(11_000)}]`)).to.throw('maximum allowed nodes');
    expect(() => parse(`if 1 {1} ${'else if 1 {1} '.repeat(2000)}`)).to.throw('nested parts');
  });
});
