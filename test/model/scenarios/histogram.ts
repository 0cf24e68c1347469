// Writers on two stripes record into both buckets of one histogram. Count, sum, minimum, maximum and buckets of a cut
// belong together, also if the collector is killed in the middle of the drain and another one goes on.
import { explicitHistogram } from '../../../lib/memory/aggregation.js';
import type { HistogramCells } from '../../../lib/memory/totals.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Program } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';

/** Records 0 and 1 (values 1 and 4) fall into the first bucket, all others into the second. */
export const BOUNDARY = 4;
export const BUCKETS = 2;

export interface HistogramBounds {
  /** By writer: how many records. */
  readonly writers: readonly number[];
  readonly collectors: readonly (Bounds & { readonly collects: number; readonly after?: number })[];
  /** Whether another thread, on the first writer's stripe, makes the series exist. */
  readonly inits?: boolean;
}

export function histogram(
  sources: ShippedSources,
  { writers, collectors, inits = false }: HistogramBounds,
): Exploration {
  const store = new ModelStore(sources, Math.max(1, writers.length), 1);
  const { region } = store.region;
  const boundaries = store.storeBoundary(BOUNDARY);
  const series = store.addSeries(store.addStream(explicitHistogram(BUCKETS), 1, boundaries));
  const { histogramOffset: offset } = sources.tables.readSlot(region, series.slot);
  const read = (): HistogramCells | null => sources.totals.readHistogram(region, offset, BUCKETS) ?? null;
  const recorder = new sources.Recorder(region, true);
  const initializer: Program = {
    name: 'initializer',
    bounds: { questions: 4 },
    steps: [
      {
        name: 'init',
        run: () => {
          recorder._stripe = store.stripeAddress(0);
          recorder.init(series);
        },
      },
    ],
  };
  return {
    region: store.region,
    programs: [
      ...writers.map((records, index): Program => ({
        name: `writer ${index}`,
        carried: store.stripeAddress(index),
        bounds: { questions: 4 },
        steps: Array.from({ length: records }, (_, round) => {
          const record = round * writers.length + index;
          return store.recordStep(record, 0, recorder =>
            recorder.record(series, valueOf(record), boundaries, 1),
          );
        }),
      })),
      ...collectors.map(({ collects, after, ...bounds }, index) => ({
        name: `collector ${index}`,
        ...(after === undefined ? {} : { after }),
        bounds,
        steps: Array.from({ length: collects }, (_, round) =>
          store.collectStep(`collect ${round}`, read, recordsOfHistogram),
        ),
      })),
      ...(inits ? [initializer] : []),
    ],
    ghost: NOTHING,
    always: () => {
      store.checkPhases();
      if (inits) store.checkNotes();
    },
    atEnd: ghost => {
      store.checkEnd(ghost, read, recordsOfHistogram);
      if (inits && read() === null) throw new Violation('a series was made to exist, and does not');
    },
    maxStates: 5e6,
  };
}

/** The records of a reading whose numbers belong together. */
export function recordsOfHistogram(cells: HistogramCells | null): number {
  if (cells === null) return 0;
  const records = recordsIn(cells.sum);
  // It exists without a record: least and greatest mean nothing.
  if (records === 0 && [cells.count, ...cells.counts].every(count => count === 0)) return 0;
  const values = Array.from({ length: 32 }, (_, record) => record)
    .filter(record => records & (1 << record))
    .map(valueOf);
  const low = values.filter(value => value <= BOUNDARY).length;
  const expected = [values.length, Math.min(...values), Math.max(...values), low, values.length - low];
  const found = [cells.count, cells.min, cells.max, ...cells.counts];
  if (expected.join() !== found.join())
    throw new Violation(`torn: the sum ${cells.sum} needs ${expected.join()}, found ${found.join()}`);
  return records;
}
