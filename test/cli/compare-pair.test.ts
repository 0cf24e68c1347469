import { expect } from 'chai';
import type { MetricFacts } from '../../lib/cli/compare-explanations.js';
import { comparePair } from '../../lib/cli/compare-pair.js';
import { historyOf, type Scrapes, type SeriesOptions } from './compared-series.js';

const FACTS: MetricFacts = { seriesThere: 1, isLimitedHere: false, pending: new Set() };

/** This side has four scrapes that count, the other two. Undefined: neither has it. */
function classOf(
  here: Scrapes | undefined,
  there: Scrapes | undefined,
  options: SeriesOptions = {},
  facts: Partial<MetricFacts> = {},
): string | undefined {
  const [own, other] = [here && historyOf(here, options), there && historyOf(there, options)];
  const found = comparePair(own, other, { ...FACTS, ...facts });
  return found?.explanation?.rows[0] ?? found?.class;
}

const gauge = { type: 'gauge' } as const;
const histogram = { type: 'histogram', bounds: [0.5, 5] } as const;

describe('comparePair, of counters', () => {
  it('should compare what came, not what there is', () => {
    expect(classOf([0, 0, 3, 3], [100, 103])).to.equal('equal');
    expect(classOf([0, 0, 3, 3], [100, 104])).to.equal('unexplained');
    expect(classOf([undefined, undefined, 3, 3], [undefined, 3])).to.equal('equal');
  });

  it('should see a new begin at 0 on either side', () => {
    expect(classOf([0, 0, 3, 3], [100, 3])).to.equal('equal');
    expect(classOf([50, 50, 3, 3], [100, 103])).to.equal('equal');
  });

  it('should take for equal what was on its way when it was asked', () => {
    expect(classOf([0, 1, 8, 10], [0, 9])).to.equal('onItsWay');
    expect(classOf([1, 1, 8, 10], [0, 9])).to.equal('equal');
    expect(classOf([0, 1, 8, 10], [0, 11])).to.equal('unexplained');
    expect(classOf([0, 1, 8, 10], [0, 6])).to.equal('unexplained');
  });

  it('should take for equal what the controller has not heard of yet', () => {
    expect(classOf([undefined, undefined, undefined, 1], undefined)).to.equal('onItsWay');
    expect(classOf([3, 3, 3, 4], undefined)).to.equal('onItsWay');
    expect(classOf([undefined, undefined, 0, 0], undefined)).to.equal('onItsWay');
    expect(classOf([3, 3, 4, 4], undefined)).to.equal('onlyHere');
  });

  it('should allow seconds 1.1 s each time, and nothing that is counted', () => {
    expect(classOf([0, 0, 7, 7], [0, 7.9])).to.equal('withinSeconds');
    expect(classOf([0, 0, 7, 7], [0, 8.2])).to.equal('unexplained');
    expect(classOf([0, 0, 7, 7], [0, 8])).to.equal('unexplained');
  });

  it('should explain what the controller counts twice, and what it should not', () => {
    expect(classOf([0, 0, 3, 3], [0, 6])).to.equal('#15526 double count');
    expect(classOf([0, 0, 3, 3], [0, 5])).to.equal('unexplained');
    expect(classOf(undefined, [0, -5])).to.equal('negative counters');
    expect(classOf([1, 1, 4, 4], [1, -1])).to.equal('negative counters');
    expect(classOf(undefined, [undefined, NaN])).to.equal('negative counters');
    expect(classOf(undefined, [undefined, 0])).to.equal('zero-valued series');
  });

  it('should explain a new counter that is 0 yet, or was at the begin', () => {
    expect(classOf([undefined, undefined, 0, 0], [undefined, 3])).to.equal('The first value of a series');
    expect(classOf([0, 0, 9, 9], [6, 9])).to.equal('The first value of a series');
    expect(classOf([1, 1, 9, 9], [6, 9])).to.equal('unexplained');
    const old = { stepMillis: 60_000 };
    expect(classOf([0, 0, 0, 0], [0, 3], old)).to.equal('unexplained');
  });

  it('should explain what one side has from before', () => {
    expect(classOf(undefined, [7, 7])).to.equal('From before');
    expect(classOf([7, 7, 7, 7], undefined)).to.equal('From before');
    expect(classOf(undefined, [7, 8])).to.equal('onlyThere');
    expect(classOf([7, 7, 8, 8], undefined)).to.equal('onlyHere');
  });

  it('should explain what expired on one side', () => {
    expect(classOf([7, 7, undefined, undefined], [7, 7])).to.equal('#12079 per-metric TTL');
    expect(classOf([7, 7, 7, 7], [7, undefined])).to.equal('#12079 per-metric TTL');
    expect(classOf([7, 7, undefined, undefined], [7, undefined])).to.equal(undefined);
  });

  it('should explain what is past a limit', () => {
    expect(classOf(undefined, [undefined, 3], {}, { isLimitedHere: true })).to.equal('Limits and policies');
    expect(classOf([undefined, undefined, 3, 3], undefined, {}, { seriesThere: 1999 })).to.equal(
      '1,999 series',
    );
  });

  it('should tell a counter that was a gauge', () => {
    const own = historyOf([0, 0, 3, 3]);
    const found = comparePair(own, historyOf([0, 3], gauge), FACTS);
    expect(found?.explanation?.rows).to.deep.equal(['#14425 counter as gauge']);
    expect(comparePair(own, historyOf([0, 4], gauge), FACTS)?.class).to.equal('unexplained');
  });
});

