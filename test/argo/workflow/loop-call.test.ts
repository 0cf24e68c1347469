import { expect } from 'chai';
import { isLoop } from '../../../lib/argo/workflow/loop-call.js';

describe('isLoop', () => {
  it('should be one where the controller expands, and an empty list is none', () => {
    for (const call of [{ withItems: [1] }, { withParam: '[]' }, { withSequence: {} }])
      expect(isLoop(call)).to.equal(true);
    for (const call of [
      {},
      { withItems: [] },
      { withParam: '' },
      { withSequence: null },
      { withItems: null },
    ])
      expect(isLoop(call)).to.equal(false);
  });
});
