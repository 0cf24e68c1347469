import { expect } from 'chai';
import { StreamPoints } from '../../../lib/store/collect/stream-points.js';
import { createCore } from '../../../lib/store/store-core.js';
import type { CollectedPoint, InstrumentKind } from '../../../lib/store/definition/stream.js';

describe('StreamPoints', () => {
  it('should have the streams in the order in which they were registered, and none without a point', () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 22 });
    const kinds: InstrumentKind[] = ['COUNTER', 'GAUGE', 'HISTOGRAM'];
    for (const kind of kinds) {
      const names = { name: kind, description: '', unit: '', scope: { name: 'm' } };
      core.writer({ ...names, kind, valueType: 1, boundaries: [], limit: 10, verbatim: false });
    }
    const [counter, , histogram] = core.registry.all();
    const point = (value: number): CollectedPoint => ({ attributes: {}, startUnixMillis: 0, value });
    const points = new StreamPoints(({ definition: { kind } }) =>
      kind === 'COUNTER' ? 'delta' : 'cumulative',
    );
    points.push(histogram!, point(1));
    points.push(counter!, point(2));
    points.push(histogram!, point(3));
    expect(points.streams()).to.deep.equal([
      { definition: counter?.definition, temporality: 'delta', points: [point(2)] },
      { definition: histogram?.definition, temporality: 'cumulative', points: [point(1), point(3)] },
    ]);
    core.shutdown();
  });
});