describe('comparePair, of gauges', () => {
  it('should compare what they are at the end', () => {
    expect(classOf([1, 1, 4, 4], [9, 4], gauge)).to.equal('equal');
    expect(classOf([1, 1, 4, 4], [4, 5], gauge)).to.equal('unexplained');
    expect(classOf([1, 1, 3, 5], [9, 4], gauge)).to.equal('onItsWay');
    expect(classOf([1, 1, NaN, NaN], [9, NaN], gauge)).to.equal('equal');
    expect(classOf([1, 1, 4, 4], [9, 4.9], gauge)).to.equal('withinSeconds');
    expect(classOf([1, 1, 4, 4], [9, 5.2], gauge)).to.equal('unexplained');
  });

  it('should take for equal one that came or went while both were asked', () => {
    expect(classOf([1, 1, 4, undefined], [1, 4], gauge)).to.equal('equal');
    expect(classOf([1, 1, 4, undefined], [1, undefined], gauge)).to.equal('onItsWay');
    expect(classOf([undefined, undefined, undefined, 4], undefined, gauge)).to.equal('onItsWay');
    expect(classOf([1, 1, 4, undefined], [1, 9], gauge)).to.equal('#12079 per-metric TTL');
    expect(classOf([0.5, 2.5, 4.5, 6.5], undefined, gauge)).to.equal('#6814 realtime after a restart');
  });

  it('should take for equal one that ended here while it still grows there', () => {
    expect(classOf([90.5, 92.5, 94.5, 7], [94.5, 96.5], gauge)).to.equal('onItsWay');
    expect(classOf([90.5, 92.5, 94.5, 7], [92.7, 98.7], gauge)).to.equal('unexplained');
    expect(classOf([90.5, 92.5, 94.5, 7], [97.7, 99.7], gauge)).to.equal('timed suspend');
  });

  it('should say nothing of one that was away on both sides', () => {
    expect(classOf([1, 1, undefined, undefined], [1, undefined], gauge)).to.equal(undefined);
  });

  it('should explain what grows with the time on one side only', () => {
    expect(classOf([1, 3, 5, 7], undefined, gauge)).to.equal('#6814 realtime after a restart');
    expect(classOf(undefined, [1.5, 3.5], gauge)).to.equal('timed suspend');
    expect(classOf([1, 3, 5, 7], [2.5, 2.5], gauge)).to.equal('realtime of retries');
    expect(classOf([7, 7, 7, 7], [10.5, 12.5], gauge)).to.equal('timed suspend');
  });

  it('should explain those that stay Pending, and what they should be', () => {
    const pending = { ...gauge, labels: { of: 'a', status: 'Pending' } };
    expect(classOf(undefined, [1, 4], pending)).to.equal('#7335 Pending gauge');
    const facts = { pending: new Set([JSON.stringify(['status', [['of', 'a']]])]) };
    const running = { ...gauge, labels: { of: 'a', status: 'Running' } };
    expect(classOf([1, 1, 2, 2], undefined, running, facts)).to.equal('#7335 Pending gauge');
    const other = { ...gauge, labels: { of: 'b', status: 'Running' } };
    expect(classOf([1, 1, 2, 2], undefined, other, facts)).to.equal('onlyHere');
  });

  it('should explain resources that are 0, and what expired in between', () => {
    expect(classOf([2, 2, 2, 2], [0, 0], gauge)).to.equal('#10222 resourcesDuration');
    expect(classOf([5, undefined, 2, 2], [5, 7], gauge)).to.equal('#12079 per-metric TTL');
  });
});

describe('comparePair, of histograms', () => {
  const none = [0, 0, 0, 0];

  it('should compare count, sum and buckets', () => {
    const ours = [none, none, [2, 7, 1, 1], [2, 7, 1, 1]];
    expect(classOf(ours, [none, [2, 7, 1, 1]], histogram)).to.equal('equal');
    expect(classOf(ours, [none, [3, 7, 1, 1]], histogram)).to.equal('unexplained');
    expect(classOf(ours, [none, [2, 8.5, 1, 1]], histogram)).to.equal('withinSeconds');
    expect(classOf(ours, [none, [2, 8.5, 0, 1]], histogram)).to.equal('whole seconds');
    expect(classOf(ours, [none, [4, 14, 2, 2]], histogram)).to.equal('#15526 double count');
    expect(classOf([none, none, [2, 7, 1, 1], [3, 8, 1, 2]], [none, [2, 7, 1, 2]], histogram)).to.equal(
      'onItsWay',
    );
  });

  it('should say what of it differs', () => {
    const [own, other] = [
      historyOf([none, none, [2, 7, 1, 1], [2, 7, 1, 1]], histogram),
      historyOf([none, [2, 99, 1, 1]], histogram),
    ];
    expect(comparePair(own, other, FACTS)).to.include({
      class: 'unexplained',
      part: 'sum',
      here: 2,
      there: 2,
    });
  });

  it('should explain NaN, one that stays, and other buckets', () => {
    expect(classOf(undefined, [none, [1, NaN, 0, 0]], histogram)).to.equal('NaN in histograms');
    const ours = [none, none, [2, 7, 1, 1], [2, 7, 1, 1]];
    expect(classOf(ours, [none, [3, NaN, 1, 1]], histogram)).to.equal('NaN in histograms');
    expect(classOf([none, none, undefined, undefined], [none, none], histogram)).to.equal(
      '#13265 histograms never expire',
    );
    const found = comparePair(
      historyOf(ours, histogram),
      historyOf([none, [2, 7, 1, 1]], { ...histogram, bounds: [1, 2] }),
      FACTS,
    );
    expect(found?.explanation?.rows).to.deep.equal(['differing buckets']);
  });
});
