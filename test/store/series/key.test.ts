import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { keyOf } from '../../../lib/store/series/key.js';

describe('keyOf', () => {
  it('should be the first 128 bits of the SHA-256, so that all threads and versions of Node find the same series', () => {
    for (const text of ['', 'abc', '0{"k":"ü\u0000"}', 'x'.repeat(100_000)]) {
      const digest = createHash('sha256').update(text, 'utf8').digest();
      const words = [0, 4, 8, 12].map(at => digest.readInt32BE(at));
      expect(keyOf(text), text.slice(0, 20)).to.deep.equal(words);
    }
    expect(keyOf('abc')).to.deep.equal([0xba7816bf | 0, 0x8f01cfea | 0, 0x414140de, 0x5dae2223]);
  });
});
