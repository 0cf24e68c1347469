import { expect } from 'chai';
import fc from 'fast-check';
import { HashedLabels } from '../../lib/cardinality/hashed-labels.js';

function hash(labels: readonly (readonly [string, string])[]): HashedLabels {
  const hashed = new HashedLabels();
  const bytes = Buffer.from(labels.flat().join(''));
  let at = 0;
  for (const [key, value] of labels) {
    const [keyEnd, valueEnd] = [at + Buffer.byteLength(key), at + Buffer.byteLength(key + value)];
    hashed.add(bytes, at, keyEnd, keyEnd, valueEnd);
    at = valueEnd;
  }
  return hashed;
}

const sumOf = ({ sumLow, sumHigh }: HashedLabels): string => `${sumLow} ${sumHigh}`;

describe('HashedLabels', () => {
  const set = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 })), {
    maxLength: 40,
    selector: ([key]) => key,
  });

  it('should give a set without one label the sum of the others, in any order', () => {
    fc.assert(
      fc.property(set, fc.nat(), (labels, choice) => {
        fc.pre(labels.length > 0);
        const left = choice % labels.length;
        const whole = hash(labels);
        const rest = hash(labels.filter((_, index) => index !== left).reverse());
        expect([
          (whole.sumLow - (whole.low[left] ?? 0)) | 0,
          (whole.sumHigh - (whole.high[left] ?? 0)) | 0,
        ]).to.deep.equal([rest.sumLow, rest.sumHigh]);
        expect(whole.length).to.equal(labels.length);
      }),
    );
  });

  it('should be as if a label that was taken out had never been there', () => {
    fc.assert(
      fc.property(set, fc.nat(), (labels, choice) => {
        fc.pre(labels.length > 0);
        const left = choice % labels.length;
        const hashed = hash(labels);
        hashed.remove(left);
        const others = hash(labels.filter((_, index) => index !== left));
        const wordsOf = ({ length, keyLow, keyHigh, low, high }: HashedLabels): string[] =>
          Array.from({ length }, (_, index) =>
            [keyLow, keyHigh, low, high].map(words => words[index]).join(),
          ).sort();
        expect(sumOf(hashed)).to.equal(sumOf(others));
        expect(wordsOf(hashed)).to.deep.equal(wordsOf(others));
      }),
    );
  });

  it('should tell sets apart that share all of their texts', () => {
    const sets = [
      [['a', 'b']],
      [['b', 'a']],
      [['ab', '']],
      [['', 'ab']],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [
        ['a', 'd'],
        ['c', 'b'],
      ],
      [],
    ] as [string, string][][];
    expect(new Set(sets.map(labels => sumOf(hash(labels)))).size).to.equal(sets.length);
  });

  it('should have no two of 200,000 numbered values alike, in either word more than chance has', () => {
    const hashed = new HashedLabels();
    const pairs = new Set<string>();
    const low = new Set<number>();
    for (let number = 0; number < 200_000; number++) {
      const bytes = Buffer.from(`pod-${number}`);
      hashed.clear();
      hashed.add(bytes, 0, 3, 3, bytes.length);
      pairs.add(sumOf(hashed));
      low.add(hashed.low[0] ?? 0);
    }
    expect(pairs.size).to.equal(200_000);
    // Of 2^32 words some five are expected to come twice.
    expect(low.size).to.be.greaterThan(199_970);
  });

  it('should be empty again when it was cleared', () => {
    const hashed = hash([['a', 'b']]);
    hashed.clear();
    expect([hashed.length, sumOf(hashed)]).to.deep.equal([0, '0 0']);
  });
});
