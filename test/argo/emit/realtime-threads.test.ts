// Goal: a realtime series that several threads report lives as long as one of them holds it, with that one's clock.
// Method: each `CustomMetrics` on one store is what a thread would have.
import { expect } from 'chai';
import { createStore, CustomMetrics, type CompiledMetrics } from '../../../lib/index.js';
import { coreOf } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';

const START = 1_000_000;
const METRICS = {
  prometheus: [
    {
      name: 'age',
      help: 'Age',
      labels: [{ key: 'step', value: 'build' }],
      gauge: { realtime: true, value: '{{duration}}' },
    },
  ],
};

describe('a realtime series of several threads', () => {
  let now = START;
  const store = createStore({ clock: { now: () => now } });
  const [first, second] = [new CustomMetrics({ store }), new CustomMetrics({ store })];
  const compiled = [first, second].map(metrics => metrics.compile(METRICS)) as [
    CompiledMetrics,
    CompiledMetrics,
  ];
  const delta = coreOf(store).openReader(() => 'delta');
  const shown = async (): Promise<unknown[]> => {
    const deltas = await delta.collect();
    delta.acknowledge();
    const { streams } = await coreOf(store)
      .openReader(() => 'cumulative')
      .collect();
    for (const { points } of deltas.streams) expect(points).to.have.length(1);
    return streams.flatMap(({ points }) =>
      pointsIn(points).map(({ attributes, value }) => [attributes, value]),
    );
  };
  const at = (value: number): unknown[] => [[{ step: 'build' }, value]];

  it('should show one value: of those that run, the one that started last', async () => {
    compiled[0].emit({ variables: {}, realtime: { duration: START } }, { owner: 'a' });
    compiled[1].emit({ variables: {}, realtime: { duration: START + 2000 } }, { owner: 'b' });
    now = START + 10_000;
    expect(await shown()).to.deep.equal(at(8));
  });

  it('should show one that runs before one that has ended', async () => {
    second.complete('b', { at: START + 9000 });
    expect(await shown()).to.deep.equal(at(10));
  });

  it('should live on when one of them goes, and give the place of that one back', async () => {
    first.delete('a');
    expect(await shown()).to.deep.equal(at(7));
    for (let i = 0; i < 3; i++) await shown();
    expect(store.statistics()).to.include({ series: 1, reclaimedSeries: 1 });
    second.delete('b');
    expect(await shown()).to.deep.equal([]);
    for (let i = 0; i < 3; i++) await shown();
    expect(store.statistics()).to.include({ series: 0, reclaimedSeries: 2 });
    await store.shutdown();
  });
});
