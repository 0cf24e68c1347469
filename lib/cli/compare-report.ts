// All series of two endpoints, each in its class.
import { CONTROLLER_METRICS } from '../argo/lint/controller-metrics.js';
import { PREFIX_DEFAULT } from '../argo/emit/custom-metrics.js';
import { matchesPattern } from '../store/definition/view-matching.js';
import { pendingLabels, type MetricFacts } from './compare-explanations.js';
import { COMPARED_CLASSES, comparePair, type ComparedClass, type ComparedSeries } from './compare-pair.js';
import type { CompareSide, SeriesHistory } from './compare-side.js';

export interface CompareReport {
  readonly series: readonly ComparedSeries[];
  readonly counts: Readonly<Record<ComparedClass, number>>;
  readonly metrics: number;
  /** Series that began again at 0 in the time. */
  readonly resetsHere: number;
  readonly resetsThere: number;
}

/** What the controller had before 3.6, and what its libraries have. */
const OLDER_NAMES = /^(?:count|pods_count|queue_depth_count|workers_busy|workflows_processed_count)$/;
const RUNTIME_NAMES = /^(?:go|process|promhttp)_/;
/** How this side shows what is past a limit. */
const OVERFLOW_KEY = 'otel_metric_overflow';
const OTHER_VALUE = '_OTHER';

/** Whether samples of a name may be of a custom metric. Ends of the names of histograms do not matter. */
export function isCustomName(name: string, patterns: readonly string[]): boolean {
  if (patterns.length > 0) return patterns.some(pattern => isMeant(name, pattern));
  if (!name.startsWith(PREFIX_DEFAULT)) return false;
  const own = name.slice(PREFIX_DEFAULT.length);
  return ![own, own.replace(PART, '')].some(
    each => CONTROLLER_METRICS.has(each) || OLDER_NAMES.test(each) || RUNTIME_NAMES.test(each),
  );
}

const PART = /_(?:bucket|sum|count)$/;

function isMeant(name: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  return [name, name.replace(PART, '')].some(each => matchesPattern(wanted, each.toLowerCase()));
}

export function compareSides(here: CompareSide, there: CompareSide): CompareReport {
  const facts = factsOf(here, there);
  const series: ComparedSeries[] = [];
  for (const key of new Set([...here.series.keys(), ...there.series.keys()])) {
    const [own, other] = [here.series.get(key), there.series.get(key)];
    const compared = comparePair(own, other, facts.get((own ?? other)?.metric ?? '') ?? NO_FACTS);
    if (compared !== undefined) series.push(compared);
  }
  series.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  const counts = Object.fromEntries(COMPARED_CLASSES.map(each => [each, 0])) as Record<ComparedClass, number>;
  for (const each of series) counts[each.class]++;
  return {
    ...{ series, counts, metrics: new Set(series.map(({ metric }) => metric)).size },
    ...{ resetsHere: resetsOf(here), resetsThere: resetsOf(there) },
  };
}

const NO_FACTS: MetricFacts = { seriesThere: 0, isLimitedHere: false, pending: new Set() };

function factsOf(here: CompareSide, there: CompareSide): Map<string, MetricFacts> {
  const facts = new Map<string, { seriesThere: number; isLimitedHere: boolean; pending: Set<string> }>();
  const factsFor = ({ metric }: SeriesHistory) => {
    const known = facts.get(metric) ?? { seriesThere: 0, isLimitedHere: false, pending: new Set<string>() };
    facts.set(metric, known);
    return known;
  };
  for (const series of there.series.values()) {
    const known = factsFor(series);
    known.seriesThere++;
    for (const labels of pendingLabels(series)) known.pending.add(labels);
  }
  for (const series of here.series.values())
    if (series.labels.some(([key, value]) => key === OVERFLOW_KEY || value === OTHER_VALUE))
      factsFor(series).isLimitedHere = true;
  return facts;
}

function resetsOf(side: CompareSide): number {
  let count = 0;
  for (const { resets } of side.series.values()) count += resets > 0 ? 1 : 0;
  return count;
}

/** As a Prometheus text has it. */
export function textOf({ metric, labels }: Pick<ComparedSeries, 'metric' | 'labels'>): string {
  if (labels.length === 0) return metric;
  const quoted = labels.map(
    ([key, value]) => `${key}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  );
  return `${metric}{${quoted.join(',')}}`;
}
