// What the full CRDs (the default since Argo Workflows 4.0) refuse before any controller sees it. Only warnings: with the
// minimal CRDs, and outside Kubernetes, it works.
import type { CompiledMetric } from './compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';

export const METRICS_MAX_OF_CRD = 100;
const GAUGE_VALUE_LENGTH_MAX = 256;
const PATTERN = '^[a-zA-Z_][a-zA-Z0-9_]*$';

/** The limits of what a metric may contain. */
export function checkCrdLimits({ path, name, labels, value }: CompiledMetric, report: MetricReport): void {
  if (name.hasTags) warnOfPattern(name.source, `${path}.name`, report);
  for (const label of labels)
    if (label.key.hasTags) warnOfPattern(label.key.source, `${label.path}.key`, report);
  if (value.kind === 'gauge' && [...value.template.source].length > GAUGE_VALUE_LENGTH_MAX) {
    // In Kubernetes' own words; it counts characters.
    const message = `Too long: may not be more than ${GAUGE_VALUE_LENGTH_MAX} bytes`;
    report.warning('CRD_VIOLATED', value.path, message, HINT);
  }
}

const HINT = 'The API server refuses this with the full CRDs of Argo Workflows 4.';

function warnOfPattern(text: string, path: string, report: MetricReport): void {
  const message = `Invalid value: ${JSON.stringify(text)}: should match '${PATTERN}'`;
  report.warning('CRD_VIOLATED', path, message, HINT);
}
