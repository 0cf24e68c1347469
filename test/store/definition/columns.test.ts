import { expect } from 'chai';
import fc from 'fast-check';
import { cellWidthOf, columnsOf, valueAt } from '../../../lib/store/definition/columns.js';
import type { CollectedPoint, StreamDefinition } from '../../../lib/store/definition/stream.js';

type Shape = Pick<StreamDefinition, 'kind' | 'boundaries'>;

const number = fc.double({ noNaN: false });

const histogramPoints = fc.integer({ min: 0, max: 20 }).chain(buckets =>
  fc.record({
    boundaries: fc.constant(Array.from({ length: buckets }, (_, index) => index)),
    values: fc.array(
      fc.record({
        count: fc.nat(),
        sum: number,
        min: number,
        max: number,
        counts: fc.array(fc.nat(), { minLength: buckets + 1, maxLength: buckets + 1 }),
      }),
      { minLength: 1 },
    ),
  }),
);

describe('columns of points', () => {
  const pointsOf = (values: readonly CollectedPoint['value'][]): CollectedPoint[] =>
    values.map((value, index) => ({
      series: { attributes: { index } },
      startUnixMillis: 1000 + index,
      value,
    }));
  const check = (shape: Shape, values: readonly CollectedPoint['value'][]): void => {
    const points = pointsOf(values);
    const columns = columnsOf(shape, points);
    expect(columns.length).to.equal(points.length);
    expect(columns.series).to.deep.equal(points.map(({ series }) => series));
    expect([...columns.starts]).to.deep.equal(points.map(({ startUnixMillis }) => startUnixMillis));
    expect(points.map((_, index) => valueAt(columns, index))).to.deep.equal(values);
    const width = cellWidthOf(shape);
    expect(columns.cells).to.have.length(width * points.length);
    expect(columns.numbers).to.have.length(width === 0 ? points.length : 0);
  };

  it('should have the numbers of any point where its series stands', () => {
    fc.assert(
      fc.property(fc.array(number), values => {
        for (const kind of ['COUNTER', 'OBSERVABLE_GAUGE'] as const) check({ kind, boundaries: [] }, values);
      }),
    );
  });

  it('should have the cells of any histogram where its series stands', () => {
    fc.assert(
      fc.property(histogramPoints, ({ boundaries, values }) =>
        check({ kind: 'HISTOGRAM', boundaries }, values),
      ),
    );
  });
});
