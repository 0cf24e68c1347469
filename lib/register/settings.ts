// What `register` is told by the environment: OpenTelemetry's variables, by its specification, and one of our own.
import { DiagLogLevel, type Attributes } from '@opentelemetry/api';
import type { Environment } from './environment.js';
import { OTLP_PROTOCOLS, type OtlpProtocol } from './exporter-packages.js';
import { readResourceAttributes } from './resource-attributes.js';

const EXPORTERS = ['prometheus', 'otlp', 'console', 'none'] as const;
const LOG_LEVELS = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
} as const;
const RUNTIME = 'runtime-node';
const MILLIS_MAX = 2 ** 31 - 1;

export type ExporterName = Exclude<(typeof EXPORTERS)[number], 'none'>;

export interface Settings {
  readonly exporters: readonly ExporterName[];
  readonly protocol: OtlpProtocol;
  readonly times: { readonly exportIntervalMillis?: number; readonly exportTimeoutMillis?: number };
  readonly prometheus: { readonly host?: string; readonly port?: number };
  readonly resource: Attributes;
  readonly logLevel: DiagLogLevel;
  /** Whether the instrumentation of Node's runtime is wanted, where it is installed. */
  readonly runtime: boolean;
}

export function readSettings(environment: Environment): Settings {
  const host = environment.text('OTEL_EXPORTER_PROMETHEUS_HOST');
  const port = environment.whole('OTEL_EXPORTER_PROMETHEUS_PORT', 0, 65_535);
  const level = environment.word('OTEL_LOG_LEVEL', Object.keys(LOG_LEVELS) as (keyof typeof LOG_LEVELS)[]);
  warnOfExponential(environment);
  return {
    exporters: readExporters(environment),
    protocol: readProtocol(environment),
    times: readTimes(environment),
    prometheus: { ...(host !== undefined && { host }), ...(port !== undefined && { port }) },
    resource: readResourceAttributes(environment),
    logLevel: LOG_LEVELS[level ?? 'warn'],
    runtime: wantsRuntime(environment),
  };
}

/** Our own variable is for who has OpenTelemetry's `NodeSDK` read the other one. */
function readExporters(environment: Environment): ExporterName[] {
  const name = ['OTEL_ARGO_METRICS_EXPORTER', 'OTEL_METRICS_EXPORTER'].find(
    variable => environment.list(variable) !== undefined,
  );
  const given = name === undefined ? [] : (environment.list(name) ?? []);
  const known = EXPORTERS.filter(exporter => given.includes(exporter));
  const unknown = given.filter(item => !EXPORTERS.some(exporter => exporter === item));
  if (name !== undefined && unknown.length > 0)
    environment.warn(
      name,
      `a list of ${EXPORTERS.join(', ')}`,
      unknown.join(','),
      known.length > 0 ? known.join(',') : 'the default',
    );
  if (known.includes('none')) return [];
  if (known.length > 0) return known.filter(exporter => exporter !== 'none');
  const endpoint = environment.firstText(
    'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  );
  return [endpoint === undefined ? 'prometheus' : 'otlp'];
}

function readProtocol(environment: Environment): Settings['protocol'] {
  const variables = ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  const words = variables.map(variable => environment.word(variable, OTLP_PROTOCOLS));
  return words.find(word => word !== undefined) ?? 'http/protobuf';
}

function readTimes(environment: Environment): Settings['times'] {
  const exportIntervalMillis = environment.whole('OTEL_METRIC_EXPORT_INTERVAL', 1, MILLIS_MAX);
  const given = environment.whole('OTEL_METRIC_EXPORT_TIMEOUT', 1, MILLIS_MAX);
  const interval = exportIntervalMillis ?? 60_000;
  const isTooLong = given !== undefined && given > interval;
  if (isTooLong)
    environment.warn(
      'OTEL_METRIC_EXPORT_TIMEOUT',
      `at most the interval, ${interval}`,
      String(given),
      'that',
    );
  const exportTimeoutMillis = isTooLong ? interval : given;
  return {
    ...(exportIntervalMillis !== undefined && { exportIntervalMillis }),
    ...(exportTimeoutMillis !== undefined && { exportTimeoutMillis }),
  };
}

function warnOfExponential(environment: Environment): void {
  const name = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';
  const only = 'explicit_bucket_histogram';
  const text = environment.text(name);
  if (text !== undefined && text.toLowerCase() !== only) environment.warn(name, only, text);
}

/** As OpenTelemetry's automatic instrumentations are switched on and off. */
function wantsRuntime(environment: Environment): boolean {
  const enabled = environment.list('OTEL_NODE_ENABLED_INSTRUMENTATIONS');
  const disabled = environment.list('OTEL_NODE_DISABLED_INSTRUMENTATIONS');
  return (enabled?.includes(RUNTIME) ?? true) && disabled?.includes(RUNTIME) !== true;
}
