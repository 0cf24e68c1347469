// The entry `./store`: the store, its readers, its Views and Prometheus. Nothing of Argo, so that a thread that only records
// or collects loads no interpreter.
export { startCollectorThread } from './collector/start-collector-thread.js';
export type { CollectorThread } from './collector/start-collector-thread.js';
export type { CollectorRestartOptions, CollectorThreadOptions } from './collector/collector-options.js';
export { isMetricStoreError, MetricStoreError } from './errors.js';
export type { ErrorCode } from './errors.js';
export { collectPrometheus } from './exposition/collect-prometheus.js';
export type { PrometheusAnswer, PrometheusRequestOptions } from './exposition/collect-prometheus.js';
export { collectPrometheusText } from './exposition/collect-prometheus-text.js';
export type { PrometheusTextRequest } from './exposition/collect-prometheus-text.js';
export { startPrometheusEndpoint } from './exposition/prometheus-endpoint.js';
export type {
  PrometheusEndpoint,
  PrometheusOptions,
  RemotePrometheusOptions,
} from './exposition/prometheus-endpoint.js';
export { prometheusHandler } from './exposition/prometheus-handler.js';
export type { PrometheusHandler } from './exposition/prometheus-handler.js';
export type { PrometheusContentOptions, PrometheusHandlerOptions } from './exposition/prometheus-options.js';
export type { PrometheusSubject } from './exposition/prometheus-subject.js';
export { PROMETHEUS_CONTENT_TYPE } from './exposition/http/scrape-answers.js';
export type { BoundGauge, BufferedGauge } from './instruments/gauge-instrument.js';
export type { BoundHistogram, BufferedHistogram } from './instruments/histogram-instrument.js';
export type { BufferedMeter } from './instruments/buffered-meter.js';
export type { MetricStore } from './otel/store-interface.js';
export type { BoundSum, BufferedCounter, BufferedUpDownCounter } from './instruments/sum-instrument.js';
export { cardinalityLimitedView, limitViews } from './otel/cardinality-limited-view.js';
export type { CardinalityLimitedViewOptions } from './otel/cardinality-limited-view.js';
export type { LabelPolicy } from './otel/label-policy.js';
export { DoubleBufferedMetricReader } from './otel/double-buffered-metric-reader.js';
export { inheritedStore, shareWithWorkers } from './otel/inherited-store.js';
export { attachStore, createStore } from './otel/metric-store.js';
export type { AttachStoreOptions, StoreOptions } from './otel/metric-store.js';
export { observeProcess } from './otel/observe-process.js';
export type { ObserveProcessOptions } from './otel/observe-process.js';
export { observeStore } from './otel/observe-store.js';
export type { ObserveStoreOptions } from './otel/observe-store.js';
export type { DoubleBufferedMetricReaderOptions } from './otel/reader-options.js';
export type { StoreMetricReader } from './producers/exposed-reader.js';
export { promClientProducer } from './producers/prom-client-producer.js';
export type { PromClientRegistry } from './producers/prom-client-producer.js';
export type { InstrumentKind } from './store/definition/stream.js';
export type { StoreHandle, StoreReference } from './store/store-handle.js';
export type { Clock } from './guard/guarded-clock.js';
export type { CardinalityReportOptions } from './store/cardinality-reports.js';
export type {
  CardinalityAdvice,
  CardinalityCount,
  CardinalityReport,
  DryRunCardinality,
  LabelCardinality,
  LabelPolicyUse,
  MetricCardinality,
  RefusedValueCount,
  ValueCardinality,
} from './store/definition/cardinality-report.js';
export type { CardinalitySummary, RefusalCause, StoreStatistics } from './store/store-report.js';
