// Gauges are not banked. `addingGauge`: two threads add to one gauge, so its value tells
// which adds it has; before each of its own the second thread adds to another gauge, which must never be missing then. `settingGauges`:
// each thread sets a gauge of its own, in value and kind by turns, and the second one begins after the first one's Set has
// returned. The value at a cut is the one of the cut, whoever writes meanwhile.
import type { RecordTarget } from '../../../lib/memory/recorder.js';
import type { GaugeValue } from '../../../lib/memory/totals.js';
import { GAUGE } from '../../../lib/memory/aggregation.js';
import { GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_SET } from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Program, Step } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

export interface GaugeBounds {
  /** For each of the two writers. */
  readonly records: number;
  readonly collector: Bounds & { readonly collects: number };
}

export function addingGauge(sources: ShippedSources, bounds: GaugeBounds): Exploration {
  const store = new ModelStore(sources, 2, 1);
  const stream = store.addStream(GAUGE, 1);
  const [shared, own] = [store.addSeries(stream), store.overflowSeries(stream)];
  const valueAt = ({ slot }: RecordTarget): number =>
    sources.totals.readGauge(store.region.region, slot)?.value ?? 0;
  const read = (): number => valueAt(own) + valueAt(shared);
  const causes: [number, number][] = [];
  const steps = (index: number): Step[] => {
    const add = (record: number, series: RecordTarget): Step =>
      store.recordStep(record, 0, recorder => recorder.write(series, GAUGE_ADDED, valueOf(record)));
    return Array.from({ length: bounds.records }, (_, round) => {
      if (index === 0) return [add(3 * round, shared)];
      causes.push([3 * round + 1, 3 * round + 2]);
      return [add(3 * round + 1, own), add(3 * round + 2, shared)];
    }).flat();
  };
  return explorationOf(store, bounds, steps, read, recordsIn, causes);
}

export function settingGauges(sources: ShippedSources, bounds: GaugeBounds): Exploration {
  const store = new ModelStore(sources, 2, 1);
  const stream = store.addStream(GAUGE, 1);
  const series = [store.addSeries(stream), store.overflowSeries(stream)];
  const causes: [number, number][] = [];
  const read = (): (GaugeValue | null)[] =>
    series.map(({ slot }) => sources.totals.readGauge(store.region.region, slot) ?? null);
  const steps = (index: number): Step[] =>
    Array.from({ length: bounds.records }, (_, round) => {
      const record = round * 2 + index;
      if (index === 1) causes.push([record - 1, record]);
      const kind = round % 2 === 0 ? GAUGE_SET : GAUGE_ELAPSED;
      return store.recordStep(record, index === 1 ? 1 << (record - 1) : 0, recorder =>
        recorder.write(series[index]!, kind, round + 1),
      );
    });
  return explorationOf(store, bounds, steps, read, setsOf, causes);
}

/** A gauge that has the value of a round has seen all rounds before. */
function setsOf(values: readonly (GaugeValue | null)[]): number {
  let records = 0;
  for (const [index, gauge] of values.entries()) {
    if (gauge === null) continue;
    const expected = gauge.value % 2 === 1 ? 'value' : 'elapsed';
    if (gauge.kind !== expected)
      throw new Violation(`torn: gauge ${index} has ${gauge.value} as ${gauge.kind}`);
    for (let round = 0; round < gauge.value; round++) records |= 1 << (round * 2 + index);
  }
  return records;
}

function explorationOf<T>(
  store: ModelStore,
  { collector: { collects, ...bounds } }: GaugeBounds,
  stepsOf: (writer: number) => readonly Step[],
  read: () => T,
  recordsOf: (reading: T) => number,
  causes: readonly (readonly [number, number])[],
): Exploration {
  const writer = (index: number): Program => ({
    name: `writer ${index}`,
    carried: store.stripeAddress(index),
    bounds: { questions: 3 },
    steps: stepsOf(index),
  });
  const collector: Program = {
    name: 'collector',
    bounds,
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
