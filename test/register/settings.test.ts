// The table of variables, as OpenTelemetry's specification has them.
import { DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import { Environment } from '../../lib/register/environment.js';
import { readSettings, type Settings } from '../../lib/register/settings.js';

type Values = Record<string, string>;

function read(values: Values): { settings: Settings; warnings: string[] } {
  const environment = new Environment(values);
  return { settings: readSettings(environment), warnings: environment.warnings };
}

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

const RIGHT: readonly (readonly [Values, Partial<Settings>])[] = [
  [
    {},
    {
      exporters: ['prometheus'],
      protocol: 'http/protobuf',
      times: {},
      prometheus: {},
      logLevel: DiagLogLevel.WARN,
      runtime: true,
    },
  ],
  [ENDPOINT, { exporters: ['otlp'] }],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost:4318' }, { exporters: ['otlp'] }],
  [{ ...ENDPOINT, OTEL_METRICS_EXPORTER: 'prometheus' }, { exporters: ['prometheus'] }],
  [{ OTEL_METRICS_EXPORTER: 'Console, otlp,otlp' }, { exporters: ['otlp', 'console'] }],
  [{ OTEL_METRICS_EXPORTER: 'none' }, { exporters: [] }],
  [{ OTEL_METRICS_EXPORTER: 'otlp,none' }, { exporters: [] }],
  [{ OTEL_METRICS_EXPORTER: 'none', OTEL_ARGO_METRICS_EXPORTER: 'otlp' }, { exporters: ['otlp'] }],
  [{ OTEL_METRICS_EXPORTER: 'otlp', OTEL_ARGO_METRICS_EXPORTER: ' ' }, { exporters: ['otlp'] }],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, { protocol: 'grpc' }],
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' },
    { protocol: 'http/json' },
  ],
  [
    { OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_METRIC_EXPORT_TIMEOUT: '200' },
    { times: { exportIntervalMillis: 500, exportTimeoutMillis: 200 } },
  ],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '500' }, { times: { exportIntervalMillis: 500 } }],
  [
    { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0', OTEL_EXPORTER_PROMETHEUS_PORT: '0' },
    { prometheus: { host: '0.0.0.0', port: 0 } },
  ],
  [{ OTEL_LOG_LEVEL: 'DEBUG' }, { logLevel: DiagLogLevel.DEBUG }],
  [{ OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http,runtime-node' }, { runtime: false }],
  [{ OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http' }, { runtime: false }],
  [{ OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,runtime-node' }, { runtime: true }],
  [{ OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'explicit_bucket_histogram' }, {}],
];

const WRONG: readonly (readonly [Values, string, Partial<Settings>])[] = [
  [{ OTEL_METRICS_EXPORTER: 'graphite' }, '"graphite": the default is used', { exporters: ['prometheus'] }],
  [
    { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'graphite' },
    'OTEL_METRICS_EXPORTER must be',
    { exporters: ['otlp'] },
  ],
  [{ OTEL_METRICS_EXPORTER: 'console,statsd' }, '"statsd": console is used', { exporters: ['console'] }],
  [{ OTEL_ARGO_METRICS_EXPORTER: 'x' }, 'OTEL_ARGO_METRICS_EXPORTER must be', { exporters: ['prometheus'] }],
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'http' },
    'one of http/protobuf, grpc, http/json',
    { protocol: 'http/protobuf' },
  ],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '0' }, 'a whole number from 1', { times: {} }],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '3000000000' }, 'from 1 to 2147483647', { times: {} }],
  [
    { OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_METRIC_EXPORT_TIMEOUT: '600' },
    'at most the interval, 500, got "600": that is used',
    { times: { exportIntervalMillis: 500, exportTimeoutMillis: 500 } },
  ],
  [
    { OTEL_METRIC_EXPORT_TIMEOUT: '60001' },
    'at most the interval, 60000',
    { times: { exportTimeoutMillis: 60_000 } },
  ],
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: '65536' }, 'from 0 to 65535', { prometheus: {} }],
  [{ OTEL_LOG_LEVEL: 'trace' }, 'one of none, error, warn', { logLevel: DiagLogLevel.WARN }],
  [
    { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram' },
    'must be explicit_bucket_histogram',
    {},
  ],
];

describe('readSettings', () => {
  for (const [values, expected] of RIGHT)
    it(`should read ${JSON.stringify(values)}`, () => {
      const { settings, warnings } = read(values);
      expect(settings).to.deep.include(expected);
      expect(warnings).to.deep.equal([]);
    });

  for (const [values, warning, expected] of WRONG)
    it(`should warn of ${JSON.stringify(values)}`, () => {
      const { settings, warnings } = read(values);
      expect(settings).to.deep.include(expected);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include(warning);
    });
});
