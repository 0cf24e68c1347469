import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../../lib/argo/go/evaluation-error.js';
import { goFunction } from '../../../../lib/argo/go/value/go-function.js';
import { GoTime } from '../../../../lib/argo/go/time/go-time.js';
import { loadZone } from '../../../../lib/argo/go/time/go-zone.js';
import { RFC3339, parseTime } from '../../../../lib/argo/go/time/parse-time.js';
import { testGoldenRows } from '../golden-rows.js';

describe('parseTime', () => {
  testGoldenRows(
    'parse-time',
    new Map([
      [
        'parseTime',
        goFunction(['string', 'string'], (layout, text) =>
          parseTime(layout, text).format('2006-01-02T15:04:05.999999999 -07:00:00 MST'),
        ),
      ],
    ]),
  );

  it('should read what a time prints', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 253_402_300_799_999_999_999n }), nanos => {
        const text = new GoTime(nanos).format('2006-01-02T15:04:05.999999999Z07:00');
        expect(parseTime(RFC3339, text).unixNanos).to.equal(nanos);
      }),
    );
  });

  it('should place text without a zone in the given one', () => {
    const zone = loadZone('Europe/Berlin');
    const read = (text: string): string => parseTime('2006-01-02 15:04', text, zone).format(RFC3339);
    expect(read('2026-07-01 12:00')).to.equal('2026-07-01T12:00:00+02:00');
    expect(read('2026-01-01 12:00')).to.equal('2026-01-01T12:00:00+01:00');
  });

  it('should fail only with reasons', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (layout, text) => {
        try {
          parseTime(layout, text);
        } catch (error) {
          expect(error).to.be.instanceOf(EvaluationError);
        }
      }),
    );
  });
});
