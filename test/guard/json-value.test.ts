import { expect } from 'chai';
import fc from 'fast-check';
import { isRecord, listAt, recordAt, textAt, timeAt } from '../../lib/guard/json-value.js';

describe('json values', () => {
  it('should tell objects from lists, null and texts', () => {
    expect([{}, [], null, 'a', undefined].map(isRecord)).to.deep.equal([true, false, false, false, false]);
  });

  it('should give an empty value where the member is missing or of another kind', () => {
    expect(recordAt({ a: [] }, 'a')).to.deep.equal({});
    expect(listAt({ a: {} }, 'a')).to.deep.equal([]);
    expect(textAt(null, 'a')).to.equal('');
  });

  it('should not see what an object inherits', () => {
    expect(recordAt({}, '__proto__')).to.not.equal(Object.prototype);
    expect(textAt(Object.create({ a: 'inherited' }), 'a')).to.equal('');
  });

  it('should read timestamps, and nothing from null', () => {
    expect(timeAt({ at: '1970-01-01T00:00:02Z' }, 'at')).to.equal(2000);
    expect(timeAt({ at: null }, 'at')).to.equal(undefined);
    expect(timeAt({ at: 'soon' }, 'at')).to.equal(undefined);
  });

  it('should read what the engine reads, and nothing else', () => {
    const digits = (max: number, length: number): fc.Arbitrary<string> =>
      fc.integer({ min: 0, max }).map(number => String(number).padStart(length, '0'));
    const written = fc
      .tuple(digits(9999, 4), digits(13, 2), digits(32, 2), digits(25, 2), digits(61, 2), digits(61, 2))
      .map(
        ([year, month, day, hour, minute, second]) => `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
      );
    const odd = fc
      .tuple(written, fc.nat(19), fc.constantFrom('', ' ', ':', '-', 'Z', 'T', '0', 'x', '.', '\u0661'))
      .map(([text, index, other]) => text.slice(0, index) + other + text.slice(index + 1));
    fc.assert(
      fc.property(fc.oneof(written, odd), at => {
        const expected = Date.parse(at);
        expect(timeAt({ at }, 'at'), at).to.equal(Number.isNaN(expected) ? undefined : expected);
      }),
      { numRuns: 2000 },
    );
  });
});
