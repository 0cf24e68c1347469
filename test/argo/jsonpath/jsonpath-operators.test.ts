import { expect } from 'chai';
import type { Value } from '../../../lib/argo/go/value/value.js';
import { OPERATORS } from '../../../lib/argo/jsonpath/jsonpath-operators.js';
import type { Operand } from '../../../lib/argo/jsonpath/jsonpath-operators.js';
import { PathError } from '../../../lib/argo/jsonpath/jsonpath-steps.js';

function compute(left: Operand, operator: string, right: Operand): Value {
  return OPERATORS.get(operator)?.(left, right)({ root: 'root' }, 5) ?? null;
}

describe('JSONPath operators', () => {
  it('should compare numbers as numbers, and the rest as text', () => {
    expect(compute('1.0', '==', '1')).to.equal(true);
    expect(compute('@', '==', '5')).to.equal(true);
    expect(compute("'a'", '==', '"a"')).to.equal(true);
    expect(compute('$', '==', "'root'")).to.equal(true);
    expect(compute("'5'", '==', '5')).to.equal(false);
    expect(compute('null', '!=', 'nil')).to.equal(false);
  });

  it('should compute with numbers only', () => {
    expect(compute('@', '*', '2')).to.equal(10);
    expect(compute('7', '%', '4')).to.equal(3n);
    expect(() => compute("'a'", '+', '1')).to.throw(PathError, 'expected number');
    expect(() => compute(undefined, '<', '1')).to.throw(PathError, 'is nil');
  });

  it('should find a member of a list, and of a list written as text', () => {
    expect(compute('@', 'in', [4, 5])).to.equal(true);
    expect(compute('@', 'not in', '[4, 5]')).to.equal(false);
    expect(() => compute('@', 'in', '5')).to.throw(PathError, 'expected array, map, or slice');
  });
});
