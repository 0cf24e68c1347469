// Two writers, two series: the second writer's record begins after the first one's has returned. One collector with a
// deadline, which may be killed. Each cut has all or none; a cut with the effect has its cause.
import { SUM } from '../../../lib/memory/aggregation.js';
import type { Exploration } from '../explorer.js';
import type { Program } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

export function causalPair(sources: ShippedSources, records: number, collects: number): Exploration {
  const store = new ModelStore(sources, 2, 2);
  const stream = store.addStream(SUM, 2);
  const series = [store.addSeries(stream), store.overflowSeries(stream)];
  const causes: [number, number][] = [];
  const writer = (index: number): Program => ({
    name: `writer ${index}`,
    carried: store.stripeAddress(index),
    bounds: { questions: 4 },
    steps: Array.from({ length: records }, (_, round) => {
      const record = round * 2 + index;
      if (index === 1) causes.push([record - 1, record]);
      return store.recordStep(record, index === 1 ? 1 << (record - 1) : 0, recorder =>
        recorder.add(series[index]!, valueOf(record)),
      );
    }),
  });
  const read = (): number[] =>
    series.map(({ slot }) => sources.totals.readSum(store.region.region, slot) ?? 0);
  const recordsOf = (sums: number[]): number => recordsIn(sums[0]! + sums[1]!);
  const collector: Program = {
    name: 'collector',
    bounds: { pauses: 1, deadlines: 1 },
    steps: Array.from({ length: collects }, (_, round) =>
      store.collectStep(`collect ${round}`, read, recordsOf, causes),
    ),
  };
  return {
    region: store.region,
    programs: [writer(0), writer(1), collector],
    ghost: NOTHING,
    always: () => store.checkPhases(),
    atEnd: ghost => store.checkEnd(ghost, read, recordsOf, causes),
    maxStates: 5e6,
  };
}
