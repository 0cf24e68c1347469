// What the texts of a metric come to where it stands. Every rule says one kind of thing about it.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { BlockScope } from './block-scope.js';
import { reportCardinalityHazards } from './cardinality-hazards.js';
import { reportControllerNames } from './controller-metrics.js';
import { reportManifestExpressions } from './manifest-expressions.js';
import { reportManifestTags } from './manifest-tags.js';
import { reportPodExpressions } from './pod-expressions.js';
import { reportVaryingHelp } from './same-series.js';
import { reportValueOutcomes } from './value-outcomes.js';
import { reportWhenOutcomes } from './when-outcomes.js';

type Rule = (metric: CompiledMetric, scope: BlockScope, report: MetricReport) => void;

const RULES: readonly Rule[] = [reportControllerNames, reportCardinalityHazards];

/** About what tags come to. */
const TAG_RULES: readonly Rule[] = [
  reportManifestTags,
  reportManifestExpressions,
  reportPodExpressions,
  reportWhenOutcomes,
  reportValueOutcomes,
  reportVaryingHelp,
];

/**
 * Reports what can never be, or hardly was meant, without running anything.
 * @param hasOwnTags false where something else fills in the tags before, so that nothing is known of them.
 */
export function reportMeaning(
  metric: CompiledMetric,
  scope: BlockScope,
  report: MetricReport,
  hasOwnTags = true,
): void {
  for (const rule of hasOwnTags ? [...RULES, ...TAG_RULES] : RULES) rule(metric, scope, report);
}
