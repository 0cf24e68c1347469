// Differences that are known, told by what the numbers show and not by guessing what a workflow was. Each has a row of
// docs/deviations.md, or a place in another document.
import type { SeriesHistory } from './compare-side.js';
import { isRunning, isWithin, type Pair } from './compare-values.js';

export interface Explanation {
  /** Rows of the table, or headings: it is one of them. */
  readonly rows: readonly string[];
  readonly document: string;
}

/** What the other series of the metric tell. */
export interface MetricFacts {
  /** Series that the controller has of it. */
  readonly seriesThere: number;
  /** A limit of this side was reached: there is a series for all that is past it, or a label with a value for all others. */
  readonly isLimitedHere: boolean;
  /** Of the controller's gauges with a label `Pending`, the labels without it, as {@link labelsWithout} has them. */
  readonly pending: ReadonlySet<string>;
}

/** Series of a metric that the controller exposes at most. */
const SERIES_THERE_MAX = 1999;
/** A new counter is shown as 0 for that long, and as long as a scrape may be away from it. */
const ZERO_MILLIS_MAX = 120_000;
const PENDING = 'Pending';

const deviation = (...rows: string[]): Explanation => ({ rows, document: 'docs/deviations.md' });

const ROWS = {
  buckets: deviation('differing buckets'),
  counterAsGauge: deviation('#14425 counter as gauge'),
  doubled: deviation(
    '#15526 double count',
    'hooks in a DAG',
    'retried daemons',
    'timed suspend',
    'memoised behind a mutex',
    'manual retry',
  ),
  expired: deviation('#12079 per-metric TTL', '#6814 realtime after a restart'),
  histogramsStay: deviation('#13265 histograms never expire'),
  negative: deviation('negative counters'),
  notANumber: deviation('NaN in histograms'),
  pending: deviation('#7335 Pending gauge', '#3925 frozen realtime labels'),
  resources: deviation('#10222 resourcesDuration'),
  restart: deviation('#6814 realtime after a restart', 'mutex', '#10629 shared key deletion'),
  retries: deviation('realtime of retries'),
  series: deviation('1,999 series'),
  suspended: deviation('timed suspend', '#7335 Pending gauge'),
  zero: deviation('zero-valued series'),
  wholeSeconds: deviation('whole seconds'),
  before: { rows: ['From before'], document: 'docs/compare.md' },
  limited: { rows: ['Limits and policies'], document: 'docs/compare.md' },
  zeroFirst: { rows: ['The first value of a series'], document: 'docs/prometheus.md' },
} as const satisfies Readonly<Record<string, Explanation>>;

export const EXPLANATIONS: readonly Explanation[] = Object.values(ROWS);
export const WHOLE_SECONDS: Explanation = ROWS.wholeSeconds;

/** The series of both sides, whether they are in what is compared or not. */
export interface Histories {
  readonly here: SeriesHistory | undefined;
  readonly there: SeriesHistory | undefined;
}

/** Why the numbers of a series differ; undefined: nobody knows. */
export function explanationOf(pair: Pair, all: Histories, facts: MetricFacts): Explanation | undefined {
  if (pair.there === undefined) return pair.here && ofHereAlone(pair.here, pair, all, facts);
  if (pair.here === undefined) return ofThereAlone(pair.there, pair, all, facts);
  return ofBoth(pair.here, pair.there, pair);
}

function ofHereAlone(
  here: SeriesHistory,
  pair: Pair,
  { there }: Histories,
  facts: MetricFacts,
): Explanation | undefined {
  const isPending = here.labels.some(([key]) => facts.pending.has(labelsWithout(here, key)));
  if (here.type === 'gauge' && isPending) return ROWS.pending;
  if (there !== undefined) return ROWS.expired;
  if (facts.seriesThere >= SERIES_THERE_MAX) return ROWS.series;
  if (isRunning(here)) return ROWS.restart;
  return isStill(here, pair.high) ? ROWS.before : undefined;
}

