import { expect } from 'chai';
import { EmissionTokens } from '../../../lib/argo/emit/emission-tokens.js';

describe('EmissionTokens', () => {
  it('should let each token of an owner through once', () => {
    const tokens = new EmissionTokens();
    expect([tokens.claim('a', '1'), tokens.claim('a', '1'), tokens.claim('b', '1')]).to.deep.equal([
      true,
      false,
      true,
    ]);
  });

  it('should forget an owner as a whole', () => {
    const tokens = new EmissionTokens();
    tokens.claim('a', '1');
    tokens.forget('a');
    expect(tokens.claim('a', '1')).to.equal(true);
    expect(tokens.forgotten).to.equal(0);
  });

  it('should forget the owner that was idle for longest first, and count it', () => {
    const tokens = new EmissionTokens(2);
    tokens.claim('a', '1');
    tokens.claim('b', '1');
    tokens.claim('a', '1');
    tokens.claim('c', '1');
    expect(tokens.forgotten).to.equal(1);
    expect(tokens.claim('a', '1')).to.equal(false);
    expect(tokens.claim('b', '1')).to.equal(true);
  });

  it('should forget the oldest tokens beyond its size, and count them', () => {
    const tokens = new EmissionTokens(10);
    for (let index = 0; index < 1000; index++) tokens.claim(`owner ${index % 7}`, String(index));
    expect(tokens.forgotten).to.equal(990);
  });
});
