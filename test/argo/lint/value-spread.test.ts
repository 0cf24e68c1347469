import { expect } from 'chai';
import {
  both,
  COUNT_MAX,
  either,
  fixed,
  isEndless,
  partOf,
  spreadOf,
} from '../../../lib/argo/lint/value-spread.js';

describe('spread of values', () => {
  it('should count what is known, and else keep the wider one', () => {
    expect(either(fixed(2), fixed(3))).to.deep.equal(fixed(5));
    expect(both(fixed(2), fixed(3))).to.deep.equal(fixed(6));
    const [few, many] = [spreadOf('declared', 'a'), spreadOf('perRun', 'b')];
    expect(either(few, many)).to.equal(many);
    expect(both(many, fixed(2))).to.equal(many);
    expect(both(fixed(1e300), fixed(1e300))).to.deep.equal(fixed(COUNT_MAX));
  });

  it('should know what has no end, and that a part of it has', () => {
    expect([fixed(9), spreadOf('declared', 'a'), spreadOf('reduced', 'a')].some(isEndless)).to.equal(false);
    expect([spreadOf('number', 'a'), spreadOf('fresh', 'a')].every(isEndless)).to.equal(true);
    expect(partOf(spreadOf('perRun', 'a'))).to.deep.equal(spreadOf('reduced', 'a'));
    expect(partOf(spreadOf('fresh', 'a')).kind).to.equal('fresh');
  });
});
