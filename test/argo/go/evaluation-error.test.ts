import { LimitError } from '../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';

describe('EvaluationError', () => {
  it('should be told from other errors', () => {
    expect(new EvaluationError('why')).to.be.instanceOf(Error).with.property('message', 'why');
    expect(new Error('why')).to.not.be.instanceOf(EvaluationError);
    // What catches one must not catch the other.
    expect(new LimitError('why')).to.not.be.instanceOf(EvaluationError);
  });
});
