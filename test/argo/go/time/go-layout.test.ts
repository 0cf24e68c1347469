// What layouts mean is tested with `GoTime`; here is where their parts begin and end.
import { expect } from 'chai';
import fc from 'fast-check';
import { formatFields, splitLayout } from '../../../../lib/argo/go/time/go-layout.js';
import type { TimeFields } from '../../../../lib/argo/go/time/go-layout.js';

const FIELDS: TimeFields = {
  year: 2026,
  month: 3,
  day: 4,
  weekday: 3,
  yearDay: 63,
  hour: 15,
  minute: 6,
  second: 7,
  nanosecond: 80_000_000,
  zoneName: '',
  offsetSeconds: 5400,
};

describe('splitLayout', () => {
  it('should tell tokens from text, and lose nothing', () => {
    expect(
      splitLayout('2006-01 at 3pm').map(({ text, isToken }) => (isToken ? `<${text}>` : text)),
    ).to.deep.equal(['<2006>', '-', '<01>', ' at ', '<3>', '<pm>']);
    fc.assert(
      fc.property(fc.string(), layout => {
        expect(
          splitLayout(layout)
            .map(({ text }) => text)
            .join(''),
        ).to.equal(layout);
      }),
    );
  });
});

describe('formatFields', () => {
  it('should write the offset of a zone without a name', () => {
    expect(formatFields(FIELDS, '3:04 MST')).to.equal('3:06 +0130');
    expect(formatFields({ ...FIELDS, offsetSeconds: -7200 }, 'MST')).to.equal('-0200');
  });

  it('should leave out a fraction of nines that is zero', () => {
    expect(formatFields(FIELDS, '05.999')).to.equal('07.08');
    expect(formatFields({ ...FIELDS, nanosecond: 0 }, '05.999|05.00')).to.equal('07|07.00');
  });
});
