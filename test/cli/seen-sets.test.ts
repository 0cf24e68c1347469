import { expect } from 'chai';
import fc from 'fast-check';
import { HashedLabels } from '../../lib/cardinality/hashed-labels.js';
import { SeenSets } from '../../lib/cli/seen-sets.js';

function hashed(labels: readonly (readonly [string, string])[]): HashedLabels {
  const set = new HashedLabels();
  for (const [key, value] of labels) {
    const bytes = Buffer.from(key + value);
    const end = Buffer.byteLength(key);
    set.add(bytes, 0, end, end, bytes.length);
  }
  return set;
}

describe('SeenSets', () => {
  it('should say what a Set says', () => {
    const label = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('', 'x', 'y'));
    const set = fc.tuple(fc.nat(3), fc.uniqueArray(label, { selector: ([key]) => key }));
    fc.assert(
      fc.property(fc.array(set), sets => {
        const [seen, expected] = [new SeenSets(), new Set<string>()];
        for (const [metric, labels] of sets) {
          const text = JSON.stringify([metric, [...labels].sort()]);
          expect(seen.add(metric, hashed(labels))).to.equal(!expected.has(text));
          expected.add(text);
        }
      }),
    );
  });

  it('should go on with what it knows when there is no room for more', () => {
    const seen = new SeenSets(8);
    const add = (value: number): boolean => seen.add(1, hashed([['a', `${value}`]]));
    for (let value = 0; value < 8; value++) expect(add(value)).to.equal(true);
    for (let value = 0; value < 8; value++) expect(add(value)).to.equal(false);
    expect([add(8), add(8)]).to.deep.equal([true, true]);
  });
});
