// Buckets and extremes are in test/histogram-values.test.ts.
import { expect } from 'chai';
import { HistogramInstrument, type BoundHistogram } from '../../lib/instruments/histogram-instrument.js';
import { rulesOf } from '../../lib/instruments/measurement.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import type { StreamWriter } from '../../lib/store/record/stream-writer.js';
import { pointsIn } from '../support/points.js';

/** Each stream has boundaries of its own. */
const BOUNDARIES = [[5], [1, 2, 5]];

describe('HistogramInstrument', () => {
  let core: StoreCore;
  beforeEach(() => (core = createCore({ shared: false, maxBytes: 2 ** 22 })));
  afterEach(() => core.shutdown());

  const writerOf = (boundaries: number[]): StreamWriter => {
    const names = { name: `h${boundaries.length}`, description: '', unit: '', scope: { name: 'm' } };
    return core.writer({
      ...names,
      kind: 'HISTOGRAM',
      valueType: 1,
      boundaries,
      limit: 10,
      verbatim: false,
    })!;
  };
  const values = async (): Promise<unknown> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ points }) =>
      pointsIn(points).map(({ value }) => (typeof value === 'number' ? value : [value.sum, ...value.counts])),
    );
  };

  for (const isBound of [false, true])
    for (const streams of [1, 2]) {
      const histogramOf = (isInteger: boolean): BoundHistogram => {
        const writers = BOUNDARIES.slice(0, streams).map(writerOf);
        const histogram = new HistogramInstrument(rulesOf(core, 'h', 'HISTOGRAM', isInteger), writers);
        return isBound ? histogram.bind() : histogram;
      };
      const inEach = (...each: unknown[]): unknown[] => each.slice(0, streams);

      describe(`${isBound ? 'bound' : 'unbound'}, with ${streams === 1 ? 'one stream' : 'two streams'}`, () => {
        it('should record into the buckets of each of its streams', async () => {
          const histogram = histogramOf(false);
          for (const value of [0, 1.5, 7]) histogram.record(value);
          expect(await values()).to.deep.equal(inEach([8.5, 2, 1], [8.5, 1, 1, 0, 1]));
        });

        it('should cut fractions off where it has integers', async () => {
          const histogram = histogramOf(true);
          for (const value of [0.9, 2.9, 7]) histogram.record(value);
          expect(await values()).to.deep.equal(inEach([9, 2, 1], [9, 1, 1, 0, 1]));
        });

        for (const isInteger of [false, true])
          it(`should count once what it does not take, ${isInteger ? 'of integers' : 'of doubles'}`, async () => {
            const histogram = histogramOf(isInteger);
            histogram.record(3);
            for (const value of [-1, -0.5, NaN, '5', undefined, 1n]) histogram.record(value as number);
            expect(await values()).to.deep.equal(inEach([3, 1, 0], [3, 0, 0, 1, 0]));
            expect(reportStatistics(core).refused).to.include({ negative: 2, notANumber: 4 });
          });
      });
    }

  it('should refuse an infinity as an integer, and take it as a double', async () => {
    new HistogramInstrument(rulesOf(core, 'h', 'HISTOGRAM', true), [writerOf([5])]).bind().record(Infinity);
    expect(await values()).to.deep.equal([]);
    new HistogramInstrument(rulesOf(core, 'h', 'HISTOGRAM', false), [writerOf([5])]).bind().record(Infinity);
    expect(await values()).to.deep.equal([[Infinity, 0, 1]]);
    expect(reportStatistics(core).refused.notFinite).to.equal(1);
  });
});
