import { expect } from 'chai';
import { Lives } from '../../../lib/store/collect/lives.js';
import type { Series } from '../../../lib/store/series/known-series.js';

const series = (slot: number, stream: number, text: string): Series =>
  ({ slot, stream: { index: stream }, text }) as unknown as Series;

describe('Lives', () => {
  it('should add up what has equal attributes in one stream, and nothing else', () => {
    const lives = new Lives();
    lives.add(series(1, 0, '{"k":"a"}'), 1);
    lives.add(series(2, 0, '{"k":"b"}'), 2);
    lives.add(series(3, 1, '{"k":"a"}'), 4);
    lives.add(series(4, 0, '{"k":"a"}'), 8);
    const shown = [...lives.shown()].map(({ series: { slot }, value }) => [slot, value]);
    expect(shown).to.deep.equal([
      [4, 9],
      [2, 2],
      [3, 4],
    ]);
  });

  it('should take the other one where nothing was recorded into one', () => {
    for (const values of [
      [undefined, 3],
      [3, undefined],
    ]) {
      const lives = new Lives();
      for (const [slot, value] of values.entries()) lives.add(series(slot, 0, '{}'), value);
      expect([...lives.shown()].map(({ value }) => value)).to.deep.equal([3]);
    }
  });

  it('should stop at the largest number, as the store does', () => {
    const lives = new Lives();
    for (const slot of [0, 1]) lives.add(series(slot, 0, '{}'), Number.MAX_VALUE);
    expect([...lives.shown()].map(({ value }) => value)).to.deep.equal([Number.MAX_VALUE]);
  });

  it('should add histograms bucket by bucket, with the least and the greatest of both', () => {
    const lives = new Lives();
    lives.add(series(1, 0, '{}'), { count: 2, sum: 7, min: 3, max: 4, counts: [1, 1, 0] });
    lives.add(series(2, 0, '{}'), { count: 3, sum: 12, min: 2, max: 6, counts: [1, 0, 2] });
    expect([...lives.shown()].map(({ value }) => value)).to.deep.equal([
      { count: 5, sum: 19, min: 2, max: 6, counts: [2, 1, 2] },
    ]);
  });
});
