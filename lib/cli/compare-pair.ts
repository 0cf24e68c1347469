// One series of both endpoints: in which class it is. The controller's numbers lie between those that this side had a little
// before and a little after: what is on its way at a scrape is no difference.
import { explanationOf, WHOLE_SECONDS, type Explanation, type MetricFacts } from './compare-explanations.js';
import { growthBetween, type SeriesHistory } from './compare-side.js';
import {
  agrees,
  differingPart,
  isRunning,
  isSame,
  isWithin,
  TOLERANCE_SECONDS,
  type Pair,
} from './compare-values.js';
import type { SeriesType } from './series-page.js';

export const COMPARED_CLASSES = [
  ...(['equal', 'onItsWay', 'withinSeconds', 'explained'] as const),
  ...(['onlyHere', 'onlyThere', 'unexplained'] as const),
] as const;
export type ComparedClass = (typeof COMPARED_CLASSES)[number];

export interface ComparedSeries {
  readonly metric: string;
  readonly labels: SeriesHistory['labels'];
  readonly type: SeriesType;
  readonly class: ComparedClass;
  readonly explanation?: Explanation;
  /** Of a counter what came in the time, of a gauge the value, of a histogram the count; undefined: there is none. */
  readonly here: number | undefined;
  readonly there: number | undefined;
  /** What of a histogram differs beside its count. */
  readonly part?: string;
}

/** Scrapes that count: this side's around the begin and around the end, and the other's at the begin and at the end. */
const HERE = { beginBefore: 0, beginAfter: 1, endBefore: 2, endAfter: 3 } as const;
const THERE = { begin: 0, end: 1 } as const;

/** Undefined where neither has it at the end, and nothing came. */
export function comparePair(
  here: SeriesHistory | undefined,
  there: SeriesHistory | undefined,
  facts: MetricFacts,
): ComparedSeries | undefined {
  const known = here ?? there;
  if (known === undefined) return undefined;
  const isOwn = isIn(here, HERE.beginBefore, HERE.endAfter) || isIn(here, HERE.beginAfter, HERE.endBefore);
  const own = isOwn ? here : undefined;
  const other = isIn(there, THERE.begin, THERE.end) ? there : undefined;
  if (own === undefined && other === undefined) return undefined;
  const pair: Pair = {
    ...{ type: known.type, here: own, there: other },
    ...boundsOf(own),
    theirs: numbersOf(other, THERE.begin, THERE.end),
  };
  const { metric, labels, type } = known;
  const numbers = { here: own && pair.high[0], there: other && pair.theirs[0] };
  return { metric, labels, type, ...numbers, ...classOf(pair, { here, there }, facts) };
}

/** A gauge is what it is at the end. What a counter had counts also when the series is away since. */
function isIn(history: SeriesHistory | undefined, begin: number, end: number): boolean {
  if (history?.marks[end]?.isThere === true) return true;
  if (history === undefined || history.type === 'gauge') return false;
  return growthBetween(history, begin, end).some(number => number !== 0);
}

function numbersOf(history: SeriesHistory | undefined, begin: number, end: number): readonly number[] {
  if (history === undefined) return [];
  if (history.type !== 'gauge') return growthBetween(history, begin, end);
  return history.marks[end]?.isThere === true ? history.marks[end].numbers : [];
}

/** A gauge that came or went between the two has one number only. */
function boundsOf(own: SeriesHistory | undefined): Pick<Pair, 'low' | 'high'> {
  const low = numbersOf(own, HERE.beginAfter, HERE.endBefore);
  const high = numbersOf(own, HERE.beginBefore, HERE.endAfter);
  if (own?.type !== 'gauge') return { low, high };
  return { low: low.length > 0 ? low : high, high: high.length > 0 ? high : low };
}

type Found = Pick<ComparedSeries, 'class' | 'explanation' | 'part'>;

function classOf(
  pair: Pair,
  all: { here: SeriesHistory | undefined; there: SeriesHistory | undefined },
  facts: MetricFacts,
): Found {
  const { here, there } = pair;
  const found = here && there && isAlike(here, there) ? agreement(pair) : undefined;
  if (found !== undefined) return found;
  if (here !== undefined && there === undefined && isOnItsWay(here, pair)) return { class: 'onItsWay' };
  const explanation = explanationOf(pair, all, facts);
  if (explanation !== undefined) return { class: 'explained', explanation };
  if (there === undefined) return { class: 'onlyHere' };
  if (here === undefined) return { class: 'onlyThere' };
  const part = pair.type === 'histogram' && agrees(pair, 0) ? differingPart(pair) : undefined;
  return { class: 'unexplained', ...(part !== undefined && { part }) };
}

/** The other has not heard of it yet, or not any more. */
function isOnItsWay({ type, marks }: SeriesHistory, { low, high }: Pair): boolean {
  // A new one may be shown as 0 first.
  const isNew = marks[HERE.beginBefore]?.isThere !== true;
  if (type !== 'gauge') return (low[0] ?? 0) === 0 && (isNew || (high[0] ?? 0) > 0);
  return marks[HERE.endBefore]?.isThere !== marks[HERE.endAfter]?.isThere;
}

function isAlike(here: SeriesHistory, there: SeriesHistory): boolean {
  return here.type === there.type && here.bounds.join() === there.bounds.join();
}

/** Undefined: they differ. */
function agreement(pair: Pair): Found | undefined {
  const { low, high, theirs } = pair;
  const isEqual = (ours: readonly number[]): boolean =>
    theirs.every((number, index) => isSame(number, ours[index] ?? 0));
  if (isEqual(high) || isEqual(low)) return { class: 'equal' };
  return pair.type === 'histogram' ? ofHistograms(pair) : ofNumbers(pair);
}

function ofNumbers(pair: Pair): Found | undefined {
  const [low = 0, high = 0, theirs = 0] = [pair.low[0], pair.high[0], pair.theirs[0]];
  const times = pair.type === 'gauge' ? 1 : Math.max(1, pair.there?.changes ?? 1);
  // What the controller measured in nanoseconds is no whole number, so a whole number is not of a time.
  if (!Number.isInteger(theirs) && isWithin(theirs, low, high, TOLERANCE_SECONDS * times))
    return { class: 'withinSeconds' };
  return agrees(pair, 0) || hasJustEnded(pair) ? { class: 'onItsWay' } : undefined;
}

/** A gauge that grew with the time on both sides, and ended on this one before it was asked again. */
function hasJustEnded({ here, there, low, high, theirs }: Pair): boolean {
  if (here?.before === undefined || there === undefined || !isRunning(there)) return false;
  const seconds = (here.last.atMillis - here.before.atMillis) / 1000;
  const since = low[0] ?? 0;
  return (high[0] ?? 0) < since && isWithin(theirs[0] ?? 0, since, since + seconds, TOLERANCE_SECONDS);
}

function ofHistograms(pair: Pair): Found | undefined {
  if (!agrees(pair, 0) || Number.isNaN(pair.theirs[1]) || differingPart(pair) !== undefined) return undefined;
  if (pair.theirs.every((_, index) => agrees(pair, index))) return { class: 'onItsWay' };
  const bounds = pair.there?.bounds ?? [];
  const isFine = bounds.some((bound, index) => bound < 1 && !agrees(pair, 2 + index));
  return isFine ? { class: 'explained', explanation: WHOLE_SECONDS } : { class: 'withinSeconds' };
}
