import { expect } from 'chai';
import { obeyedOf, type View } from '../../../lib/store/definition/view.js';

describe('obeyedOf', () => {
  const view: View = {
    ...{ selector: { instrumentName: 'c' }, name: 'd', limit: 3, ttlMillis: 7 },
    labels: [{ label: 'l', maxValues: 2, overflowValue: 'x' }],
  };

  it('should leave a View as it is, and of one that is only tried what is not tried', () => {
    expect(obeyedOf(view)).to.equal(view);
    expect(obeyedOf({ ...view, dryRun: true })).to.deep.equal({
      selector: view.selector,
      name: 'd',
      dryRun: true,
    });
  });
});
