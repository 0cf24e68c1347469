// A series that is left out of a collection and recorded into again: a counter, a histogram, a gauge that is added to. What
// one reading after the other shows is a life: it loses nothing while its start time stays. After a reading without the
// series a life begins, with another start time and nothing of what was shown before.
import { explicitHistogram, GAUGE, SUM } from '../../../lib/memory/aggregation.js';
import { GAUGE_ADDED } from '../../../lib/memory/words.js';
import type { SeriesHandle } from '../../../lib/store/record/series-handle.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Ghost, ModelThread, Program } from '../model-thread.js';
import { ModelStore, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';
import { BOUNDARY, BUCKETS, recordsOfHistogram } from './histogram.js';

const RETURNED = 0;
/** Records that were in any reading. */
const SEEN = 1;
/** Of the life that was shown last: its records, and when it began. */
const SHOWN = 2;
const START = 3;
/** 1: the last reading was without the series. */
const IS_OUT = 4;

export interface RevivalBounds {
  readonly kind: 'sum' | 'histogram' | 'gauge';
  readonly records: number;
  /** Whether one more was recorded, shown and left out before. */
  readonly wasLeftOut?: boolean;
  /** Records go to the overflow series, whose slot nobody takes. */
  readonly overflows?: boolean;
  readonly collectors: readonly (Bounds & { readonly collects: number; readonly after?: number })[];
}

/** `undefined`: the series is not shown. */
type Reading = { readonly records: number; readonly start: number } | undefined;

const TTL = 1;
/** The clock of who admits the first life: ahead of all others, so that no later one begins after it by its clock alone. */
const AHEAD = 5000;
const AGGREGATIONS = { sum: SUM, histogram: explicitHistogram(BUCKETS), gauge: GAUGE };

export function revival(
  sources: ShippedSources,
  { kind, records, wasLeftOut = false, overflows = false, collectors }: RevivalBounds,
): Exploration {
  // Who finds a gauge taken goes on to the next stripe. With these many it has no more questions before it is back at the
  // first one, whose word grows each time: that would never end.
  const store = new ModelStore(sources, kind === 'gauge' ? 7 : 1, 2);
  const { region } = store.region;
  const { tables, totals } = sources;
  const boundaries = kind === 'histogram' ? store.storeBoundary(BOUNDARY) : 0;
  const stream = store.addStream(AGGREGATIONS[kind], overflows ? 0 : 2, boundaries, TTL, true);
  const places = store.placesOf(stream);
  const first = store.placesOf(stream, AHEAD).admit('{}');
  const recorder = new sources.Recorder(region, true);
  /** Stripe, slot and word in one number, because that is what a thread carries. */
  const pack = (stripe: number, slot: number, live: number): number => stripe * 4096 + slot * 64 + live;

  const recordsOf = (slot: number): number | undefined => {
    if (kind === 'gauge') {
      const gauge = totals.readGauge(region, slot);
      return gauge === undefined ? undefined : recordsIn(gauge.value);
    }
    if (kind === 'histogram') {
      const cells = totals.readHistogram(region, tables.readSlot(region, slot).histogramOffset, BUCKETS);
      return cells === undefined ? undefined : recordsOfHistogram(cells);
    }
    const sum = totals.readSum(region, slot);
    return sum === undefined ? undefined : recordsIn(sum);
  };
  const read = (): Reading | null => {
    let reading: Reading;
    for (let slot = 0; slot < tables.slotsEnd(region); slot++) {
      if (!tables.isInUse(tables.slotWord(region, slot)) || sources.isLeftOut(region, slot)) continue;
      const found = recordsOf(slot);
      if (found === undefined) continue;
      if (reading !== undefined) throw new Violation('two lives in one reading');
      reading = { records: found, start: tables.startOf(region, slot) };
    }
    return reading ?? null;
  };
  const collect = (now: number): { outcome: string; value: Reading | null } =>
    new sources.Swap(region).cut(read, { stallDeadlineMillis: 10_000, now: () => now }) as {
      outcome: string;
      value: Reading | null;
    };
  const judge = (ghost: Ghost, reading: Reading | null, required: number): Ghost => {
    const { records: found, start } = reading ?? { records: 0, start: ghost[START]! };
    const [seen, shown, isOut] = [ghost[SEEN]!, ghost[SHOWN]!, ghost[IS_OUT] === 1];
    const isSame = start === ghost[START]! && !(isOut && found !== 0);
    if (reading !== null && start < ghost[START]!) throw new Violation('a life begins before the last one');
    if (reading !== null && isOut && start === ghost[START]! && shown !== 0)
      throw new Violation('it was left out, and comes back with its start');
    if (reading !== null && isSame && (shown & ~found) !== 0)
      throw new Violation(`records ${shown & ~found} are missing from the life that had them`);
    if (reading !== null && start !== ghost[START]! && (seen & found) !== 0)
      throw new Violation(`records ${seen & found} are in two lives`);
    if ((required & ~(seen | found)) !== 0)
      throw new Violation(`records ${required & ~(seen | found)} returned, and no reading ever had them`);
    return [
      ghost[RETURNED]!,
      seen | found,
      reading === null ? shown : found,
      start,
      Number(reading === null && shown !== 0),
    ];
  };

  const record = (handle: SeriesHandle, value: number): void => {
    if (kind === 'gauge') recorder.write(handle, GAUGE_ADDED, value);
    else if (kind === 'histogram') recorder.record(handle, value, boundaries, 1);
    else recorder.add(handle, value);
  };
  let ghost: Ghost = [0, 0, 0, 0, 0];
  const numbers = Array.from({ length: records }, (_, number) => number + Number(wasLeftOut));
  if (wasLeftOut) {
    record(new sources.SeriesHandle(first, '{}', places.renew), valueOf(0));
    ghost = [1, 0, 0, 0, 0];
    for (const now of [2, 4]) ghost = judge(ghost, collect(now).value, 1);
  }
  // What a killed collector drained, its successor finds expired: no reading has it.
  const mayLose = collectors.some(({ crashes }) => crashes !== undefined);
  const programs: Program[] = [
    {
      name: 'writer',
      carried: pack(store.stripeAddress(0), first.slot, first.live),
      bounds: { questions: 14 },
      steps: numbers.map(number => ({
        name: `record ${number}`,
        run: ({ carried }: Readonly<{ carried: number }>) => {
          recorder._stripe = Math.floor(carried / 4096);
          const known = { slot: (carried >> 6) & 63, live: carried & 63 };
          const handle = new sources.SeriesHandle(known, '{}', places.renew);
          record(handle, valueOf(number));
          return pack(recorder._stripe, handle.slot, handle.live);
        },
        end: (ghost: Ghost, thread: ModelThread, packed: unknown) => {
          thread.carried = packed as number;
          return [ghost[RETURNED]! | (1 << number), ...ghost.slice(1)];
        },
      })),
    },
    ...collectors.map(({ collects, after, ...bounds }, index): Program => ({
      name: `collector ${index}`,
      ...(after === undefined ? {} : { after: 1 + after }),
      bounds,
      steps: Array.from({ length: collects }, (_, round) => ({
        name: `collect ${round}`,
        begin: (ghost: Ghost, thread: ModelThread) => {
          thread.asked = mayLose ? 0 : ghost[RETURNED]!;
          return ghost;
        },
        run: () => collect(10 * (round + 1) + 100 * index),
        end: (ghost: Ghost, thread: ModelThread, result: unknown) => {
          const { outcome, value } = result as { outcome: string; value: Reading | null };
          return outcome === 'fresh' ? judge(ghost, value, thread.asked) : ghost;
        },
      })),
    })),
  ];
  return {
    region: store.region,
    programs,
    ghost,
    always: () => store.checkPhases(),
    atEnd: ghost => {
      const { outcome, value } = collect(1000);
      if (outcome !== 'fresh') throw new Violation(`the last collection is ${outcome}`);
      judge(ghost, value, mayLose ? 0 : ghost[RETURNED]!);
    },
    maxStates: 5e6,
  };
}
