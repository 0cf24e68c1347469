// What metrics of one list do to each other, and a metric to itself from one workflow to the next.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { reportFor } from '../diagnostic/metric-report.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { tagsOf } from '../spec/metric-tags.js';
import type { BlockScope } from './block-scope.js';

/** Metrics of one list that record into one series at each emission. */
export function sameSeries(metrics: readonly CompiledMetric[]): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const first = new Map<string, CompiledMetric>();
  for (const metric of metrics) {
    if (metric.when.source !== '' || isStep(metric)) continue;
    const key = seriesOf(metric);
    const earlier = first.get(key);
    if (!earlier) {
      first.set(key, metric);
      continue;
    }
    const message = `metric '${metric.metric}' is given twice with the same labels: ${consequence(metric, earlier)}`;
    const hint = `The other one is at ${earlier.path}. Tell them apart by a label, or by 'when'.`;
    reportFor(metric.metric, diagnostics).warning('SERIES_DUPLICATED', `${metric.path}.name`, message, hint);
  }
  return diagnostics;
}

/** Steps up and down are made one after the other on purpose. */
function isStep({ value }: CompiledMetric): boolean {
  return value.kind === 'gauge' && value.operation !== 'Set';
}

/** Another type or another help is refused, and so no second time. */
function seriesOf({ name, help, labels, value }: CompiledMetric): string {
  const type = value.kind === 'realtime' ? 'gauge' : value.kind;
  const pairs = labels.map(label => [label.key.source, label.value.source]);
  return JSON.stringify([type, name.source, help.source, ...pairs.sort()]);
}

function consequence({ value }: CompiledMetric, earlier: CompiledMetric): string {
  if (value.kind === 'realtime' || earlier.value.kind === 'realtime') return 'only one of them is shown';
  return value.kind === 'gauge' ? 'the last one counts' : 'every emission counts twice';
}

/** A help that a tag makes differ between workflows. */
export function reportVaryingHelp(metric: CompiledMetric, _scope: BlockScope, report: MetricReport): void {
  const { path, name, help } = metric;
  if (!help.hasTags) return;
  // What tells the names apart as well gives each name one help.
  const tags = tagsOf(metric);
  const inName = new Set(tags.filter(tag => tag.path === `${path}.name`).map(tag => tag.name));
  const inHelp = tags.filter(tag => tag.path === `${path}.help`);
  const isFixed =
    help.segments.every(segment => segment.kind !== 'expression') &&
    inHelp.every(tag => inName.has(tag.name));
  if (isFixed) return;
  const message = `the help of metric '${name.source}' comes from a tag: what has another value of it than the first is refused, as the help is already set`;
  report.warning(
    'HELP_CONFLICT',
    `${path}.help`,
    message,
    'Write one text, and put what differs into a label.',
  );
}
