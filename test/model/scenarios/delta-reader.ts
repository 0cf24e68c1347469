// A delta reader whose exports arrive or fail, beside a cumulative collector that drains into its plane, may take the
// right from it, and may be killed. Every record arrives exactly once.
import { SUM } from '../../../lib/memory/aggregation.js';
import { LOST } from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Program, Step } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

const RETURNED = 0;
const ARRIVED = 1;

export interface DeltaBounds {
  readonly records: number;
  readonly delta: Bounds & { readonly collects: number };
  /** If it may be killed, the delta reader begins afterwards. */
  readonly cumulative?: Bounds & { readonly collects: number };
}

/**
 * As lib/store/collect/plane-lease.ts and lib/store/collect/delta-reader.ts do it: sealed comes again unless somebody says
 * it arrived.
 */
export function deltaReader(
  sources: ShippedSources,
  { records, delta, cumulative }: DeltaBounds,
): Exploration {
  const store = new ModelStore(sources, 1, 1);
  const { region } = store.region;
  const series = store.addSeries(store.addStream(SUM, 1));
  const plane = new sources.Plane(region, 0);
  const lease = plane.claim(1);
  const collect = (before: boolean): { outcome: string; value: number | undefined } => {
    let arrived = before;
    const swap = new sources.Swap(region);
    return store.collect(swap, right => {
      if (plane.seal(right, lease, arrived, 1) === LOST) return undefined;
      arrived = false;
      return Array.from(plane.slots(), each => plane.readSum(each) ?? 0).reduce((sum, each) => sum + each, 0);
    });
  };
  const deliver = (arrived: number, reading: number, required: number): number => {
    const found = recordsIn(reading);
    if (found & arrived) throw new Violation(`records ${found & arrived} arrive twice`);
    const all = found | arrived;
    if ((all & required) !== required)
      throw new Violation(`records ${required & ~all} returned and are missing`);
    return all;
  };
  const step: Step = {
    name: 'collect',
    begin: (ghost, thread) => {
      thread.asked = ghost[RETURNED]!;
      return ghost;
    },
    run: ({ carried }) => {
      const { outcome, value } = collect(carried === 1);
      return { outcome, value, arrives: value === undefined ? 0 : store.region.choose(2) };
    },
    end: (ghost, thread, result) => {
      const { outcome, value, arrives } = result as { outcome: string; value?: number; arrives: number };
      if (value === undefined) return ghost;
      // At the deadline it has what it had before, and what came late comes next time.
      const all = deliver(ghost[ARRIVED]!, value, outcome === 'fresh' ? thread.asked : 0);
      thread.carried = arrives;
      return [ghost[RETURNED]!, arrives === 1 ? all : ghost[ARRIVED]!];
    },
  };
  const others: Program[] = [];
  if (cumulative !== undefined) {
    const { collects, ...bounds } = cumulative;
    others.push({
      name: 'cumulative',
      bounds,
      steps: Array.from({ length: collects }, () => ({
        name: 'drain',
        run: () => store.collect(new sources.Swap(region), () => 0).outcome,
      })),
    });
  }
  return {
    region: store.region,
    programs: [
      ...others,
      {
        name: 'delta',
        carried: 1,
        ...(cumulative?.crashes === undefined ? {} : { after: 0 }),
        bounds: delta,
        steps: Array.from({ length: delta.collects }, () => step),
      },
      {
        name: 'writer',
        carried: store.stripeAddress(0),
        bounds: { questions: 3 },
        steps: Array.from({ length: records }, (_, record) =>
          store.recordStep(record, 0, recorder => recorder.add(series, valueOf(record))),
        ),
      },
    ],
    ghost: [...NOTHING, 0],
    always: () => store.checkPhases(),
    atEnd: (ghost, threads) => {
      const reader = threads.find(({ program }) => program.name === 'delta')!;
      if (reader.stop !== 'ended') return;
      const { outcome, value } = collect(reader.carried === 1);
      if (outcome !== 'fresh') throw new Violation(`the last collection is ${outcome}`);
      deliver(ghost[ARRIVED]!, value!, ghost[RETURNED]!);
    },
    maxStates: 5e6,
  };
}
