import { expect } from 'chai';
import { createRegion } from '../../lib/memory/region.js';
import * as words from '../../lib/memory/words.js';
import * as statistics from '../../lib/memory/statistics.js';

describe('statistics of a memory', () => {
  const region = createRegion({
    maxBytes: 2 ** 20,
    stripes: 1,
    maxStreams: 1,
    maxBoundaries: 1,
    maxSeries: 1,
    maxLabelBytes: 64,
  });

  it('should count each cause in a place of its own', () => {
    const { STATISTIC_NAMES: names } = statistics;
    names.forEach((name, index) => statistics.count(region, name, index));
    statistics.count(region, 'negative');
    expect(names.map(name => statistics.readStatistic(region, name))).to.deep.equal(
      names.map((name, index) => (name === 'negative' ? index + 1 : index)),
    );
    const first = words.STATISTICS / 8;
    expect([...region.i64.slice(first, first + names.length)], 'in the order of the format').to.deep.equal(
      names.map(name => BigInt(statistics.readStatistic(region, name))),
    );
    expect(statistics.readSaturated(region)).to.equal(0);
  });

  it('should add durations up in microseconds, and none that is below zero', () => {
    for (const millis of [1.5, 0.0004, 2.0006, -5]) statistics.addDuration(region, 'drain', millis);
    expect(statistics.readDuration(region, 'drain')).to.equal(3.501);
    statistics.addDuration(region, 'swapWait', 1);
    const first = words.DURATIONS / 8;
    expect([...region.i64.slice(first, first + 2)], 'in the order of the format').to.deep.equal([
      1000n,
      3501n,
    ]);
  });
});
