import { expect } from 'chai';
import fc from 'fast-check';
import { numberText } from '../../../lib/exposition/rows/number-text.js';

describe('numberText', () => {
  // Printed by Go: strconv.FormatFloat(f, 'g', -1, 64), and +Inf, 0 for both zeros as in Prometheus' text encoder.
  const rows: readonly (readonly [number, string])[] = [
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-1, '-1'],
    [0.05, '0.05'],
    [1.9898090000000002, '1.9898090000000002'],
    [100000, '100000'],
    [999999, '999999'],
    [999999.5, '999999.5'],
    [1e6, '1e+06'],
    [-1e6, '-1e+06'],
    [1234567, '1.234567e+06'],
    [123456789, '1.23456789e+08'],
    [1e21, '1e+21'],
    [1e100, '1e+100'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [0.0001, '0.0001'],
    [0.00012, '0.00012'],
    [0.00001, '1e-05'],
    [0.0000123, '1.23e-05'],
    [5e-324, '5e-324'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ];
  for (const [value, text] of rows)
    it(`should write ${value} as ${text}`, () => {
      expect(numberText(value)).to.equal(text);
    });

  it('should write every finite number so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        expect(Number(numberText(value))).to.equal(value === 0 ? 0 : value);
      }),
    );
  });
});
