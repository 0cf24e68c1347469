// Gives series back what they had in a process that ended: totals, values of gauges, start times and when they were last
// used. Once for each series, by the thread that created the store, before its first collection and before another thread
// has it. Not public: what was saved, and whether it may still count, its caller knows.
import type { Attributes } from '@opentelemetry/api';
import { MetricStoreError } from '../errors.js';
import { refuseOption } from '../guard/option-checks.js';
import type { Region } from '../memory/region.js';
import { threadsSeen } from '../memory/recorder.js';
import { DONE, GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_HELD, GAUGE_SET } from '../memory/words.js';
import { OVERFLOW_TEXT } from './definition/overflow.js';
import type { View } from './definition/view.js';
import type { LabelPolicies } from './record/label-policies.js';
import type { HistogramValue, InstrumentKind, StreamDefinition } from './definition/stream.js';
import { RefusedLabels } from './record/refused-labels.js';
import type { Place } from './record/series-handle.js';
import { SeriesPlaces } from './record/series-places.js';
import { canonicalize, parseAttributes } from './series/attributes.js';
import type { RegisteredStream } from './series/stream-registry.js';
import type { StoreCore } from './store-core.js';

/** What an observable has, its callbacks say at each collection. */
const KINDS: readonly InstrumentKind[] = ['COUNTER', 'UP_DOWN_COUNTER', 'HISTOGRAM', 'GAUGE'];

/** What the value of a gauge is: see the kinds of a gauge's value in words.ts. */
const GAUGE_KINDS = { set: GAUGE_SET, elapsed: GAUGE_ELAPSED, added: GAUGE_ADDED, held: GAUGE_HELD };

export interface SavedSeries {
  /** With HOLDER, if it has one. Undefined, or those that it is shown with: the overflow series. */
  readonly attributes: Attributes | undefined;
  readonly value: number | HistogramValue;
  /** Of a gauge. Elapsed: `value` is a start time in Unix milliseconds. @defaultValue `'set'` */
  readonly gauge?: keyof typeof GAUGE_KINDS;
  /** Unix milliseconds. What is later than now counts as now, here and in the next. */
  readonly startUnixMillis: number;
  readonly usedUnixMillis: number;
}

/**
 * Returns how many series are there again. Fewer than were given: their stream has no room for them, or their attributes
 * would not be kept as they are, which is counted. What they had is then lost; in the overflow series it would be an
 * increase. What was saved was exposed, so no policy decides its labels once more; but what they may have only so many values
 * of takes places as anything else, so that no more are exposed afterwards. Without a place it is lost too.
 *
 * @param labels the policies that the stream's View has
 * @throws MetricStoreError INVALID_OPTION for a stream of another kind or other buckets than the store has, and for a value
 * that no such series can have: then nothing is restored. RESTORE_TOO_LATE: what came before the series is restored
 */
export function restoreSeries(
  core: StoreCore,
  definition: StreamDefinition,
  series: Iterable<SavedSeries>,
  labels: View['labels'] = [],
): number {
  const { region } = core;
  const { name, kind, hidden } = definition;
  if (!KINDS.includes(kind) || hidden === true)
    refuseOption(
      `the kind of ${name}, which is restored,`,
      KINDS.join(', '),
      hidden === true ? 'hidden' : kind,
    );
  if (threadsSeen(region) > 1) throw tooLate(definition, 'another thread has the store');
  const all = [...series];
  const stream = core.hasEnded ? undefined : core.stream(definition);
  if (stream === undefined) return 0;
  checkSame(definition, stream.definition);
  for (const saved of all) checkSaved(stream.definition, saved);
  const right = region.kernel.takeRight(0, 0, 0);
  if (right === 0) throw tooLate(definition, 'a collection has begun');
  try {
    return restoreAll(core, stream, right, all, core.policiesOf(stream, labels));
  } finally {
    region.kernel.giveRight(right);
  }
}

