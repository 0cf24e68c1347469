// What to do about a metric with too many series: the label that makes them is left out or bounded, and the limit fits what
// remains. In words, as options, and as a View to paste.
import type { LabelReport } from './label-report.js';

export interface AdvisedMetric {
  readonly name: string;
  readonly scope: string;
  readonly series: number;
  /** Sets that the labels are of: the series, and what was refused, if that is known. */
  readonly asked: number;
  readonly limit: number;
  readonly overflowed: number;
  /** The one that leaves the fewest series first. */
  readonly labels: readonly LabelReport[];
  /** Labels for which somebody has decided already. */
  readonly decided: ReadonlySet<string>;
  /** What a View that there is selects it by, which may be another name. */
  readonly instrumentName?: string | undefined;
}

export type LabelAdvice = { readonly maxValues: number } | { readonly drop: true };

export interface Advice {
  readonly text: string;
  readonly limit: number;
  readonly labels: Readonly<Record<string, LabelAdvice>>;
  readonly code: string;
}

/** A metric that is fuller than this needs advice. */
const FULL = 0.8;
/** A label is to blame when without it so much is left, at most. */
const LEFT = 0.2;
/** … and when it has so many times as many values as all others together have sets: else each makes a part of them. */
const VALUES_PER_SET = 4;
/** Of this share of series or more, each has a value of its own. */
const OWN_VALUES = 0.9;
/** Values that make so much of the series keep their places. */
const COVERED = 0.95;
const VALUES_MIN = 10;
const VALUES_MAX = 100;
/** Room for what comes later: a quarter more, and a limit below a hundred saves nothing. */
const MARGIN = 1.25;
const LIMIT_MIN = 100;
/** What a View may have policies for. */
const LABELS_MAX = 16;
/** Longer keys and names are no advice that anybody reads. */
const TEXT_LENGTH_MAX = 200;

const SECOND_VIEW =
  ' It has a View already, and of two only the first one holds: put this one before it, with what else that one says.';

/** Undefined: nothing is wrong, or no label is to blame for it. */
export function adviceFor(metric: AdvisedMetric): Advice | undefined {
  const { name, series, limit, overflowed } = metric;
  if (series <= FULL * limit && overflowed === 0) return undefined;
  // A View would mean other metrics by it too.
  if (/[*?]/.test(name) || name.length > TEXT_LENGTH_MAX) return undefined;
  const found = oneLabel(metric) ?? severalLabels(metric);
  if (found === undefined) return undefined;
  const [labels, left, why] = found;
  const advised = Math.max(Math.min(LIMIT_MIN, limit), roundedUp(MARGIN * left));
  const state = `${name} has ${series} of ${limit} series${overflowed > 0 ? ' and refuses others' : ''}`;
  const what = Object.values(labels).some(label => 'drop' in label) ? 'leaves out' : 'bounds';
  const place = metric.instrumentName === undefined ? '' : SECOND_VIEW;
  return {
    text: `${state}. ${why} The View ${what} ${namesOf(labels)}: some ${left} series are left.${place}`,
    ...{ limit: advised, labels, code: codeOf(metric, advised, labels) },
  };
}

type Found = readonly [labels: Readonly<Record<string, LabelAdvice>>, left: number, why: string];

function oneLabel({ series, asked, labels, decided }: AdvisedMetric): Found | undefined {
  const label = labels.find(
    ({ key, distinct, seriesWithout }) =>
      seriesWithout <= LEFT * asked && distinct >= VALUES_PER_SET * seriesWithout && isFree(key, decided),
  );
  if (label === undefined) return undefined;
  const { key, distinct, exact, seriesWithout, top } = label;
  const why = `The label ${key} has ${exact ? '' : 'about '}${distinct} values; without it there would be ${seriesWithout} series.`;
  if (distinct >= OWN_VALUES * asked) return [{ [key]: { drop: true } }, seriesWithout, why];
  let [maxValues, covered] = [0, 0];
  while (maxValues < top.length && covered < COVERED * series) covered += top[maxValues++]?.count ?? 0;
  maxValues = Math.min(VALUES_MAX, Math.max(VALUES_MIN, Math.min(maxValues, Math.floor(distinct / 2))));
  // Others count as one value more.
  return [{ [key]: { maxValues } }, Math.min(asked, seriesWithout * (maxValues + 1)), why];
}

/** Two that go together, such as a pod and its address: without one of them everything is left. */
function severalLabels({ asked, labels, decided }: AdvisedMetric): Found | undefined {
  const own = labels.filter(({ key, distinct }) => distinct >= OWN_VALUES * asked && isFree(key, decided));
  if (own.length < 2 || own.length > LABELS_MAX) return undefined;
  const others = labels.filter(label => !own.includes(label));
  const left = others.reduce((product, { distinct }) => Math.min(asked, product * (distinct + 1)), 1);
  if (left > LEFT * asked) return undefined;
  const keys = own.map(({ key }) => key);
  const why = `Nearly every series has values of its own of ${keys.join(', ')}.`;
  return [Object.fromEntries(keys.map(key => [key, { drop: true }])), left, why];
}

function isFree(key: string, decided: ReadonlySet<string>): boolean {
  return key.length <= TEXT_LENGTH_MAX && !decided.has(key);
}

function namesOf(labels: Advice['labels']): string {
  return Object.keys(labels).join(', ');
}

/** Up to two digits that are not zero: 240 for 231. */
function roundedUp(number: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1);
  return Math.max(1, Math.ceil(number / step) * step);
}

/** An expression of JavaScript, whatever the names are. */
function codeOf(
  { name, scope, instrumentName = name }: AdvisedMetric,
  limit: number,
  labels: Advice['labels'],
): string {
  const renamed = instrumentName === name ? '' : ` name: ${quoted(name)},`;
  const meter = scope === '' ? '' : ` meterName: ${quoted(scope)},`;
  const policies = Object.entries(labels).map(([key, policy]) => {
    const value = 'drop' in policy ? 'drop: true' : `maxValues: ${policy.maxValues}`;
    return `${propertyOf(key)}: { ${value} }`;
  });
  return `cardinalityLimitedView({ instrumentName: ${quoted(instrumentName)},${renamed}${meter} limit: ${limit}, labels: { ${policies.join(', ')} } })`;
}

/** In brackets: `__proto__` would be something else. */
function propertyOf(key: string): string {
  return /^[A-Za-z][\w$]*$/.test(key) ? key : `[${quoted(key)}]`;
}

function quoted(text: string): string {
  if (!/^[^'\\\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u.test(text))
    return JSON.stringify(text).replace(
      /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
      found => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return `'${text}'`;
}
