import { expect } from 'chai';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';
import {
  dottedPath,
  nodesOf,
  startOf,
  variablePaths,
} from '../../../../lib/argo/expression/syntax/variable-paths.js';

const parse = (source: string): ReturnType<typeof parseExpression> => parseExpression(source, isBuiltin);
const paths = (source: string): string[] =>
  variablePaths(parse(source)).map(({ path, position }) => `${position} ${path}`);

describe('variablePaths', () => {
  it('should give whole names with their place, however they are written', () => {
    expect(paths("asInt(inputs.parameters['a-b']) + len(status)")).to.deep.equal([
      '6 inputs.parameters.a-b',
      '38 status',
    ]);
    expect(paths("outputs?.parameters?.x ?? workflow['name']")).to.deep.equal([
      '0 outputs.parameters.x',
      '26 workflow.name',
    ]);
    expect(paths('a.b[c.d]')).to.deep.equal(['0 a.b', '4 c.d']);
  });

  it('should leave out functions and names that are declared', () => {
    expect(paths('let x = status; x + lower(duration) + f(exitCode)')).to.deep.equal([
      '8 status',
      '26 duration',
      '40 exitCode',
    ]);
    expect(paths('any([1], # == 1)')).to.deep.equal([]);
  });
});

describe('dottedPath', () => {
  it('should be only of names that stand in the expression', () => {
    expect(dottedPath(parse('a.b'))).to.equal('a.b');
    expect(dottedPath(parse('a[b]'))).to.equal(undefined);
    expect(dottedPath(parse('f().b'))).to.equal(undefined);
    expect(startOf(parse('  a.b.c'))).to.equal(2);
    expect([...nodesOf(parse('1 + 2'))].map(({ kind }) => kind)).to.deep.equal([
      'integer',
      'integer',
      'binary',
    ]);
  });
});
