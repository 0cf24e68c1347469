/** Every kind of complaint about user data. A closed union; the codes are stable, the messages are not. */
export type DiagnosticCode =
  | 'BUCKETS_DIFFER'
  | 'BUCKETS_INVALID'
  | 'BUCKETS_TOO_FINE'
  | 'CARDINALITY_HAZARD'
  | 'CONFIG_INVALID'
  | 'CONFIG_UNSUPPORTED'
  | 'COUNTER_VALUE_INVALID'
  | 'CRD_VIOLATED'
  | 'DEFINITIONS_FULL'
  | 'EMISSION_INVALID'
  | 'EXPRESSION_CONSTANT'
  | 'EXPRESSION_FAILED'
  | 'EXPRESSION_INVALID'
  | 'FIELD_UNKNOWN'
  | 'FILE_UNREADABLE'
  | 'HELM_TEMPLATE'
  | 'HELP_CONFLICT'
  | 'HELP_MISSING'
  | 'HISTOGRAM_VALUE_INVALID'
  | 'LABELS_DIFFER'
  | 'LABEL_DUPLICATED'
  | 'LABEL_INVALID'
  | 'LABEL_RESERVED'
  | 'LIMIT_EXCEEDED'
  | 'MANIFEST_TOO_LARGE'
  | 'METRIC_TYPE_AMBIGUOUS'
  | 'METRIC_TYPE_MISSING'
  | 'NAME_INVALID'
  | 'NAME_RESERVED'
  | 'NODES_NOT_IN_OBJECT'
  | 'NODE_FAILS'
  | 'OBJECT_INVALID'
  | 'OPERATION_IGNORED'
  | 'OPERATION_UNKNOWN'
  | 'REALTIME_VALUE_INVALID'
  | 'REALTIME_VARIABLE_UNKNOWN'
  | 'SERIES_DUPLICATED'
  | 'SILENCING_INVALID'
  | 'SPEC_INVALID'
  | 'SPEC_TOO_LARGE'
  | 'TAG_UNCLOSED'
  | 'TAG_UNKNOWN'
  | 'TAG_UNRESOLVED'
  | 'TEMPLATE_NOT_FOUND'
  | 'TYPE_CONFLICT'
  | 'VALUE_INVALID'
  | 'VALUE_MISSING'
  | 'WHEN_INVALID'
  | 'WHEN_NEVER_TRUE'
  | 'YAML_INVALID'
  | 'YAML_KEY_DUPLICATED';

/** One complaint about user data: a manifest, a template, a `when` clause, a configuration. Collected, never thrown. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** `error`: something is not recorded. `warning`: it is recorded, perhaps not as meant. */
  readonly severity: 'error' | 'warning';
  /** The metric's name as the manifest has it, without prefix. */
  readonly metric?: string;
  /** Where in the manifest, such as `spec.metrics.prometheus[0].counter.value`. */
  readonly path: string;
  /** Index into the text at `path`, in UTF-16 units. */
  readonly position?: number;
  /** Argo's own words where it has some. */
  readonly message: string;
  readonly hint?: string;
}

/** What a part that sees only one text can say; who called it knows the metric and the path. */
export type TextDiagnostic = Omit<Diagnostic, 'metric' | 'path'>;
