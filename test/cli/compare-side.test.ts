import { expect } from 'chai';
import { growthBetween } from '../../lib/cli/compare-side.js';
import { historyOf, sideOf } from './compared-series.js';

describe('CompareSide', () => {
  it('should take a counter that fell for one that began again at 0', () => {
    const history = historyOf([5, 7, 2, 3]);
    expect(growthBetween(history, 0, 3)).to.deep.equal([5]);
    expect(history.resets).to.equal(1);
    expect(growthBetween(historyOf([5, 7, 7, 9]), 0, 3)).to.deep.equal([4]);
  });

  it('should see a fall between the scrapes that count', () => {
    const side = sideOf([5, 2, 6], {}, index => index !== 1);
    const [history] = side.series.values();
    expect(history?.marks).to.have.length(2);
    expect(history && growthBetween(history, 0, 1)).to.deep.equal([6]);
    expect(side.marks).to.equal(2);
  });

  it('should take all of a histogram whose count fell for one that began again', () => {
    const options = { type: 'histogram', bounds: [1] } as const;
    expect(
      growthBetween(
        historyOf(
          [
            [4, 40, 2],
            [1, 50, 1],
          ],
          options,
        ),
        0,
        1,
      ),
    ).to.deep.equal([1, 50, 1]);
    expect(
      growthBetween(
        historyOf(
          [
            [4, 40, 2],
            [5, 39, 2],
          ],
          options,
        ),
        0,
        1,
      ),
    ).to.deep.equal([1, -1, 0]);
  });

  it('should count what came before a series was away, and all of it when it is back with less', () => {
    const history = historyOf([1, 3, undefined, 2]);
    expect(growthBetween(history, 0, 3)).to.deep.equal([4]);
    expect(history.wasAway).to.equal(true);
    expect(history.marks.map(({ isThere }) => isThere)).to.deep.equal([true, true, false, true]);
  });

  it('should count a series from 0 that was not there at the begin', () => {
    expect(growthBetween(historyOf([undefined, 3, 4]), 0, 2)).to.deep.equal([4]);
  });

  it('should leave gauges what they are', () => {
    const history = historyOf([5, 2, 9], { type: 'gauge' });
    expect(history.marks.map(({ numbers }) => numbers[0])).to.deep.equal([5, 2, 9]);
    expect([history.resets, history.changes]).to.deep.equal([0, 2]);
  });

  it('should mark the last scrape once more', () => {
    const side = sideOf([1, 2]);
    side.mark();
    expect([...side.series.values()][0]?.marks.map(({ numbers }) => numbers[0])).to.deep.equal([1, 2, 2]);
  });
});
