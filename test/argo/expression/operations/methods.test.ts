import { expect } from 'chai';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';
import { methodOf } from '../../../../lib/argo/expression/operations/methods.js';
import { answer } from '../golden-rows.js';

describe('methods of times and durations', () => {
  it('should be bound to their value', () => {
    expect(methodOf(new GoDuration(90_000_000_000n), 'Minutes')?.call()).to.equal(1.5);
    expect(methodOf(GoTime.ZERO, 'IsZero')?.call()).to.equal(true);
    expect(methodOf(GoTime.ZERO, 'toString')).to.equal(undefined);
    expect(methodOf('text', 'String')).to.equal(undefined);
  });

  it('should refuse wrong arguments in the words of Go', () => {
    expect(() => methodOf(GoTime.ZERO, 'Format')?.call()).to.throw('expected 1, got 0');
    expect(() => methodOf(GoTime.ZERO, 'Format')?.call(1n)).to.throw(
      'reflect: Call using int as type string',
    );
  });

  it('should keep the wall clock when days are added', () => {
    const berlin = "date('2026-03-28 12:00', '2006-01-02 15:04', 'Europe/Berlin')";
    expect(answer(`${berlin}.AddDate(0, 0, 1).Format('2006-01-02 15:04 -0700')`)).to.equal(
      '2026-03-29 12:00 +0200',
    );
    expect(answer("date('2026-01-01').AddDate(1000000000, 0, 0)")).to.contain('range');
  });

  it('should give other zones, months and weekdays', () => {
    expect(answer("date('2026-01-02T23:00:00Z').In(timezone('Asia/Tokyo')).Day()")).to.equal('3');
    expect(answer("date('2026-01-02').Weekday().String()")).to.equal('Friday');
    expect(answer("[date('2026-01-02').Month()]")).to.equal('[1]');
  });
});
