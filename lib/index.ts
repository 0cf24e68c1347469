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
export { collectPrometheusText } from './exposition/collect-prometheus-text.js';
export type { PrometheusTextRequest } from './exposition/collect-prometheus-text.js';
export { startPrometheusEndpoint } from './exposition/prometheus-endpoint.js';
export type { PrometheusEndpoint, PrometheusOptions } from './exposition/prometheus-endpoint.js';
export type { BoundGauge, BufferedGauge } from './instruments/gauge-instrument.js';
export type { BoundHistogram, BufferedHistogram } from './instruments/histogram-instrument.js';
export type { BufferedMeter } from './instruments/buffered-meter.js';
export type { MetricStore } from './otel/store-interface.js';
export type { BoundSum, BufferedCounter, BufferedUpDownCounter } from './instruments/sum-instrument.js';
export { cardinalityLimitedView, limitViews } from './otel/cardinality-limited-view.js';
export type { CardinalityLimitedViewOptions } from './otel/cardinality-limited-view.js';
export { DoubleBufferedMetricReader } from './otel/double-buffered-metric-reader.js';
export { attachStore, createStore } from './otel/metric-store.js';
export type { AttachStoreOptions, StoreOptions } from './otel/metric-store.js';
export { observeStore } from './otel/observe-store.js';
export type { ObserveStoreOptions } from './otel/observe-store.js';
export type { DoubleBufferedMetricReaderOptions } from './otel/reader-options.js';
export type { StoreHandle, StoreReference } from './store/store-handle.js';
export type { Clock } from './guard/guarded-clock.js';
export type { CardinalityReport, RefusalCause, StoreStatistics } from './store/store-report.js';
