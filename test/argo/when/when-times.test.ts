// What was computed by Go's own `time` package is written out.
import { expect } from 'chai';
import { parseTime } from '../../../lib/argo/when/when-times.js';

describe('parseTime', () => {
  it('should read what govaluate reads, as Go shows it', () => {
    const times: [string, number, string][] = [
      ['2026-01-02', 1767312000, '2026-01-02 00:00:00 +0000 UTC'],
      ['2026-01-02 3:04', 1767323040, '2026-01-02 03:04:00 +0000 UTC'],
      ['2026-01-02   03:04:05,25', 1767323045, '2026-01-02 03:04:05.25 +0000 UTC'],
      ['2026-01-02T03:04:05+02:00', 1767315845, '2026-01-02 03:04:05 +0200 +0200'],
      ['2026-01-02T03-0730', 1767349800, '2026-01-02 03:00:00 -0730 -0730'],
      ['Mon Jan  2 15:04:05 2006', 1136214245, '2006-01-02 15:04:05 +0000 UTC'],
      ['MON jan 2 15:04:05 MST 2006', 1136214245, '2006-01-02 15:04:05 +0000 MST'],
      ['Mon Jan 2 15:04:05 GMT+3 2006', 1136214245, '2006-01-02 18:04:05 +0300 GMT+3'],
      ['Mon Jan 02 15:04:05 -0700 2006', 1136239445, '2006-01-02 15:04:05 -0700 -0700'],
      ['12:05AM', -62167218900, '0000-01-01 00:05:00 +0000 UTC'],
      ['2024-02-29', 1709164800, '2024-02-29 00:00:00 +0000 UTC'],
    ];
    for (const [text, unixSeconds, shown] of times) {
      const time = parseTime(text);
      expect([Number(time?.unixSeconds), String(time)], text).to.deep.equal([unixSeconds, shown]);
    }
  });

  it('should leave everything else alone', () => {
    for (const text of [
      ...[
        '',
        'Succeeded',
        '2026',
        '2026-1-2',
        '2026-02-29',
        '2026-13-01',
        '2026-01-02 24:00',
        '12:30pm',
        '13:00PM',
      ],
      ...[
        '2026-01-02T03:04:05',
        '2026-01-02T03:04:60Z',
        '2026-01-02T03+25:00',
        'Mon Jan 2 15:04:05 mst 2006',
      ],
      ...['Mon Jan 2 15:04:05 GMT+24 2006', 'Mon Jan 2 15:04:05 ABCDE 2006', ' 2026-01-02'],
    ])
      expect(parseTime(text), text).to.equal(undefined);
  });
});
