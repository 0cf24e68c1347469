import { expect } from 'chai';
import { brandWithLimit, limitOf } from '../../lib/otel/view-brand.js';

describe('brandWithLimit', () => {
  it('is kept by a copy of the View, and absent from others', () => {
    const view = brandWithLimit({ instrumentName: 'c' }, { limit: 3, attributesProcessors: [] });
    expect(limitOf({ ...view, name: 'd' })?.limit).to.equal(3);
    expect(limitOf({ instrumentName: 'c' })).to.equal(undefined);
  });
});
