import { expect } from 'chai';
import { acceptsGzip } from '../../../lib/exposition/negotiation/accept-encoding.js';

describe('acceptsGzip', () => {
  const rows: readonly (readonly [string | undefined, boolean])[] = [
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    ['x-gzip', true],
    ['deflate, gzip;q=0.5', true],
    ['gzip; q=0', false],
    ['gzip;q=0.000', false],
    ['*', true],
    ['*;q=0', false],
    ['*;q=0, gzip', true],
    ['gzip;q=0, *', false],
    ['identity', false],
    ['br', false],
    ['gzip;q=oops', false],
  ];
  for (const [header, expected] of rows)
    it(`should say ${expected} to ${header === undefined ? 'no header' : `"${header}"`}`, () => {
      expect(acceptsGzip(header)).to.equal(expected);
    });
});
