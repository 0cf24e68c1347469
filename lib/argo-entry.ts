// The entry `./argo`: what records Argo's custom metrics into a store of `./store`.
export { CustomMetrics } from './argo/emit/custom-metrics.js';
export type { CompiledMetrics, CustomMetricsOptions } from './argo/emit/custom-metrics.js';
export type { Diagnostic, DiagnosticCode } from './argo/diagnostic/diagnostic.js';
export type { EmitOptions } from './argo/emit/emission-request.js';
export type { MetricScope } from './argo/variables/metric-scope.js';
export type {
  MetricLabelSpec,
  MetricModifier,
  MetricsConfig,
  MetricsSpec,
  PrometheusMetricSpec,
} from './argo/spec/metrics-spec.js';
export { renderTemplate } from './argo/template/render-template.js';
export type { Variables } from './argo/template/template.js';
export { evaluateWhen } from './argo/when/when.js';
export { WorkflowObserver } from './argo/observe/workflow-observer.js';
export type { WorkflowEvent } from './argo/observe/workflow-observer.js';
export { isMetricStoreError, MetricStoreError } from './errors.js';
export type { ErrorCode } from './errors.js';
export type { StoreHandle, StoreReference } from './store/store-handle.js';
