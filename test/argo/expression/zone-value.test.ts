import { expect } from 'chai';
import { zoneOf, zoneValue } from '../../../lib/argo/expression/zone-value.js';
import { UTC } from '../../../lib/argo/functions/go-zone.js';

describe('zoneValue', () => {
  it('should give the zone back, and nothing for other values', () => {
    expect(zoneOf(zoneValue(UTC))).to.equal(UTC);
    expect(String(zoneValue(UTC))).to.equal('UTC');
    expect(zoneOf('UTC')).to.equal(undefined);
  });
});
