import { expect } from 'chai';
import fc from 'fast-check';
import { addRow, rowWidth } from '../../../lib/exposition/rows/row-numbers.js';
import { sumOfValues } from '../../../lib/store/collect/lives.js';
import type { HistogramValue } from '../../../lib/store/definition/stream.js';
import { histogramOf, stream } from '../streams.js';

describe('rowWidth', () => {
  it('should be one number, or a cell with a bucket more than there are boundaries', () => {
    expect(rowWidth(stream({}).definition)).to.equal(1);
    expect(rowWidth(stream({ kind: 'HISTOGRAM', boundaries: [1, 2] }).definition)).to.equal(7);
    expect(rowWidth(stream({ kind: 'HISTOGRAM' }).definition)).to.equal(5);
  });
});

describe('addRow', () => {
  const boundaries = [1, 2];
  const rowOf = (value: number | HistogramValue): number[] =>
    typeof value === 'number' ? [value] : [value.count, value.sum, value.min, value.max, ...value.counts];
  const someHistogram = fc
    .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 })
    .map(values => histogramOf(boundaries, values));

  for (const [kind, someValue] of [
    ['numbers', fc.double()],
    ['histograms', someHistogram],
  ] as const)
    it(`should add ${kind} as the store does, and touch no other row`, () => {
      fc.assert(
        fc.property(someValue, someValue, (a: number | HistogramValue, b: number | HistogramValue) => {
          const width = rowOf(a).length;
          const other = rowOf(a).map(() => 7);
          const to = Float64Array.from([...other, ...rowOf(a), ...other]);
          addRow(to, 1, Float64Array.from([...other, ...other, ...rowOf(b)]), 2, width);
          expect([...to]).to.deep.equal([...other, ...rowOf(sumOfValues(a, b)), ...other]);
        }),
      );
    });
});
