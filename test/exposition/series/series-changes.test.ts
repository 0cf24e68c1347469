import { expect } from 'chai';
import fc from 'fast-check';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { GONE, seriesChanges } from '../../../lib/exposition/series/series-changes.js';
import type { SeriesLabels, SeriesList } from '../../../lib/store/definition/stream.js';

describe('seriesChanges', () => {
  const all: readonly SeriesLabels[] = Array.from({ length: 300 }, (_, index) => ({ attributes: { index } }));

  /** By looking each series up. */
  const check = async (before: readonly SeriesLabels[], now: readonly SeriesLabels[]): Promise<void> => {
    const { moved, fresh } = await seriesChanges(before, now, new TimeSlice());
    const expected = before.map(labels => (now.includes(labels) ? now.indexOf(labels) : GONE));
    expect([...moved]).to.deep.equal(expected);
    expect([...fresh]).to.deep.equal(
      [...now.keys()].filter(index => !before.includes(now[index] ?? { attributes: {} })),
    );
  };

  it('should find what came, went and stayed where the order stays', async () => {
    const someSeries = fc.subarray([...all]);
    await fc.assert(
      fc.asyncProperty(someSeries, someSeries, async (before, now) => check(before, now)),
      { numRuns: 200 },
    );
  });

  it('should find them in any order', async () => {
    const someSeries = fc.shuffledSubarray([...all]);
    await fc.assert(
      fc.asyncProperty(someSeries, someSeries, async (before, now) => check(before, now)),
      { numRuns: 100 },
    );
  });

  it('should find them where a long run came or went', async () => {
    await check(all, all.slice(100));
    await check(all.slice(100), all);
    await check([...all.slice(0, 50), ...all.slice(150)], [...all.slice(0, 150), ...all.slice(250)]);
  });

  it('should give each place of a series that is listed twice a row of its own', async () => {
    const [a = { attributes: {} }, b = a] = all;
    const { moved, fresh } = await seriesChanges([a, b], [b, b, a], new TimeSlice());
    expect([...moved, ...fresh].sort()).to.deep.equal([0, 1, 2]);
  });

  it('should know series by slot and life, and look at no object, where they have them', async () => {
    const listOf = (series: readonly (readonly [slot: number, life: number])[]): SeriesList => ({
      length: series.length,
      at: () => {
        throw new Error('was looked at');
      },
      columns: {
        slots: Int32Array.from(series, ([slot]) => slot),
        lives: Int32Array.from(series, ([, life]) => life),
        stageTexts: () => 0,
      },
    });
    const lives = fc
      .uniqueArray(fc.tuple(fc.nat(60), fc.nat(1)), { selector: ([slot]) => slot, maxLength: 60 })
      .chain(series =>
        fc.constantFrom(
          series,
          [...series].sort(([a], [b]) => a - b),
        ),
      );
    await fc.assert(
      fc.asyncProperty(lives, lives, async (before, now) => {
        const { moved, fresh } = await seriesChanges(listOf(before), listOf(now), new TimeSlice());
        const [textsBefore, textsNow] = [before.map(String), now.map(String)];
        expect([...moved]).to.deep.equal(
          textsBefore.map(text => (textsNow.includes(text) ? textsNow.indexOf(text) : GONE)),
        );
        expect([...fresh]).to.deep.equal(
          [...textsNow.keys()].filter(index => !textsBefore.includes(textsNow[index] ?? '')),
        );
      }),
      { numRuns: 500 },
    );
  });
});
