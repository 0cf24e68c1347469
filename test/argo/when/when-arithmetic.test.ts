// What was computed by Go on amd64 is written out.
import { expect } from 'chai';
import fc from 'fast-check';
import { ARITHMETIC, complement } from '../../../lib/argo/when/when-arithmetic.js';

function calculate(left: number, symbol: string, right: number): number {
  return ARITHMETIC.get(symbol)?.(left, right) ?? expect.fail(`${symbol} is no operator`);
}

describe('ARITHMETIC', () => {
  it('should calculate as Go does', () => {
    const results: [number, string, number, number][] = [
      [7, '/', 2, 3.5],
      [-7.5, '%', 2, -1.5],
      [1, '/', 0, Infinity],
      [65, '**', 63, 1.6350892697658988e114],
      [10, '**', -2, 0.01],
      [1, '**', NaN, 1],
      [-1, '**', Infinity, 1],
      [4, '**', 0.5, 2],
      [6, '&', 3, 2],
      [6, '|', 1.9, 7],
      [2, '^', 3, 1],
      [NaN, '|', 0, -(2 ** 63)],
      [-1, '>>', 0, 2 ** 64],
      [2 ** 64, '>>', 0, 2 ** 63],
      [1, '<<', 63, 2 ** 63],
      [1, '<<', 64, 0],
      [3, '<<', 63, 2 ** 63],
      [1, '>>', -1, 0],
    ];
    for (const [left, symbol, right, result] of results)
      expect(calculate(left, symbol, right), `${left} ${symbol} ${right}`).to.equal(result);
  });

  it('should take any two numbers', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ARITHMETIC.keys()), fc.double(), fc.double(), (symbol, left, right) => {
        expect(calculate(left, symbol, right)).to.be.a('number');
      }),
    );
  });
});

describe('complement', () => {
  it('should turn the bits of the integer part', () => {
    expect([complement(1.5), complement(-1), complement(1e300)]).to.deep.equal([-2, 0, 2 ** 63 - 1]);
  });
});
