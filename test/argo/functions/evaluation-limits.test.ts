import { expect } from 'chai';
import { LimitError } from '../../../lib/argo/expression/value.js';
import {
  BoundedText,
  DEPTH_MAX,
  LIST_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  checkDepth,
  checkListLength,
  checkTextLength,
} from '../../../lib/argo/functions/evaluation-limits.js';

describe('limits of evaluation', () => {
  for (const [check, limit] of [
    [checkTextLength, TEXT_LENGTH_MAX],
    [checkListLength, LIST_LENGTH_MAX],
    [checkDepth, DEPTH_MAX],
  ] as const) {
    it(`should hold in ${check.name}`, () => {
      check(limit);
      expect(() => check(limit + 1)).to.throw(LimitError, `more than ${limit}`);
      expect(() => check(Infinity)).to.throw(LimitError);
    });
  }

  it('should hold for text that grows', () => {
    const text = new BoundedText();
    text.add('x'.repeat(TEXT_LENGTH_MAX));
    expect(text.toString()).to.have.length(TEXT_LENGTH_MAX);
    expect(() => text.add('x')).to.throw(LimitError);
  });
});
