import { expect } from 'chai';
import { isBuiltin } from '../../../../lib/argo/expression/builtins/builtins.js';
import { foldBoolean, foldInteger } from '../../../../lib/argo/expression/syntax/constant.js';
import { parseExpression } from '../../../../lib/argo/expression/syntax/parser.js';

describe('constants', () => {
  const parse = (source: string) => parseExpression(source, isBuiltin);

  it('should fold ints of literals, with wrapping', () => {
    expect(foldInteger(parse('-(2 + 3) * 4 % 7'))).to.equal(-6n);
    expect(foldInteger(parse('9223372036854775807 + 1'))).to.equal(-(2n ** 63n));
    for (const source of ['1 % 0', '1.5', 'a + 1', '1 / 1', '!true'])
      expect(foldInteger(parse(source)), source).to.equal(undefined);
  });

  it('should fold negated literals', () => {
    expect(foldBoolean(parse('not !true'))).to.equal(true);
    expect(foldBoolean(parse('-1'))).to.equal(undefined);
  });
});
