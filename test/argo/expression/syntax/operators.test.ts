import { expect } from 'chai';
import {
  BINARY,
  canBeNegated,
  isComparison,
  isRightAssociative,
} from '../../../../lib/argo/expression/syntax/operators.js';
import { answer } from '../golden-rows.js';

describe('operators', () => {
  it('should bind as in expr-lang', () => {
    expect(answer('1 + 2 * 3 ** 2 ** 0')).to.equal('7');
    expect(answer('-2 ** 2')).to.equal('-4');
    expect(answer('1 + 1..2 + 1')).to.equal('[2,3]');
    expect(answer('not true == false')).to.equal('true');
    expect(answer('true or false and false')).to.equal('true');
  });

  it('should associate, compare and be negated as in expr-lang', () => {
    expect([...BINARY.keys()].filter(isRightAssociative)).to.deep.equal(['**', '^']);
    expect([...BINARY.keys()].filter(isComparison)).to.have.members(['<', '>', '<=', '>=']);
    expect([...BINARY.keys()].filter(canBeNegated)).to.have.length(5);
  });
});
