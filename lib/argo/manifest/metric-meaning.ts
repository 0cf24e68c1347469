// What the texts of a metric come to where it stands. Every rule says one kind of thing about it.
import type { CompiledMetric } from '../compiled-metric.js';
import type { MetricReport } from '../metric-report.js';
import type { BlockScope } from './block-scope.js';
import { reportCardinalityHazards } from './cardinality-hazards.js';
import { reportControllerNames } from './controller-metrics.js';
import { reportManifestExpressions } from './manifest-expressions.js';
import { reportManifestTags } from './manifest-tags.js';
import { reportPodExpressions } from './pod-expressions.js';
import { reportVaryingHelp } from './same-series.js';
import { reportValueOutcomes } from './value-outcomes.js';
import { reportWhenOutcomes } from './when-outcomes.js';

const RULES: readonly ((metric: CompiledMetric, scope: BlockScope, report: MetricReport) => void)[] = [
  reportControllerNames,
  reportManifestTags,
  reportManifestExpressions,
  reportPodExpressions,
  reportWhenOutcomes,
  reportValueOutcomes,
  reportVaryingHelp,
  reportCardinalityHazards,
];

/** Reports what can never be, or hardly was meant, without running anything. */
export function reportMeaning(metric: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  for (const rule of RULES) rule(metric, scope, report);
}
