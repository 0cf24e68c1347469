import { expect } from 'chai';
import fc from 'fast-check';
import { goFunction } from '../../../../lib/argo/go/value/go-function.js';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';
import { UTC, fixedZone, loadZone } from '../../../../lib/argo/go/time/go-zone.js';
import { testGoldenRows } from '../golden-rows.js';

describe('GoTime', () => {
  testGoldenRows(
    'go-time',
    new Map([
      [
        'format',
        goFunction(['int', 'string', 'string'], (nanos, zone, layout) =>
          new GoTime(nanos, loadZone(zone) ?? UTC).format(layout),
        ),
      ],
    ]),
  );

  it('should agree with the calendar of JavaScript', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), date => {
        expect(GoTime.ofUnixMillis(date.getTime()).format('2006-01-02T15:04:05.000Z07:00')).to.equal(
          date.toISOString(),
        );
      }),
    );
  });

  it('should keep the moment in another zone, and say what clocks show there', () => {
    const time = new GoTime(0n).in(fixedZone('XYZ', -3600));
    expect(time.toString()).to.equal('1969-12-31 23:00:00 -0100 XYZ');
    expect(time.unixSeconds).to.equal(0n);
    expect(new GoTime(-1n).unixSeconds).to.equal(-1n);
  });

  it('should add spans and measure them', () => {
    const later = GoTime.ofUnixSeconds(100n).add(new GoDuration(5n));
    expect(later.since(GoTime.ofUnixSeconds(100n)).nanos).to.equal(5n);
    expect(later.since(GoTime.ZERO).nanos).to.equal(2n ** 63n - 1n);
  });

  it('should stop at the ends of the calendar', () => {
    expect(GoTime.canRepresent(2n ** 62n)).to.equal(false);
    expect(new GoTime(2n ** 90n).fields().year).to.equal(275760);
    expect(new GoTime(-(2n ** 90n)).toString()).to.match(/^-27182[01]-/);
  });
});

describe('GoDuration', () => {
  testGoldenRows(
    'go-duration',
    new Map([
      ['durationText', goFunction(['int'], nanos => new GoDuration(nanos).toString())],
      [
        'roundDuration',
        goFunction(['int', 'int'], (nanos, unit) =>
          new GoDuration(nanos).round(new GoDuration(unit)).toString(),
        ),
      ],
    ]),
  );

  it('should wrap around as an int64', () => {
    expect(new GoDuration(2n ** 63n).nanos).to.equal(-(2n ** 63n));
    expect(new GoDuration(-(2n ** 63n)).toString()).to.equal('-2562047h47m16.854775808s');
  });

  it('should truncate towards zero and tell its seconds', () => {
    expect(new GoDuration(-1_700_000_000n).truncate(new GoDuration(1_000_000_000n)).toString()).to.equal(
      '-1s',
    );
    expect(new GoDuration(1_500_000_000n).seconds).to.equal(1.5);
  });
});
