import { expect } from 'chai';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import { ABSENT_FUNCTIONS } from '../../../lib/argo/sprig/sprig-absent.js';

describe('absent functions of Sprig', () => {
  it('should say why they are absent', () => {
    expect(() => ABSENT_FUNCTIONS['uuidv4']?.()).to.throw(
      EvaluationError,
      'sprig.uuidv4 is not available: it is random',
    );
    expect(() => ABSENT_FUNCTIONS['getHostByName']?.('x')).to.throw(EvaluationError, 'network');
    for (const absent of Object.values(ABSENT_FUNCTIONS)) expect(absent).to.throw(EvaluationError);
  });
});
