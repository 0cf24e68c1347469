import { expect } from 'chai';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';
import {
  calledNames,
  declaredNames,
  requiredNames,
} from '../../../../lib/argo/expression/syntax/required-names.js';

describe('requiredNames', () => {
  const paths = (source: string): string[] =>
    requiredNames(parseExpression(source, isBuiltin)).map(({ path }) => path);

  it('should list names from left to right, the shorter before the longer', () => {
    expect(paths('a.b.c + d')).to.deep.equal(['a', 'a.b', 'a.b.c', 'd']);
    expect(paths("a['b'][0].c")).to.deep.equal(['a', 'a.b']);
    expect(paths('map(x, #.y)')).to.deep.equal(['x']);
  });

  it('should never excuse the first name of a guarded path', () => {
    expect(paths('a.b ?? c')).to.deep.equal(['a', 'c']);
    expect(paths('a?.b.c')).to.deep.equal(['a']);
    expect(paths('a.b?.c')).to.deep.equal(['a']);
  });

  it('should know which functions are called and which names are declared', () => {
    const root = parseExpression('let x = len(a); ::date(b)', isBuiltin);
    expect([...calledNames(root)]).to.deep.equal(['len']);
    expect([...declaredNames(root)]).to.deep.equal(['x']);
  });
});
