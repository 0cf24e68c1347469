import { expect } from 'chai';
import { callbackMillisOf } from '../../../lib/exposition/http/scrape-timeout.js';

describe('callbackMillisOf', () => {
  it('should stay below what the scraper says, or below the default of Prometheus', () => {
    expect(callbackMillisOf('10')).to.equal(8000);
    expect(callbackMillisOf('2.5')).to.equal(2000);
    for (const nothing of [undefined, '', 'soon', '-1', '0', 'NaN', ['1', '2']])
      expect(callbackMillisOf(nothing), String(nothing)).to.equal(8000);
  });

  it('should be something that a timer takes, and not so short that nobody could answer', () => {
    expect(callbackMillisOf('0.001')).to.equal(500);
    expect(callbackMillisOf('1e300')).to.equal(2 ** 31 - 1);
    expect(callbackMillisOf('Infinity')).to.equal(2 ** 31 - 1);
  });
});
