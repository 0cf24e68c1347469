import { expect } from 'chai';
import { StreamPoints } from '../../../lib/store/collect/stream-points.js';
import { createCore } from '../../../lib/store/store-core.js';
import type { CollectedPoint, HistogramValue, InstrumentKind } from '../../../lib/store/definition/stream.js';
import { pointsIn } from '../../support/points.js';

describe('StreamPoints', () => {
  it('should have the streams in the order in which they were registered, and none without a point', () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 22 });
    const kinds: InstrumentKind[] = ['COUNTER', 'GAUGE', 'HISTOGRAM'];
    for (const kind of kinds) {
      const names = { name: kind, description: '', unit: '', scope: { name: 'm' } };
      core.writer({ ...names, kind, valueType: 1, boundaries: [], limit: 10, verbatim: false });
    }
    const [counter, , histogram] = core.registry.all();
    const series = { attributes: {} };
    const point = (value: CollectedPoint['value']): CollectedPoint => ({
      series,
      startUnixMillis: 0,
      value,
    });
    const cell = (count: number): HistogramValue => ({
      count,
      sum: count,
      min: 1,
      max: 1,
      counts: [count],
    });
    const points = new StreamPoints(({ definition: { kind } }) =>
      kind === 'COUNTER' ? 'delta' : 'cumulative',
    );
    points.push(histogram!, point(cell(1)));
    points.push(counter!, point(2));
    points.push(histogram!, point(cell(3)));
    const streams = points.streams();
    expect(streams.map(({ definition, temporality }) => [definition, temporality])).to.deep.equal([
      [counter?.definition, 'delta'],
      [histogram?.definition, 'cumulative'],
    ]);
    expect(streams.map(stream => pointsIn(stream.points).map(({ value }) => value))).to.deep.equal([
      [2],
      [cell(1), cell(3)],
    ]);
    expect(streams[1]?.points.series, 'the objects that were given').to.deep.equal([series, series]);
    core.shutdown();
  });
});
