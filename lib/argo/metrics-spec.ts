/** One label of a custom metric. Both texts may contain template tags. */
export interface MetricLabelSpec {
  key: string;
  value: string;
}

/** A custom metric as Argo Workflows declares it, field for field. Exactly one of the three types should be given. */
export interface PrometheusMetricSpec {
  /** Without the prefix. Letters, digits and `_`. */
  name: string;
  help: string;
  labels?: MetricLabelSpec[];
  /** Absent or empty: always. */
  when?: string;
  gauge?: {
    value: string | number;
    realtime?: boolean | null;
    /** @default 'Set' */
    operation?: 'Set' | 'Add' | 'Sub';
  } | null;
  histogram?: {
    value: string | number;
    /** Upper bounds, ascending. Absent or empty: OpenTelemetry's default boundaries. */
    buckets?: number[] | null;
  } | null;
  counter?: { value: string | number } | null;
}

/** Argo's `metrics` object of a workflow or of a template. */
export interface MetricsSpec {
  prometheus: PrometheusMetricSpec[];
}

/** What `metricsConfig.modifiers` says about one metric, by its name without the prefix. */
export interface MetricModifier {
  disabled?: boolean;
  disabledAttributes?: string[];
  histogramBuckets?: number[];
}

/** Argo's `metricsConfig` of the workflow controller's ConfigMap, field for field. */
export interface MetricsConfig {
  enabled?: boolean;
  path?: string;
  port?: number;
  secure?: boolean;
  metricsTTL?: string;
  ignoreErrors?: boolean;
  disableLegacy?: boolean;
  temporality?: 'Cumulative' | 'Delta';
  modifiers?: Record<string, MetricModifier>;
}
