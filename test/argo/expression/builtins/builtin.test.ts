import { expect } from 'chai';
import { exactly, kindName, membersOf, textAt } from '../../../../lib/argo/expression/builtins/builtin.js';
import { INT, TEXT } from '../../../../lib/argo/go/value/nature.js';

describe('what functions of the language share', () => {
  it('should refuse what is no text in the words of Go', () => {
    expect(textAt(['a'], 0)).to.equal('a');
    expect(() => textAt([1n], 0)).to.throw('interface conversion: interface {} is int, not string');
    expect(() => textAt([], 0)).to.throw('is nil, not string');
  });

  it('should refuse a call with too few arguments, with both numbers', () => {
    const check = exactly(1, () => INT);
    expect(check([TEXT])).to.equal(INT);
    expect(check([])).to.equal('invalid number of arguments (expected 1, got 0)');
  });

  it('should name kinds, and order members', () => {
    expect([null, 1n, 1.5, 'a', true, [], new Map()].map(kindName)).to.deep.equal(
      'invalid int float64 string bool slice map'.split(' '),
    );
    expect(
      membersOf(
        new Map([
          ['b', 1n],
          ['a', 2n],
        ]),
      ),
    ).to.deep.equal([
      ['a', 2n],
      ['b', 1n],
    ]);
  });
});
