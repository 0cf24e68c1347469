// A series is given back what it had before this store was, while another thread records into it and a collector begins to
// collect: in full or not at all, and nothing of what was recorded is lost. Where it was given back, every cut has it.
import { explicitHistogram, GAUGE, SUM } from '../../../lib/memory/aggregation.js';
import { DONE, GAUGE_ADDED } from '../../../lib/memory/words.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Ghost } from '../model-thread.js';
import { ModelStore, NOTHING, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';
import { BOUNDARY, BUCKETS, recordsOfHistogram } from './histogram.js';

export interface RestoringBounds {
  readonly kind: 'sum' | 'histogram' | 'gauge';
  readonly records: number;
  readonly collects: number;
}

/** When the restored life began, and when it was last used. */
const START = 3;
const USED = 4;
const AGGREGATIONS = { sum: SUM, histogram: explicitHistogram(BUCKETS), gauge: GAUGE };

export function restoring(
  sources: ShippedSources,
  { kind, records, collects }: RestoringBounds,
): Exploration {
  // Who finds a gauge taken goes on to the next stripe, and has no more questions before it is back at the first one.
  const store = new ModelStore(sources, kind === 'gauge' ? 7 : 1, 1);
  const { region } = store.region;
  const { kernel } = region;
  const { tables, totals } = sources;
  const boundaries = kind === 'histogram' ? store.storeBoundary(BOUNDARY) : 0;
  // Long enough for what is used, and too short for what began so long ago.
  const series = store.addSeries(store.addStream(AGGREGATIONS[kind], 1, boundaries, 2, true));
  const { slot, live } = series;
  const recordsNow = (): number => {
    if (kind === 'gauge') return recordsIn(totals.readGauge(region, slot)?.value ?? 0);
    if (kind === 'sum') return recordsIn(totals.readSum(region, slot) ?? 0);
    const { histogramOffset } = tables.readSlot(region, slot);
    return recordsOfHistogram(totals.readHistogram(region, histogramOffset, BUCKETS) ?? null);
  };
  const read = (): number => {
    const found = sources.isLeftOut(region, slot) ? 0 : recordsNow();
    if (found & 1 && tables.startOf(region, slot) !== START)
      throw new Violation('what was given back has another start');
    return found;
  };
  const restore = (): boolean => {
    const right = kernel.takeRight(0, 0, 0);
    if (right === 0) return false;
    const value = valueOf(0);
    let answer = DONE;
    if (kind === 'histogram') answer = kernel.restoreGroup(right, slot, live, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    if (answer === DONE) {
      const [first, gaugeKind] = kind === 'histogram' ? [1, 0] : [value, kind === 'gauge' ? GAUGE_ADDED : 0];
      answer = kernel.restore(right, slot, live, START, USED, first, gaugeKind, value, value, value);
    }
    kernel.giveRight(right);
    return answer === DONE;
  };
  return {
    region: store.region,
    programs: [
      {
        name: 'restorer',
        steps: [
          {
            name: 'restore',
            run: restore,
            end: (ghost: Ghost, _thread, isThere) => [ghost[0]! | Number(isThere), ...ghost.slice(1)],
          },
        ],
      },
      {
        name: 'writer',
        carried: store.stripeAddress(0),
        bounds: { questions: 6 },
        steps: Array.from({ length: records }, (_, index) =>
          store.recordStep(1 + index, 0, recorder => {
            if (kind === 'gauge') recorder.write(series, GAUGE_ADDED, valueOf(1 + index));
            else if (kind === 'histogram') recorder.record(series, valueOf(1 + index), boundaries, 1);
            else recorder.add(series, valueOf(1 + index));
          }),
        ),
      },
      {
        name: 'collector',
        steps: Array.from({ length: collects }, (_, round) =>
          store.collectStep(`collect ${round}`, read, found => found),
        ),
      },
    ],
    ghost: NOTHING,
    always: () => store.checkPhases(),
    atEnd: ghost => store.checkEnd(ghost, read, found => found),
    maxStates: 2e6,
  };
}
