import { expect } from 'chai';
import fc from 'fast-check';
import { HashedLabels } from '../../../lib/cardinality/hashed-labels.js';
import { canonicalize, parseAttributes } from '../../../lib/store/series/attributes.js';
import { CANONICAL_TEXTS, readCanonicalLabels } from '../../../lib/store/series/canonical-labels.js';
import { HOLDER } from '../../../lib/store/series/known-series.js';

function labelsOf(text: string, mayBeHeld = false): [key: string, value: string][] {
  const hashed = new HashedLabels();
  const bytes = Buffer.from(text);
  readCanonicalLabels(bytes, bytes.length, mayBeHeld, hashed);
  return Array.from({ length: hashed.length }, (_, index) => {
    const [keyFrom = 0, keyTo = 0, valueFrom = 0, valueTo = 0] = hashed.places.subarray(4 * index);
    return [CANONICAL_TEXTS.key(bytes, keyFrom, keyTo), CANONICAL_TEXTS.value(bytes, valueFrom, valueTo)];
  });
}

describe('readCanonicalLabels', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '\\', '",', '}', '{"n":"1"}', '\\"', '[', '\u0000'),
  );
  const value = fc.oneof(
    text,
    fc.double(),
    fc.boolean(),
    fc.array(fc.oneof(text, fc.constant(null))),
    fc.array(fc.double()),
  );

  it('should read what JSON reads, of every set of attributes', () => {
    fc.assert(
      fc.property(fc.dictionary(text, value), attributes => {
        const { text: canonical } = canonicalize(attributes, 100_000);
        const found = labelsOf(canonical);
        const expected = Object.entries(parseAttributes(canonical));
        expect(new Map(found.map(([key]) => [key, 1]))).to.deep.equal(
          new Map(expected.map(([key]) => [key, 1])),
        );
        for (const [key, shown] of expected)
          if (!Array.isArray(shown)) expect(new Map(found).get(key)).to.equal(String(shown));
      }),
    );
  });

  it('should show a list as JSON, and numbers that JSON lacks by their names', () => {
    const { text: canonical } = canonicalize({ list: ['a"', 1.5, true], nan: NaN, low: -Infinity }, 100);
    expect(labelsOf(canonical)).to.deep.equal([
      ['list', '["a\\"",1.5,true]'],
      ['low', '-Infinity'],
      ['nan', 'NaN'],
    ]);
  });

  it('should leave out who holds a copy, where there may be copies', () => {
    const { text: canonical } = canonicalize({ [HOLDER]: 'x', key: 'a' }, 100);
    expect(labelsOf(canonical, true)).to.deep.equal([['key', 'a']]);
    expect(labelsOf(canonical)).to.have.lengthOf(2);
  });

  it('should end, and stay inside, whatever stands there', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '"', '\\', ',', ':', '[', ']', '"a"', '"a":', '1', '"n"', '\u0000'),
    );
    fc.assert(
      fc.property(pieces, parts => {
        const bytes = Buffer.from(`${parts.join('')}`);
        for (let length = 0; length <= bytes.length; length++) {
          const hashed = new HashedLabels();
          readCanonicalLabels(bytes, length, false, hashed);
          for (let place = 0; place < 4 * hashed.length; place++)
            expect(hashed.places[place]).to.be.within(0, length);
        }
      }),
    );
  });
});
