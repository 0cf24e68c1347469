import { expect } from 'chai';
import {
  BoundedText,
  checkDepth,
  checkListLength,
  checkTextLength,
  currentTime,
  DEPTH_MAX,
  LimitError,
  LIST_LENGTH_MAX,
  metered,
  spend,
  TEXT_LENGTH_MAX,
} from '../../../lib/argo/budget/evaluation-limits.js';

describe('limits of evaluation', () => {
  for (const [check, limit] of [
    [checkTextLength, TEXT_LENGTH_MAX],
    [checkListLength, LIST_LENGTH_MAX],
    [checkDepth, DEPTH_MAX],
  ] as const)
    it(`should hold in ${check.name}`, () => {
      check(limit);
      expect(() => check(limit + 1)).to.throw(LimitError, `more than ${limit}`);
      expect(() => check(Infinity)).to.throw(LimitError);
    });

  it('should be charged to the evaluation that they stand in', () => {
    const meter = (log: number[]) => ({
      spend: (steps: number) => void log.push(steps),
      spendOnce: (_: string, steps: number) => void log.push(steps),
      now: () => 5,
    });
    const [outer, inner]: [number[], number[]] = [[], []];
    metered(meter(outer), () => {
      spend(1);
      expect(() => metered(meter(inner), () => checkTextLength(Infinity))).to.throw(LimitError);
      metered(meter(inner), () => spend(2));
      spend(3);
      expect(currentTime()).to.equal(5);
    });
    expect([outer, inner]).to.deep.equal([[1, 3], [2]]);
    spend(Infinity);
  });

  it('should hold for text that grows', () => {
    const text = new BoundedText();
    text.add('x'.repeat(TEXT_LENGTH_MAX));
    expect(text.toString()).to.have.length(TEXT_LENGTH_MAX);
    expect(() => text.add('x')).to.throw(LimitError);
  });
});
