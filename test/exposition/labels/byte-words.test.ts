import { expect } from 'chai';
import fc from 'fast-check';
import { commonBytes, copyBytes, viewOf } from '../../../lib/exposition/labels/byte-words.js';

/** Bytes among others, so that they begin at any place. */
const someBytes = fc.record({
  before: fc.uint8Array({ maxLength: 5 }),
  bytes: fc.uint8Array({ maxLength: 30 }),
  behind: fc.uint8Array({ maxLength: 5 }),
});

const among = (before: Uint8Array, bytes: Uint8Array, behind: Uint8Array): DataView =>
  viewOf(Buffer.concat([before, bytes, behind]));

describe('commonBytes', () => {
  it('should be how far two go on alike, and no further than was asked', () => {
    fc.assert(
      fc.property(someBytes, someBytes, fc.nat(30), fc.nat(30), (one, other, shared, most) => {
        const alike = one.bytes.subarray(0, shared);
        const second = Buffer.concat([alike, other.bytes]);
        let expected = 0;
        const length = Math.min(most, one.bytes.length, second.length);
        while (expected < length && one.bytes[expected] === second[expected]) expected++;
        const [first, begin] = [among(one.before, one.bytes, one.behind), one.before.length];
        const view = among(other.before, second, other.behind);
        expect(commonBytes(first, begin, view, other.before.length, length)).to.equal(expected);
      }),
    );
  });
});

describe('copyBytes', () => {
  it('should copy what was asked and nothing beside it', () => {
    fc.assert(
      fc.property(someBytes, fc.nat(8), ({ before, bytes, behind }, at) => {
        const to = Buffer.alloc(at + bytes.length + 8, 170);
        const end = copyBytes(
          among(before, bytes, behind),
          before.length,
          before.length + bytes.length,
          viewOf(to),
          at,
        );
        expect(end).to.equal(at + bytes.length);
        const expected = Buffer.concat([Buffer.alloc(at, 170), bytes, Buffer.alloc(8, 170)]);
        expect(to.equals(expected)).to.equal(true);
      }),
    );
  });
});
