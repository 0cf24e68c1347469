// Rows were computed by Go's own strconv.ParseFloat.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseGoFloat } from '../../../../lib/argo/go/number/go-number.js';
import { ROOT } from '../../../support/source-tree.js';

interface Row {
  readonly input: string;
  readonly value?: string;
  readonly error?: string;
}

const table = readFileSync(join(ROOT, 'test/argo/golden/tables/numbers.json'), 'utf8');
const { rows } = JSON.parse(table) as { rows: Row[] };

describe('parseGoFloat', () => {
  for (const { input, value, error } of rows)
    it(`should ${error === undefined ? 'parse' : 'refuse'} ${JSON.stringify(input)} as Go does`, () => {
      const expected = error === undefined ? { value: Number(value?.replace('Inf', 'Infinity')) } : { error };
      expect(parseGoFloat(input)).to.deep.equal(expected);
    });

  it('should take what JavaScript prints', () => {
    fc.assert(
      fc.property(fc.double(), number => {
        expect(parseGoFloat(String(number))).to.deep.equal({
          value: number === 0 ? Number(String(number)) : number,
        });
      }),
    );
  });

  it('should take hexadecimal text of any number, subnormal ones included', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: (1n << 53n) - 1n }),
        fc.integer({ min: -1074, max: 900 }),
        (digits, exponent) => {
          const expected = Number(digits) * 2 ** exponent;
          expect(parseGoFloat(`-0x${digits.toString(16)}p${exponent}`)).to.deep.equal({ value: -expected });
        },
      ),
    );
  });

  it('should round half to even, once', () => {
    expect(parseGoFloat('0x1.00000000000008p0')).to.deep.equal({ value: 1 });
    expect(parseGoFloat('0x1.00000000000018p0')).to.deep.equal({ value: 1 + 2 ** -51 });
    expect(parseGoFloat('0x1p-1075')).to.deep.equal({ value: 0 });
    expect(parseGoFloat('0x1.8p-1075')).to.deep.equal({ value: 2 ** -1074 });
  });

  it('should quote as Go does, and want a digit behind an underscore', () => {
    expect(parseGoFloat('\0')).to.deep.equal({
      error: 'strconv.ParseFloat: parsing "\\x00": invalid syntax',
    });
    expect(parseGoFloat('0x_.8p0')).to.have.property('error');
    expect(parseGoFloat('0x_8p0')).to.deep.equal({ value: 8 });
  });

  it('should never throw', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(parseGoFloat(text)).to.have.any.keys('value', 'error');
      }),
    );
    expect(parseGoFloat('1'.repeat(1_000_000))).to.have.property('error');
  });
});
