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

/**
 * What `metricsConfig.modifiers` says about one metric, by its name without the prefix. In the name `*` is any text and
 * `?` any character. Where several names match, all hold: what is said of the exact name goes first.
 */
export interface MetricModifier {
  /** Nothing is recorded. */
  disabled?: boolean;
  /**
   * Label keys that are left out. Series that become one are added up, if they are counters or histograms; a gauge shows
   * the latest Set.
   */
  disabledAttributes?: string[];
  /** Upper bounds instead of the declared ones, in any order. */
  histogramBuckets?: number[];
  /** Instead of `metricsTTL`, which Argo has for all metrics alike; `0s` is for ever. */
  ttl?: string;
}

/** Argo's `metricsConfig` of the workflow controller's ConfigMap, field for field. */
export interface MetricsConfig {
  enabled?: boolean;
  path?: string;
  port?: number;
  secure?: boolean;
  /** Such as `10m`, `1h30m` or `2d`. Absent or empty: series stay for ever. */
  metricsTTL?: string;
  ignoreErrors?: boolean;
  disableLegacy?: boolean;
  temporality?: 'Cumulative' | 'Delta';
  modifiers?: Record<string, MetricModifier>;
}
