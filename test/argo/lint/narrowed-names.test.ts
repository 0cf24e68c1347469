import { expect } from 'chai';
import { narrowedNames } from '../../../lib/argo/lint/narrowed-names.js';
import { isBuiltin } from '../../../lib/argo/expression/builtins/builtins.js';
import { parseExpression } from '../../../lib/argo/expression/syntax/parser.js';

const counts = (test: string, answer = true): unknown =>
  Object.fromEntries(
    narrowedNames(parseExpression(test, isBuiltin), answer).map(([name, spread]) => [
      name,
      spread.kind === 'fixed' ? spread.count : spread.kind,
    ]),
  );

describe('narrowedNames', () => {
  it('should know what a name is where the test holds', () => {
    expect(counts("a.b in ['x', 'y']")).to.deep.equal({ 'a.b': 2 });
    expect(counts("a == 'x' and 'y' == b")).to.deep.equal({ a: 1, b: 1 });
    expect(counts("not (a != 'x')")).to.deep.equal({ a: 1 });
    expect(counts("a != 'x' or b != 'y'", false)).to.deep.equal({ a: 1, b: 1 });
  });

  it('should know nothing where the test leaves it open', () => {
    expect(counts("a == 'x' or b == 'y'")).to.deep.equal({});
    expect(counts("a in ['x']", false)).to.deep.equal({});
    expect(counts("a == 'x'", false)).to.deep.equal({});
    expect(counts('a == 1')).to.deep.equal({});
    expect(counts('a in [b]')).to.deep.equal({});
  });
});
