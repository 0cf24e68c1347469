import { LimitError } from '../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import { Decimal } from '../../../lib/argo/sprig/decimal.js';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('Decimal', () => {
  it('should come back as the number that it was made of', () => {
    fc.assert(
      fc.property(number, value => {
        expect(Decimal.of(value).toNumber() === value).to.equal(true);
      }),
    );
  });

  it('should add what binary fractions cannot', () => {
    expect(Decimal.of(0.1).plus(Decimal.of(0.2)).toNumber()).to.equal(0.3);
    expect(Decimal.of(0.3).minus(Decimal.of(0.1)).toNumber()).to.equal(0.2);
    expect(Decimal.of(1.1).times(Decimal.of(1.1)).toNumber()).to.equal(1.21);
  });

  it('should round divisions half away from zero', () => {
    expect(Decimal.of(2).dividedBy(Decimal.of(3)).toNumber()).to.equal(0.6666666666666667);
    expect(Decimal.of(-1).dividedBy(Decimal.of(2e16)).toNumber()).to.equal(-1e-16);
  });

  it('should refuse what is no number and what is too long', () => {
    expect(() => Decimal.of(NaN)).to.throw(EvaluationError, 'Cannot create a Decimal from NaN');
    expect(() => Decimal.of(1).dividedBy(Decimal.of(0))).to.throw(EvaluationError, 'decimal division by 0');
    let product = Decimal.of(1.7e308);
    expect(() => {
      for (let factor = 0; factor < 10_000; factor++) product = product.times(Decimal.of(1.7e308));
    }).to.throw(LimitError, 'digits');
  });
});
