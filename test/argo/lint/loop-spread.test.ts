import { expect } from 'chai';
import { spreadOfItems } from '../../../lib/argo/lint/loop-spread.js';

const NOWHERE = (): undefined => undefined;
const countOf = (call: object): unknown => {
  const spread = spreadOfItems(call as Record<string, unknown>, NOWHERE);
  return spread?.kind === 'fixed' ? spread.count : spread?.kind;
};

describe('spreadOfItems', () => {
  it('should count lists and sequences that are written out', () => {
    expect(countOf({ withItems: ['a', { k: 1 }, 3] })).to.equal(3);
    expect(countOf({ withParam: '["a", "b"]' })).to.equal(2);
    expect(countOf({ withSequence: { count: '4' } })).to.equal(4);
    expect(countOf({ withSequence: { start: '3', end: '-1' } })).to.equal(5);
    expect(countOf({ withSequence: { end: 2 } })).to.equal(3);
  });

  it('should follow tags in items', () => {
    expect(countOf({ withItems: ['a', '{{workflow.name}}'] })).to.equal('perRun');
  });

  it('should know nothing of what comes when it runs, or is no list', () => {
    for (const call of [
      {},
      { withParam: '{{steps.a.outputs.result}}' },
      { withParam: '{' },
      { withParam: '7' },
      { withSequence: { count: '{{inputs.parameters.n}}' } },
      { withSequence: { end: 'x' } },
    ])
      expect(countOf(call), JSON.stringify(call)).to.equal(undefined);
  });
});
