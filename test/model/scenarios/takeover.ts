// Two collectors, one of which may be killed between two steps or sleep while the other one takes the right from it. One
// writer goes on meanwhile, with two series by turns. Nothing is moved twice or lost, and what returned before a collection was asked for is in it,
// whoever left the debt that it found.
import { SUM } from '../../../lib/memory/aggregation.js';
import type { Exploration } from '../explorer.js';
import type { Bounds, Program } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

export interface TakeoverBounds {
  readonly records: number;
  /** One for each collector. */
  readonly collectors: readonly (Bounds & { readonly collects: number; readonly after?: number })[];
}

export function takeover(sources: ShippedSources, { records, collectors }: TakeoverBounds): Exploration {
  const store = new ModelStore(sources, 1, 1);
  const stream = store.addStream(SUM, 1);
  const series = [store.addSeries(stream), store.overflowSeries(stream)];
  const causes = Array.from({ length: records - 1 }, (_, record) => [record, record + 1] as const);
  const writer: Program = {
    name: 'writer',
    carried: store.stripeAddress(0),
    bounds: { questions: 4 },
    steps: Array.from({ length: records }, (_, record) =>
      store.recordStep(record, 0, recorder => recorder.add(series[record % 2]!, valueOf(record))),
    ),
  };
  const read = (): number =>
    series.reduce((sum, { slot }) => sum + (sources.totals.readSum(store.region.region, slot) ?? 0), 0);
  return {
    region: store.region,
    programs: [
      writer,
      ...collectors.map(({ collects, after, ...bounds }, index) => ({
        name: `collector ${index}`,
        ...(after === undefined ? {} : { after }),
        bounds,
        steps: Array.from({ length: collects }, (_, round) =>
          store.collectStep(`collect ${round}`, read, recordsIn, causes),
        ),
      })),
    ],
    ghost: NOTHING,
    always: () => store.checkPhases(),
    atEnd: ghost => store.checkEnd(ghost, read, recordsIn, causes),
    maxStates: 5e6,
  };
}
