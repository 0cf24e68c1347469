import { expect } from 'chai';
import { OVERFLOW_ATTRIBUTES, OVERFLOW_TEXT } from '../../../lib/store/definition/overflow.js';
import { canonicalize, parseAttributes } from '../../../lib/store/series/attributes.js';

describe('the overflow attributes', () => {
  it('should be what OpenTelemetry says, and have the text that any such attributes have', () => {
    expect(OVERFLOW_ATTRIBUTES).to.deep.equal({ 'otel.metric.overflow': true });
    expect(canonicalize(OVERFLOW_ATTRIBUTES, 100)).to.deep.equal({ text: OVERFLOW_TEXT, faults: [] });
    expect(parseAttributes(OVERFLOW_TEXT)).to.deep.equal(OVERFLOW_ATTRIBUTES);
  });

  it('should be the same for everybody who is handed them', () => {
    expect(Object.isFrozen(OVERFLOW_ATTRIBUTES)).to.equal(true);
  });
});
