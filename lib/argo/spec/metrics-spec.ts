/** One label of a custom metric. Both texts may contain template tags. */
export interface MetricLabelSpec {
  readonly key: string;
  readonly value: string;
}

/** A custom metric as Argo Workflows declares it, field for field. Exactly one of the three types should be given. */
export interface PrometheusMetricSpec {
  /** Without the prefix. Letters, digits and `_`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly MetricLabelSpec[];
  /** Absent or empty: always. */
  readonly when?: string;
  readonly gauge?: {
    readonly value: string | number;
    readonly realtime?: boolean | null;
    /** @defaultValue `'Set'` */
    readonly operation?: 'Set' | 'Add' | 'Sub';
  } | null;
  readonly histogram?: {
    readonly value: string | number;
    /** Upper bounds, ascending. Absent or empty: OpenTelemetry's default boundaries. */
    readonly buckets?: readonly number[] | null;
  } | null;
  readonly counter?: { readonly value: string | number } | null;
}

/** Argo's `metrics` object of a workflow or of a template. */
export interface MetricsSpec {
  readonly prometheus: readonly PrometheusMetricSpec[];
}

/**
 * What `metricsConfig.modifiers` says about one metric, by its name without the prefix. In the name `*` is any text and
 * `?` any character. Where several names match, all hold: what is said of the exact name goes first.
 */
export interface MetricModifier {
  /** Nothing is recorded. */
  readonly disabled?: boolean;
  /**
   * Label keys that are left out. Series that become one are added up, if they are counters or histograms; a gauge shows
   * the latest Set.
   */
  readonly disabledAttributes?: readonly string[];
  /** Upper bounds instead of the declared ones, in any order. */
  readonly histogramBuckets?: readonly number[];
  /** Instead of `metricsTTL`, which Argo has for all metrics alike; `0s` is for ever. */
  readonly ttl?: string;
}

/** Argo's `metricsConfig` of the workflow controller's ConfigMap, field for field. */
export interface MetricsConfig {
  readonly enabled?: boolean;
  readonly path?: string;
  readonly port?: number;
  readonly secure?: boolean;
  /** Such as `10m`, `1h30m` or `2d`. Absent or empty: series stay for ever. */
  readonly metricsTTL?: string;
  readonly ignoreErrors?: boolean;
  readonly disableLegacy?: boolean;
  readonly temporality?: 'Cumulative' | 'Delta';
  readonly modifiers?: Readonly<Record<string, MetricModifier>>;
}
