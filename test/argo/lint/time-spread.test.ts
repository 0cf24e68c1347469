import { expect } from 'chai';
import fc from 'fast-check';
import { GoTime } from '../../../lib/argo/go/time/go-time.js';
import { spreadOfField, spreadOfLayout } from '../../../lib/argo/lint/time-spread.js';
import { spreadOf } from '../../../lib/argo/lint/value-spread.js';

const NOW = spreadOf('fresh', 'now()');
const TOKENS = 'Jan 01 Mon Monday 2 _2 002 15 03 PM 04 5 2006 06 MST -07:00 .000 x'.split(' ');

describe('spreadOfLayout', () => {
  it('should count days and hours, and know that years go on slowly', () => {
    expect(spreadOfLayout('Monday 15', NOW)).to.deep.include({ kind: 'fixed', count: 168 });
    expect(spreadOfLayout('2006-01-02', NOW).kind).to.equal('reduced');
    expect(spreadOfLayout('2006-01-02 15h', NOW).kind).to.equal('fresh');
    expect(spreadOfLayout('04.000', NOW).kind).to.equal('fresh');
    expect(spreadOfLayout('no time', NOW)).to.deep.include({ count: 1 });
  });

  it('should never be exceeded by the moments of any year', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), {
      minLength: 100,
      maxLength: 300,
    });
    const layouts = fc.array(fc.constantFrom(...TOKENS), { maxLength: 2 }).map(tokens => tokens.join(' '));
    fc.assert(
      fc.property(layouts, moments, (layout, times) => {
        const spread = spreadOfLayout(layout, NOW);
        if (spread.kind !== 'fixed') return;
        const texts = new Set(times.map(millis => GoTime.ofUnixMillis(millis).format(layout)));
        expect(texts.size, layout).to.be.at.most(spread.count);
      }),
    );
  });
});

describe('spreadOfField', () => {
  it('should count fields of a moment, and nothing else', () => {
    expect(spreadOfField('Weekday', NOW)).to.deep.include({ count: 7 });
    expect(spreadOfField('Year', NOW)?.kind).to.equal('reduced');
    expect(spreadOfField('Unix', NOW)).to.equal(undefined);
  });
});
