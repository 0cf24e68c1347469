// Gives series back what they had in a process that ended: totals, values of gauges, start times and when they were last
// used. Once for each series, by the thread that created the store, before its first collection and before another thread
// has it. Not public: what was saved, and whether it may still count, its caller knows.
import type { Attributes } from '@opentelemetry/api';
import { MetricStoreError } from '../errors.js';
import { refuseOption } from '../guard/option-checks.js';
import type { Region } from '../memory/region.js';
import { threadsSeen } from '../memory/recorder.js';
import { DONE, GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_HELD, GAUGE_SET } from '../memory/words.js';
import type { HistogramValue, StreamDefinition } from './definition/stream.js';
import type { Place } from './record/series-handle.js';
import type { StoreCore } from './store-core.js';

/** What the value of a gauge is: see the kinds of a gauge's value in words.ts. */
const GAUGE_KINDS = { set: GAUGE_SET, elapsed: GAUGE_ELAPSED, added: GAUGE_ADDED, held: GAUGE_HELD };

export interface SavedSeries {
  /** With HOLDER, if it has one. Undefined: the overflow series. */
  readonly attributes: Attributes | undefined;
  readonly value: number | HistogramValue;
  /** Of a gauge. Elapsed: `value` is a start time in Unix milliseconds. @defaultValue `'set'` */
  readonly gauge?: keyof typeof GAUGE_KINDS;
  /** Unix milliseconds. What is later than now counts as now, here and in the next. */
  readonly startUnixMillis: number;
  readonly usedUnixMillis: number;
}

/**
 * Returns how many series are there again: fewer than were given when their stream has no room for them, which is counted.
 * What they had is then lost; in the overflow series it would be an increase.
 *
 * @throws MetricStoreError RESTORE_TOO_LATE, INVALID_OPTION for a value that is no number or has other buckets; what came
 * before it is restored
 */
export function restoreSeries(
  core: StoreCore,
  definition: StreamDefinition,
  series: Iterable<SavedSeries>,
): number {
  const { region } = core;
  if (threadsSeen(region) > 1) throw tooLate(definition, 'another thread has the store');
  const writer = core.writer(definition);
  if (writer === undefined) return 0;
  const right = region.kernel.takeRight(0, 0, 0);
  if (right === 0) throw tooLate(definition, 'a collection has begun');
  let restored = 0;
  try {
    for (const saved of series) {
      const place = writer.placeOf(saved.attributes);
      if (place === undefined) continue;
      if (
        !restore(region, right, place, writer.stream.definition, check(definition, saved), core.clock.now())
      )
        throw tooLate(definition, 'it was collected, or this series has numbers already');
      restored++;
    }
  } finally {
    region.kernel.giveRight(right);
  }
  return restored;
}

function restore(
  { kernel }: Region,
  right: number,
  { slot, live }: Place,
  { kind }: StreamDefinition,
  { value, gauge = 'set', startUnixMillis, usedUnixMillis }: SavedSeries,
  now: number,
): boolean {
  const start = Math.min(startUnixMillis, now);
  const used = Math.max(start, Math.min(usedUnixMillis, now));
  if (typeof value === 'number') {
    const gaugeKind = kind === 'GAUGE' ? GAUGE_KINDS[gauge] : 0;
    return kernel.restore(right, slot, live, start, used, value, gaugeKind, 0, 0, 0) === DONE;
  }
  const { count, sum, min, max, counts } = value;
  for (let group = 0; 8 * group < counts.length; group++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = counts.slice(8 * group, 8 * group + 8);
    if (kernel.restoreGroup(right, slot, live, group, a, b, c, d, e, f, g, h) !== DONE) return false;
  }
  return kernel.restore(right, slot, live, start, used, count, 0, sum, min, max) === DONE;
}

/** Nothing that a drain could not go on from. */
function check({ name, kind, boundaries }: StreamDefinition, saved: SavedSeries): SavedSeries {
  const { value, startUnixMillis, usedUnixMillis } = saved;
  const isHistogram = kind === 'HISTOGRAM';
  const buckets = isHistogram ? boundaries.length + 1 : 0;
  const { counts, count, sum, min, max } =
    typeof value === 'number' ? { count: value, sum: 0, min: 0, max: 0, counts: [] } : value;
  if (isHistogram === (typeof value === 'number') || counts.length !== buckets)
    refuseOption(
      `a saved value of ${name}`,
      isHistogram ? `a histogram of ${buckets} buckets` : 'a number',
      typeof value === 'number' ? value : JSON.stringify(value),
    );
  if (![count, sum, min, max, ...counts].every(Number.isFinite))
    refuseOption(`a saved value of ${name}`, 'finite', JSON.stringify(value));
  if (!(startUnixMillis > 0 && Number.isFinite(startUnixMillis) && Number.isFinite(usedUnixMillis)))
    refuseOption(`the times of a saved value of ${name}`, 'Unix milliseconds', [
      startUnixMillis,
      usedUnixMillis,
    ]);
  return saved;
}

function tooLate({ name }: StreamDefinition, why: string): MetricStoreError {
  return new MetricStoreError(
    'RESTORE_TOO_LATE',
    `saved values of ${name} must be restored before the store's first collection, before its handle is given to another ` +
      `thread, and once: ${why}`,
  );
}