function ofThereAlone(
  there: SeriesHistory,
  { theirs }: Pair,
  { here }: Histories,
  facts: MetricFacts,
): Explanation | undefined {
  const [number = 0] = there.last.numbers;
  if (there.type === 'histogram' && Number.isNaN(there.last.numbers[1])) return ROWS.notANumber;
  if (there.type === 'counter' && !(number >= 0 && number < Infinity)) return ROWS.negative;
  if (there.type === 'gauge' && there.labels.some(([, value]) => value === PENDING)) return ROWS.pending;
  if (here !== undefined) return there.type === 'histogram' ? ROWS.histogramsStay : ROWS.expired;
  if (there.type !== 'histogram' && number === 0) return ROWS.zero;
  if (facts.isLimitedHere) return ROWS.limited;
  if (isRunning(there)) return ROWS.suspended;
  return isStill(there, theirs) ? ROWS.before : undefined;
}

/** It is as it was at the begin: it is of a time that only one side has seen. */
function isStill({ type, marks }: SeriesHistory, grown: readonly number[]): boolean {
  const [begin, end] = [marks[0], marks.at(-1)];
  if (begin?.isThere !== true) return false;
  if (type !== 'gauge') return grown.every(number => number === 0);
  return Object.is(begin.numbers[0], end?.numbers[0]);
}

function ofBoth(here: SeriesHistory, there: SeriesHistory, pair: Pair): Explanation | undefined {
  const [low = 0, high = 0, theirs = 0] = [pair.low[0], pair.high[0], pair.theirs[0]];
  if (here.type === 'counter' && there.type === 'gauge' && isWithin(there.last.numbers[0] ?? 0, low, high))
    return ROWS.counterAsGauge;
  if (here.type !== there.type) return undefined;
  if (here.type === 'gauge') return ofGauges(here, there, theirs, high);
  if (there.type === 'counter' && !((there.last.numbers[0] ?? 0) >= 0 && theirs < Infinity))
    return ROWS.negative;
  if (Number.isNaN(there.last.numbers[1]) && !Number.isNaN(here.last.numbers[1])) return ROWS.notANumber;
  if (isZeroFirst(here, there, pair)) return ROWS.zeroFirst;
  if (theirs > 0 && isWithin(theirs, 2 * low, 2 * high)) return ROWS.doubled;
  if (here.bounds.join() !== there.bounds.join() && isWithin(theirs, low, high)) return ROWS.buckets;
  return undefined;
}

function ofGauges(
  here: SeriesHistory,
  there: SeriesHistory,
  theirs: number,
  ours: number,
): Explanation | undefined {
  if (theirs === 0 && ours > 0 && Number.isInteger(ours) && !isRunning(here)) return ROWS.resources;
  if (here.wasAway || there.wasAway) return ROWS.expired;
  if (isRunning(here)) return ROWS.retries;
  return isRunning(there) ? ROWS.suspended : undefined;
}

/** This side shows a new counter as 0 for a while, and then all that came. */
function isZeroFirst(here: SeriesHistory, there: SeriesHistory, { low, high, theirs }: Pair): boolean {
  const [least, most] = [low[0] ?? 0, high[0] ?? 0].sort((a, b) => a - b);
  const [number = 0, all = 0] = [theirs[0], there.marks.at(-1)?.numbers[0]];
  const isYoung = here.last.atMillis - here.sinceMillis < ZERO_MILLIS_MAX;
  if (isYoung && here.last.numbers[0] === 0 && number > (most ?? 0)) return true;
  const wasZero = here.marks.slice(0, 2).some(({ isThere, numbers }) => isThere && numbers[0] === 0);
  const hadSome = (there.marks[0]?.numbers[0] ?? 0) > 0;
  return wasZero && hadSome && number < (least ?? 0) && (least ?? 0) <= all;
}

/** The labels but one, as a text. */
export function labelsWithout({ labels }: Pick<SeriesHistory, 'labels'>, key: string): string {
  return JSON.stringify([key, labels.filter(([each]) => each !== key)]);
}

export function pendingLabels({ labels, type }: SeriesHistory): readonly string[] {
  if (type !== 'gauge') return [];
  return labels.filter(([, value]) => value === PENDING).map(([key]) => labelsWithout({ labels }, key));
}
