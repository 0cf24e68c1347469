// Labels whose values never end: every workflow, pod or second would add a series. And labels that have an end, but
// together too late.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { BlockScope } from './block-scope.js';
import { boundedText, policyText, viewText } from './label-mending.js';
import { chainText, labelVerdicts, reasonOf } from './label-verdict.js';
import type { LabelVerdict } from './label-verdict.js';
import { COUNT_MAX, isEndless } from './value-spread.js';
import type { OpenSpread } from './value-spread.js';

/** More series of one metric than that are worth a word, also when all of them are meant. */
const SERIES_MAX = 1000;
/** Labels that a message names. */
const NAMED_MAX = 5;

/** Warns of labels, and of a name, that are built from something with a new value each time. */
export function reportCardinalityHazards(
  metric: CompiledMetric,
  scope: BlockScope,
  report: MetricReport,
): void {
  const { path, name } = metric;
  if (name.hasTags) {
    const message = 'the name of the metric comes from a tag: every value of it is another metric';
    report.warning('CARDINALITY_HAZARD', `${path}.name`, message, 'Give it one name, and the value a label.');
  }
  const verdicts = labelVerdicts(metric, scope);
  const endless = verdicts.filter(({ spread }) => isEndless(spread));
  const policy = policyText(name.source, keysOf(endless));
  for (const verdict of endless) {
    const { label, chain, spread } = verdict;
    if (!isEndless(spread)) continue;
    const message = `label '${label.key.source}' is built from ${chainText(chain)}: ${reasonOf(spread.kind)}`;
    const hint = hintFor(verdict, spread, scope, policy, metric.value.kind === 'realtime');
    report.warning('CARDINALITY_HAZARD', `${label.path}.value`, message, hint);
  }
  if (endless.length === 0) reportProduct(metric, verdicts, report);
}

/** The View that would mend the metric, at each label that is warned of; said once in a file, it is a pattern for all. */
export function mendingView(
  metric: CompiledMetric,
  scope: BlockScope,
): { readonly paths: readonly string[]; readonly view: string } | undefined {
  const endless = labelVerdicts(metric, scope).filter(({ spread }) => isEndless(spread));
  const view = viewText(metric.name.source, keysOf(endless));
  return view === undefined ? undefined : { paths: endless.map(({ label }) => `${label.path}.value`), view };
}

function hintFor(
  verdict: LabelVerdict,
  spread: OpenSpread,
  scope: BlockScope,
  policy: string | undefined,
  isLive: boolean,
): string {
  const bounded = boundedText(verdict, spread, scope);
  const instead =
    bounded === undefined
      ? 'Leave the label out, or use something with few values, such as {{status}}.'
      : `Use something with few values, such as ${bounded}, or leave the label out.`;
  const asValue = spread.kind === 'number' ? 'Record it as the value of a gauge or a histogram. ' : '';
  // Counters and histograms are added up.
  const one = isLive ? ' Of realtime gauges that then have the same labels, one is shown.' : '';
  const without =
    policy === undefined ? '' : ` Without a change of the manifest, metricsConfig leaves it out: ${policy}`;
  return asValue + instead + one + without;
}

/** Each label has few values; of all together there may be many. */
function reportProduct(
  { path }: CompiledMetric,
  verdicts: readonly LabelVerdict[],
  report: MetricReport,
): void {
  const bounded = verdicts.filter(({ valueCount }) => valueCount !== undefined && valueCount > 1);
  const product = bounded.reduce((count, { valueCount = 1 }) => count * valueCount, 1);
  if (product <= SERIES_MAX) return;
  const [most] = [...bounded].sort((a, b) => (b.valueCount ?? 0) - (a.valueCount ?? 0));
  const counts = bounded
    .slice(0, NAMED_MAX)
    .map(({ label, valueCount = 0 }) => `${label.key.source} ${countText(valueCount)}`);
  report.warning(
    'CARDINALITY_HAZARD',
    `${path}.labels`,
    `the labels have up to ${countText(product)} combinations of values: ${counts.join(', ')}`,
    `More than ${SERIES_MAX} series of one metric are much; '${most?.label.key.source ?? ''}' has most of the values. Take fewer of it, or leave it out.`,
  );
}

function countText(count: number): string {
  return count >= COUNT_MAX ? '1e15 or more' : String(count);
}

function keysOf(verdicts: readonly LabelVerdict[]): readonly string[] {
  return verdicts.slice(0, NAMED_MAX).map(({ label }) => label.key.source);
}
