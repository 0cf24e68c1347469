import { expect } from 'chai';
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
});
