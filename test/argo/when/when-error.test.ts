import { expect } from 'chai';
import { WhenError } from '../../../lib/argo/when/when-error.js';
import type { WhenStage } from '../../../lib/argo/when/when-error.js';

describe('WhenError', () => {
  it('should be told in the sentences of Argo', () => {
    const sentences: [WhenStage, string][] = [
      ['read', "Invalid 'when' expression 'x': why"],
      ['reread', "Failed to parse 'when' expression 'x': why"],
      ['evaluate', "Failed to evaluate 'when' expresion 'x': why"],
      ['result', "Expected boolean evaluation for 'x'. Got why"],
    ];
    for (const [stage, message] of sentences)
      expect(new WhenError(stage, 3, 'why').toDiagnostic('x')).to.deep.equal({
        code: 'WHEN_INVALID',
        severity: 'error',
        position: 3,
        message,
      });
  });

  it('should hint at quotes where they may help', () => {
    for (const reason of [
      "Invalid token: '#'",
      "Value 'us' cannot be used with the modifier '-', it is not a number",
    ])
      expect(new WhenError('read', 0, reason).toDiagnostic('x')).to.have.property('hint');
  });
});
