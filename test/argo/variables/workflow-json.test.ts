import { expect } from 'chai';
import fc from 'fast-check';
import { quoteWhole } from '../../../lib/argo/go/text/quote.js';
import { marshalJson, plainDecimal } from '../../../lib/argo/variables/workflow-json.js';

describe('marshalJson', () => {
  it('should escape as Go does, and stay JSON', () => {
    expect(marshalJson({ a: '<b> & "c"\u2028' })).to.equal(
      String.raw`{"a":"\u003cb\u003e \u0026 \"c\"\u2028"}`,
    );
    fc.assert(
      fc.property(fc.json(), text => JSON.stringify(JSON.parse(marshalJson(text))) === JSON.stringify(text)),
    );
  });
});

describe('quoteWhole', () => {
  it('should quote as Go does', () => {
    expect(quoteWhole('"\\\x07\b\f\n\r\t\v\x01\x7f é 😀')).to.equal(
      String.raw`"\"\\\a\b\f\n\r\t\v\x01\x7f é 😀"`,
    );
    expect(quoteWhole('\u200b\u{e0067}\u00a0')).to.equal(String.raw`"\u200b\U000e0067\u00a0"`);
  });
});

describe('plainDecimal', () => {
  it('should write no exponent, and the same number', () => {
    expect(plainDecimal(1e21)).to.equal('1000000000000000000000');
    expect(plainDecimal(-1.5e-7)).to.equal('-0.00000015');
    expect(plainDecimal(1.25e25)).to.equal('12500000000000000000000000');
    expect(plainDecimal(5)).to.equal('5');
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), number => {
        const text = plainDecimal(number);
        return Number(text) === number && !text.includes('e');
      }),
    );
  });
});
