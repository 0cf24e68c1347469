// The names that the controller's own metrics have.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { BlockScope } from './block-scope.js';

/** The instruments of Argo Workflows 4.1. */
export const CONTROLLER_METRICS: ReadonlySet<string> = new Set(
  `client_rate_limiter_latency cronworkflows_concurrencypolicy_triggered cronworkflows_triggered_total deprecated_feature
  error_count gauge is_leader k8s_request_duration k8s_request_total locks_held locks_pending locks_taken_total log_messages
  operation_duration_seconds pod_missing pod_pending_count pod_restarts_total pods_gauge pods_total_count queue_adds_count
  queue_depth_gauge queue_duration queue_latency queue_longest_running queue_retries queue_unfinished_work
  resource_rate_limiter_latency total_count version workers_busy_count workflow_condition workflowtemplate_runtime
  workflowtemplate_triggered_total`.split(/\s+/),
);

/** All custom metrics share one table with these, and those were there before. */
export function reportControllerNames(
  { path, name }: CompiledMetric,
  _scope: BlockScope,
  report: MetricReport,
): void {
  if (name.hasTags || !CONTROLLER_METRICS.has(name.source)) return;
  const message = `the controller has a metric '${name.source}' of its own, with another help: it refuses every emission of this one`;
  const hint =
    'Give it another name; one that begins with what it is about, such as the team, is never taken.';
  report.error('NAME_RESERVED', `${path}.name`, message, hint);
}
