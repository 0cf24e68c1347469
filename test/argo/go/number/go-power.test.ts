import { expect } from 'chai';
import { power } from '../../../../lib/argo/go/number/go-power.js';

describe('power', () => {
  it('should be exact to the last digit of Go', () => {
    expect(power(2.5, 2.5)).to.equal(9.882117688026186);
    expect(power(3, 2.5)).to.equal(15.588457268119894);
    expect(power(2, 10)).to.equal(1024);
    expect(power(2, -1)).to.equal(0.5);
    expect(power(-2, 3)).to.equal(-8);
    expect(power(10, 308)).to.be.closeTo(1e308, 1e293);
  });

  it('should know the special cases of IEEE 754, unlike JavaScript', () => {
    expect(power(1, NaN)).to.equal(1);
    expect(power(-1, Infinity)).to.equal(1);
    expect(power(NaN, 0)).to.equal(1);
    expect(power(-8, 1 / 3)).to.be.NaN;
    expect(power(0, -1)).to.equal(Infinity);
    expect(power(2, 5000)).to.equal(Infinity);
    expect(power(2, -5000)).to.equal(0);
    expect(power(2, -1074)).to.equal(5e-324);
    expect(power(5e-324, 1)).to.equal(5e-324);
    expect(power(5e-324, 2)).to.equal(0);
  });
});
