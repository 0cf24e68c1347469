// The entry `./argo`: what records Argo's custom metrics into a store of `./store`.
export { CustomMetrics } from './argo/custom-metrics.js';
export type { CompiledMetrics, CustomMetricsOptions } from './argo/custom-metrics.js';
export type { Diagnostic, DiagnosticCode } from './argo/diagnostic.js';
export type { EmitOptions } from './argo/emission-request.js';
export type { MetricScope } from './argo/metric-scope.js';
export type {
  MetricLabelSpec,
  MetricModifier,
  MetricsConfig,
  MetricsSpec,
  PrometheusMetricSpec,
} from './argo/metrics-spec.js';
export { renderTemplate } from './argo/render-template.js';
export type { Variables } from './argo/template.js';
export { evaluateWhen } from './argo/when.js';
export { WorkflowObserver } from './argo/workflow-observer.js';
export type { WorkflowEvent } from './argo/workflow-observer.js';
export { isMetricStoreError, MetricStoreError } from './errors.js';
export type { ErrorCode } from './errors.js';
export type { StoreHandle, StoreReference } from './store/store-handle.js';
