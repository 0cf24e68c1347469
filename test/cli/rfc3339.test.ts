import { expect } from 'chai';
import { parseRfc3339 } from '../../lib/cli/rfc3339.js';

describe('parseRfc3339', () => {
  const readable: readonly (readonly [string, number])[] = [
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:01.5Z', 1500],
    ['2026-11-23T04:07:45Z', Date.UTC(2026, 10, 23, 4, 7, 45)],
    ['2026-11-23T04:07:45.396577573Z', Date.UTC(2026, 10, 23, 4, 7, 45) + 396.577573],
    ['2026-11-23T06:07:45+02:00', Date.UTC(2026, 10, 23, 4, 7, 45)],
    ['2026-11-23t04:07:45.25z', Date.UTC(2026, 10, 23, 4, 7, 45, 250)],
    ['2026-11-23 04:07:45-01:30', Date.UTC(2026, 10, 23, 5, 37, 45)],
  ];
  for (const [text, unixMillis] of readable)
    it(`should read ${text}`, () => {
      expect(parseRfc3339(text)).to.be.closeTo(unixMillis, 0.001);
    });

  const refused = [
    '',
    'now',
    '2026-11-23',
    '2026-11-23T04:07Z',
    '2026-11-23T04:07:45',
    '2026-11-23T04:07:45,5Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T25:00:00Z',
    '1763870865',
    ' 2026-11-23T04:07:45Z',
    '2026-11-23T04:07:45+0200',
  ];
  for (const text of refused)
    it(`should refuse "${text}"`, () => {
      expect(parseRfc3339(text)).to.equal(undefined);
    });
});
