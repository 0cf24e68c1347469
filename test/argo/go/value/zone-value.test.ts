import { expect } from 'chai';
import { zoneOf, zoneValue } from '../../../../lib/argo/go/value/zone-value.js';
import { answer } from '../../expression/golden-rows.js';
import { UTC } from '../../../../lib/argo/go/time/go-zone.js';

describe('zoneValue', () => {
  it('should give the zone back, and nothing for other values', () => {
    expect(zoneOf(zoneValue(UTC))).to.equal(UTC);
    expect(answer("timezone('UTC').String()")).to.equal('UTC');
    expect(zoneOf('UTC')).to.equal(undefined);
  });
});