function restoreAll(
  { region, placesOptions, options, clock }: StoreCore,
  stream: RegisteredStream,
  right: number,
  series: readonly SavedSeries[],
  policies: LabelPolicies | undefined,
): number {
  const placeOf = (text: string): Place => {
    const admit = (): Place => places.admit(text);
    if (policies === undefined) return admit();
    const labels = new Map(Object.entries(parseAttributes(text)));
    return policies.admitUnchanged(labels, admit) ?? places.overflow();
  };
  const places = new SeriesPlaces(stream, placesOptions, undefined, new RefusedLabels(region, stream));
  let restored = 0;
  for (const saved of series) {
    const { text, faults } = canonicalize(saved.attributes ?? {}, options.maxLabelValueLength);
    const isOverflow = saved.attributes === undefined || text === OVERFLOW_TEXT;
    for (const fault of faults)
      placesOptions.refuse(fault, `a restored series of ${stream.definition.name} has attributes of before`);
    if (faults.length > 0) continue;
    const place = isOverflow ? places.overflow() : placeOf(text);
    if (!isOverflow && place.slot === stream.index) continue;
    if (!restore(region, right, place, stream.definition, saved, clock.now()))
      throw tooLate(stream.definition, 'it was collected, or this series has numbers already');
    restored++;
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
  // Of none there is no sum, no least and no greatest.
  const [own, low, high] = count === 0 ? [0, 0, 0] : [sum, min, max];
  return kernel.restore(right, slot, live, start, used, count, 0, own, low, high) === DONE;
}

/** The first definition wins, and the numbers of another one have no place in its cells. */
function checkSame({ name, kind, boundaries }: StreamDefinition, first: StreamDefinition): void {
  if (kind !== first.kind) refuseOption(`the kind of ${name}, which is restored,`, first.kind, kind);
  if (boundaries.join() !== first.boundaries.join())
    refuseOption(
      `the boundaries of ${name}, which is restored,`,
      first.boundaries.join() || 'none',
      boundaries.join(),
    );
}

/** Nothing that records could not have made, so that a drain can go on from it. */
function checkSaved(definition: StreamDefinition, saved: SavedSeries): void {
  const { name, kind, boundaries, verbatim } = definition;
  const { value, gauge = 'set', startUnixMillis, usedUnixMillis } = saved;
  if (kind === 'HISTOGRAM') {
    if (!isHistogram(value, boundaries.length + 1, verbatim))
      refuseOption(
        `a saved value of ${name}`,
        `a histogram of ${boundaries.length + 1} buckets, which make its count`,
        shownOf(value),
      );
  } else if (typeof value !== 'number' || !mayBe(definition, value, gauge))
    refuseOption(
      `a saved value of ${name}`,
      `a number that a ${kind} of value type ${definition.valueType} can have`,
      shownOf(value),
    );
  if (!Object.hasOwn(GAUGE_KINDS, gauge))
    refuseOption(`the kind of a saved value of ${name}`, Object.keys(GAUGE_KINDS).join(', '), gauge);
  if (!(startUnixMillis > 0 && Number.isFinite(startUnixMillis) && Number.isFinite(usedUnixMillis)))
    refuseOption(`the times of a saved value of ${name}`, 'Unix milliseconds', [
      startUnixMillis,
      usedUnixMillis,
    ]);
}

function mayBe({ kind, valueType, verbatim }: StreamDefinition, value: number, gauge: string): boolean {
  // Who records into a custom metric has checked the values himself, and Argo's may be any.
  if (verbatim) return gauge !== 'elapsed' || Number.isFinite(value);
  const isWhole = valueType === 0 && gauge !== 'elapsed';
  return (
    Number.isFinite(value) && (!isWhole || Number.isInteger(value)) && (kind !== 'COUNTER' || value >= 0)
  );
}

function isHistogram(value: unknown, buckets: number, verbatim: boolean): value is HistogramValue {
  if (typeof value !== 'object' || value === null) return false;
  const { count, sum, min, max, counts } = value as HistogramValue;
  if (!Array.isArray(counts) || counts.length !== buckets || counts.some(each => !isCount(each)))
    return false;
  if (counts.reduce((all, each) => all + each, 0) !== count) return false;
  if (verbatim) return [sum, min, max].every(each => typeof each === 'number');
  return count === 0 || ([sum, min, max].every(Number.isFinite) && min <= max);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function shownOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).flat(2) : value;
}

function tooLate({ name }: StreamDefinition, why: string): MetricStoreError {
  return new MetricStoreError(
    'RESTORE_TOO_LATE',
    `saved values of ${name} must be restored before the store's first collection, before its handle is given to another ` +
      `thread, and once: ${why}`,
  );
}
