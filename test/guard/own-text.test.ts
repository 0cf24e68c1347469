import { expect } from 'chai';
import { ownText } from '../../lib/guard/own-text.js';
import { usedHeapBytes } from '../support/heap.js';

describe('ownText', () => {
  it('should be equal to what it was given', () => {
    for (const text of ['', 'short', 'a text of some length', '\ud800 alone, and \u{1f600} whole'])
      expect(ownText(text)).to.equal(text);
  });

  it('should not keep the text alive that it was a part of', () => {
    const before = usedHeapBytes();
    const kept = Array.from({ length: 50 }, (_, index) =>
      ownText(String(index).padEnd(1_000_000, 'xyz').slice(0, 40)),
    );
    expect(usedHeapBytes() - before).to.be.lessThan(5_000_000);
    expect(new Set(kept)).to.have.property('size', 50);
  });
});
