import { expect } from 'chai';
import { valuesOfEnvironment } from '../../../lib/cli/config/environment-values.js';
import { WATCH_KEY_PATHS, watchKey } from '../../../lib/cli/config/watch-keys.js';

function valuesOf(environment: Record<string, string>): Record<string, unknown> {
  const { values, problems } = valuesOfEnvironment(environment);
  expect(problems).to.deep.equal([]);
  return Object.fromEntries(values.map(({ path, value }) => [path, value]));
}

function problemsOf(environment: Record<string, string>): string[] {
  return valuesOfEnvironment(environment).problems.map(problem => {
    const { severity, code, message, hint = '' } = problem;
    return `${'origin' in problem ? problem.origin : ''} ${severity} ${code} ${message} ${hint}`.trim();
  });
}

/** A text for each variable, and the value that it stands for. */
const EXAMPLES: Record<string, [text: string, value: unknown]> = {
  OTEL_ARGO_METRICS_NAMESPACES: [' a, b,a ', ['a', 'b']],
  OTEL_ARGO_METRICS_INSTANCE_ID: ['one', 'one'],
  OTEL_ARGO_METRICS_STATE_DIR: ['/state', '/state'],
  OTEL_ARGO_METRICS_STATE_WHEN_LOST: ['refuse', 'refuse'],
  OTEL_EXPORTER_PROMETHEUS_HOST: ['::', '::'],
  OTEL_EXPORTER_PROMETHEUS_PORT: ['0', 0],
  OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: ['0', 0],
  OTEL_ARGO_METRICS_EXPORTER: ['prometheus, OTLP', true],
  OTEL_METRICS_EXPORTER: ['none', false],
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: ['GRPC', 'grpc'],
  OTEL_EXPORTER_OTLP_PROTOCOL: ['http/json', 'http/json'],
  OTEL_METRIC_EXPORT_INTERVAL: ['5000', 5000],
  OTEL_ARGO_METRICS_METRICS_CONFIG: ['/etc/m.yaml', { file: '/etc/m.yaml' }],
  OTEL_ARGO_METRICS_LIMITS_CARDINALITY_LIMIT: ['50', 50],
  OTEL_ARGO_METRICS_LIMITS_MAX_BYTES: ['1Gi', 2 ** 30],
  OTEL_ARGO_METRICS_LIMITS_OBJECT_BYTES: ['2097152', 2 ** 21],
  OTEL_ARGO_METRICS_LIMITS_FINISHED_KEPT: ['5000', 5000],
  OTEL_ARGO_METRICS_LIMITS_PAGE_SIZE: ['10', 10],
  OTEL_ARGO_METRICS_LOG_FORMAT: ['json', 'json'],
  OTEL_LOG_LEVEL: ['WARN', 'warn'],
};

describe('valuesOfEnvironment', () => {
  for (const path of WATCH_KEY_PATHS)
    for (const { name } of watchKey(path).variables)
      it(`reads ${path} from ${name}`, () => {
        const [text, value] = EXAMPLES[name] ?? ['', undefined];
        expect(valuesOf({ [name]: text })).to.deep.equal({ [path]: value });
      });

  it('takes all for all namespaces, and what is empty for not set', () => {
    expect(valuesOf({ OTEL_ARGO_METRICS_NAMESPACES: 'all' })).to.deep.equal({ namespaces: 'all' });
    expect(valuesOf({ OTEL_ARGO_METRICS_LOG_FORMAT: ' ', OTEL_LOG_LEVEL: '' })).to.deep.equal({});
  });

  it('refuses what our own variables cannot say, and warns of others, which mean somebody else perhaps', () => {
    expect(problemsOf({ OTEL_ARGO_METRICS_LIMITS_PAGE_SIZE: '9' })).to.deep.equal([
      'OTEL_ARGO_METRICS_LIMITS_PAGE_SIZE error CONFIG_INVALID limits.pageSize must be a whole number from 10 to 500, got 9',
    ]);
    const exporters = 'otlp.enabled must be a list of prometheus, otlp, none here, got "console"';
    expect(
      problemsOf({ OTEL_ARGO_METRICS_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'console' }),
    ).to.deep.equal([
      `OTEL_ARGO_METRICS_EXPORTER error CONFIG_INVALID ${exporters}`,
      `OTEL_METRICS_EXPORTER warning CONFIG_INVALID ${exporters}`,
    ]);
    for (const text of ['1m', '99', '1800001'])
      expect(problemsOf({ OTEL_METRIC_EXPORT_INTERVAL: text })).to.deep.equal([
        `OTEL_METRIC_EXPORT_INTERVAL warning CONFIG_INVALID otlp.interval must be a whole number of milliseconds from 100 to 1800000 here, got ${JSON.stringify(text)}`,
      ]);
    expect(problemsOf({ OTEL_EXPORTER_PROMETHEUS_PORT: '99999' })[0]).to.match(/ warning CONFIG_INVALID /);
  });

  it('warns of a variable of our own that there is not, with the one that was meant', () => {
    expect(problemsOf({ OTEL_ARGO_METRICS_LOG_FORMT: 'x' })).to.deep.equal([
      "OTEL_ARGO_METRICS_LOG_FORMT warning FIELD_UNKNOWN unknown variable Did you mean 'OTEL_ARGO_METRICS_LOG_FORMAT'?",
    ]);
  });

  it('takes nothing from what Kubernetes says of a Service of our name', () => {
    const suffixes = [
      ...['SERVICE_HOST', 'SERVICE_PORT', 'SERVICE_PORT_METRICS', 'PORT', 'PORT_9464_TCP'],
      ...['PORT_9464_TCP_PROTO', 'PORT_9464_TCP_PORT', 'PORT_9464_TCP_ADDR'],
    ];
    const links = suffixes.map(suffix => [`OTEL_ARGO_METRICS_${suffix}`, 'tcp://10.0.0.1:9464'] as const);
    expect(valuesOf(Object.fromEntries(links))).to.deep.equal({});
    // Such a Service may have more in its name than we have.
    const own = WATCH_KEY_PATHS.flatMap(path => watchKey(path).variables.map(({ name }) => name));
    expect(
      own.filter(name => /^OTEL_ARGO_.*_(SERVICE_HOST|SERVICE_PORT|PORT|TCP|ADDR|PROTO)$/.test(name)),
    ).to.deep.equal([]);
  });

  it('reads own properties only', () => {
    const inherited: Record<string, string> = {};
    Object.setPrototypeOf(inherited, { OTEL_LOG_LEVEL: 'warn' });
    expect(valuesOf(inherited)).to.deep.equal({});
  });
});
