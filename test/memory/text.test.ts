import { expect } from 'chai';
import fc from 'fast-check';
import { createRegion, type Region } from '../../lib/memory/region.js';
import {
  copyText,
  loadText,
  returnText,
  storeDoubles,
  storeText,
  textBytes,
  textSizeOf,
  type StoredText,
} from '../../lib/memory/text.js';
import { TEXT_LISTS } from '../../lib/memory/words.js';

function regionOf(maxLabelBytes: number): Region {
  return createRegion({
    maxBytes: 2 ** 20,
    stripes: 1,
    maxStreams: 1,
    maxBoundaries: 1,
    maxSeries: 1,
    maxLabelBytes,
  });
}

describe('textSizeOf', () => {
  it('should hold the text, waste at most a quarter, and have a list for each size', () => {
    let [list, size] = [-1, 0];
    for (let length = 1; length <= 5000; length++) {
      const next = textSizeOf(length);
      expect(next.size, `size of ${length}`).to.be.within(
        length,
        Math.max(8 * Math.ceil(length / 8), length * 1.25),
      );
      expect(next.size % 8, 'a number can stand in it').to.equal(0);
      // The size before was too small, or it is the same one.
      if (next.list !== list)
        expect([next.list, size], `list of ${length}`).to.deep.equal([list + 1, length - 1]);
      else expect(next.size).to.equal(size);
      ({ list, size } = next);
    }
    expect(textSizeOf(2 ** 32 - 1).list).to.be.below(TEXT_LISTS);
    expect(textSizeOf(0)).to.deep.equal(textSizeOf(1));
  });
});

describe('texts of a region', () => {
  it('should be what was stored, whatever came and went before, and use no more than it said', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.string({ unit: 'binary', maxLength: 90 })), { maxLength: 60 }),
        steps => {
          const region = regionOf(2048);
          const kept = new Map<number, { text: string; at: { address: number; length: number } }>();
          for (const [place, text] of steps) {
            const old = kept.get(place);
            if (old !== undefined) returnText(region, old.at);
            kept.delete(place);
            const at = storeText(region, text);
            if (typeof at !== 'string') kept.set(place, { text: Buffer.from(text).toString(), at });
            for (const { text: expected, at: stored } of kept.values()) {
              expect(loadText(region, stored.address, stored.length)).to.equal(expected);
              const copy = Buffer.alloc(stored.length + 2);
              copyText(region, stored.address, stored.length, copy, 1);
              expect(copy.toString()).to.equal(`\0${expected}\0`);
            }
            const used = [...kept.values()].reduce((sum, one) => sum + textSizeOf(one.at.length).size, 0);
            expect(textBytes(region)).to.equal(used);
          }
        },
      ),
    );
  });

  it('should fill the arena to the last byte, refuse what is more, and have room again for the same size', () => {
    const region = regionOf(1024);
    const stored = Array.from({ length: 16 }, (_, index) => storeText(region, String(index).padEnd(64, '.')));
    const placeOf = (index: number): StoredText => stored[index] as StoredText;
    expect(stored).not.to.include('labelBytesExhausted');
    expect(textBytes(region)).to.equal(1024);
    expect(storeText(region, '')).to.equal('labelBytesExhausted');
    expect(storeDoubles(region, [1])).to.equal('labelBytesExhausted');
    for (const index of [3, 7]) returnText(region, placeOf(index));
    expect(storeText(region, 'of another size')).to.equal('labelBytesExhausted');
    const again = [0, 1].map(() => (storeDoubles(region, [1, 2, 3, 4, 5, 6, 7, 8]) as StoredText).address);
    expect(again).to.have.members([placeOf(3).address, placeOf(7).address]);
    expect(storeText(region, ' '.repeat(64))).to.equal('labelBytesExhausted');
    expect([...region.f64.subarray(again[0]! / 8, again[0]! / 8 + 8)]).to.deep.equal([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });
});
