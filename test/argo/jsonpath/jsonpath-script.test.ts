import { LimitError } from '../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import type { Value } from '../../../lib/argo/go/value/value.js';
import { compileScript } from '../../../lib/argo/jsonpath/jsonpath-script.js';
import { CURRENT_STEP } from '../../../lib/argo/jsonpath/jsonpath-steps.js';

function compute(text: string): Value {
  return compileScript(text, () => [CURRENT_STEP])({ root: 1 }, 5);
}

describe('compileScript', () => {
  it('should cut at the operator of the lowest precedence', () => {
    expect(compute('1 + 2 * 3 == 7')).to.equal(true);
    expect(compute('2 * (1 + 2)')).to.equal(6);
    expect(compute('@ > 4 && @ < 6 || false')).to.equal(true);
    expect(compute("'a || b' == 'a || b'")).to.equal(true);
  });

  it('should read text without an operator as a number, a truth value or itself', () => {
    expect(['1.5', 'true', 'null', 'word'].map(compute)).to.deep.equal([1.5, true, null, 'word']);
  });

  it('should end on text that is all operators', () => {
    for (const text of [
      '!@'.repeat(300),
      '(!'.repeat(200) + ')'.repeat(200),
      '-'.repeat(500),
      '@$'.repeat(300),
    ])
      try {
        compute(text);
      } catch (error) {
        expect(error).to.be.instanceOf(Error);
        expect(error).to.not.be.instanceOf(RangeError);
        if (!(error instanceof LimitError)) expect(String(error)).to.match(/invalid|unsupported|unexpected/);
      }
  });
});
