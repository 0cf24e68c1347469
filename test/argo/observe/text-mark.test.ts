import { expect } from 'chai';
import fc from 'fast-check';
import { markOf, markOfNumber } from '../../../lib/argo/observe/text-mark.js';

describe('marks', () => {
  it('should be whole numbers of 53 bits, equal for equal texts, and never 0', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, before) => {
        const mark = markOf(text, before);
        expect(Number.isSafeInteger(mark)).to.equal(true);
        expect(mark).to.be.greaterThan(0);
        expect(markOf(text, before)).to.equal(mark);
      }),
    );
  });

  it('should differ for texts that are alike, as IDs of nodes are', () => {
    const texts = ['', ' ', '\u0000', '\u0100', '\u0001'];
    for (let index = 0; index < 100_000; index++)
      texts.push(`nightly-run-${index}`, `nightly-run-x-${index * 31}`);
    expect(new Set(texts.map(text => markOf(text))).size).to.equal(texts.length);
  });

  it('should tell the order of parts, numbers, and a number from none', () => {
    const marks = [
      markOf('b', markOf('a')),
      markOf('a', markOf('b')),
      markOf('ab'),
      ...[0, 1, 2, -1, 1e12, 1e12 + 1, 0.5, undefined].map(number => markOfNumber(number)),
      markOfNumber(1, markOfNumber(2)),
      markOfNumber(2, markOfNumber(1)),
    ];
    expect(new Set(marks).size).to.equal(marks.length);
    expect(markOfNumber(1e12)).to.equal(markOfNumber(1e12));
  });
});
