// What the full CRDs (the default since Argo Workflows 4.0) refuse before any controller sees it. Only warnings: with the
// minimal CRDs, and outside Kubernetes, it works.
import type { CompiledMetric } from './compiled-metric.js';
import { isRecord, listAt } from './json-value.js';
import type { MetricReport } from './metric-report.js';

export const METRICS_MAX_OF_CRD = 100;
const GAUGE_VALUE_LENGTH_MAX = 256;
const PATTERN = '^[a-zA-Z_][a-zA-Z0-9_]*$';

/** The limits of what a metric may contain. */
export function checkCrdLimits({ path, name, labels, value }: CompiledMetric, report: MetricReport): void {
  if (name.hasTags) warnOfPattern(name.source, `${path}.name`, report);
  for (const label of labels) {
    if (label.key.hasTags) warnOfPattern(label.key.source, `${label.path}.key`, report);
  }
  if (value.kind === 'gauge' && value.template.source.length > GAUGE_VALUE_LENGTH_MAX) {
    const message = `Too long: may not be more than ${GAUGE_VALUE_LENGTH_MAX} bytes`;
    report.warning('CRD_VIOLATED', value.path, message, HINT);
  }
}

/** What must be there although it means nothing when it is not; of interest to who writes a manifest only. */
export function checkCrdRequired(
  metrics: unknown,
  path: string,
  reportOf: (name: unknown) => MetricReport,
): void {
  for (const [index, metric] of listAt(metrics, 'prometheus').entries()) {
    if (!isRecord(metric)) continue;
    const report = reportOf(metric['name']);
    const { gauge, histogram } = metric;
    const metricPath = `${path}.prometheus[${index}]`;
    if (isRecord(gauge) && isAbsent(gauge['realtime'])) {
      const hint = 'Add `realtime: false`; the CRDs of Argo Workflows 4 insist on it.';
      report.warning('CRD_VIOLATED', `${metricPath}.gauge.realtime`, 'gauge.realtime: Required value', hint);
    }
    if (isRecord(histogram) && isAbsent(histogram['buckets'])) {
      const hint = 'List the upper bounds; the CRDs of Argo Workflows 4 insist on them.';
      report.warning(
        'CRD_VIOLATED',
        `${metricPath}.histogram.buckets`,
        'histogram.buckets: Required value',
        hint,
      );
    }
  }
}

const HINT = 'The API server refuses this with the full CRDs of Argo Workflows 4.';

function warnOfPattern(text: string, path: string, report: MetricReport): void {
  const message = `Invalid value: ${JSON.stringify(text)}: should match '${PATTERN}'`;
  report.warning('CRD_VIOLATED', path, message, HINT);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
