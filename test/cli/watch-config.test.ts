// Goal: one configuration from four sources, or all that is wrong with them, each with its place.
import { expect } from 'chai';
import { readWatchConfig, type WatchConfig, type WatchConfigSources } from '../../lib/cli/watch-config.js';

const yaml = (text: string): WatchConfigSources['file'] => ({ name: 'watch.yaml', text });

function configOf(sources: WatchConfigSources): WatchConfig {
  const { config, problems } = readWatchConfig(sources);
  expect(problems).to.deep.equal([]);
  if (config === undefined) throw new Error('no configuration, and no problem');
  return config;
}

describe('readWatchConfig', () => {
  it('has defaults for everything', () => {
    const { entries, ...config } = configOf({});
    expect(config).to.deep.equal({
      namespaces: 'all',
      instanceId: undefined,
      state: { dir: undefined, whenLost: 'baseline' },
      endpoint: { host: '0.0.0.0', port: 9464, zeroStartMillis: 75_000 },
      otlp: undefined,
      metricsConfig: undefined,
      limits: {
        ...{ cardinalityLimit: 2000, maxBytes: 2 ** 28, objectBytes: 2 ** 24, finishedKept: 200_000 },
        finishedKept: 200_000,
        pageSize: 100,
      },
      log: { format: undefined, level: 'info' },
      views: [],
    });
    expect(new Set(Object.values(entries.sources).map(({ kind }) => kind))).to.deep.equal(
      new Set(['default']),
    );
    expect(configOf({ file: yaml('# nothing\n') })).to.deep.equal(configOf({}));
  });

  it('takes a flag before a variable, that before the file, and that before a default, key by key', () => {
    const file = yaml(
      'endpoint: {host: file, port: 1, zeroFor: 1s}\nlog: {level: error}\ninstanceId: file\n',
    );
    const environment = {
      OTEL_EXPORTER_PROMETHEUS_HOST: 'variable',
      OTEL_EXPORTER_PROMETHEUS_PORT: '2',
      OTEL_LOG_LEVEL: 'debug',
    };
    const flags = { listen: 'flag:3' };
    const { endpoint, log, instanceId, entries } = configOf({ file, environment, flags });
    expect(endpoint).to.deep.equal({ host: 'flag', port: 3, zeroStartMillis: 1000 });
    expect([log.level, instanceId]).to.deep.equal(['debug', 'file']);
    expect(entries.sources['endpoint.port']).to.deep.equal({ kind: 'flag', flag: 'listen' });
    expect(entries.sources['log.level']).to.deep.equal({ kind: 'environment', variable: 'OTEL_LOG_LEVEL' });
    expect(entries.sources.instanceId).to.deep.equal({ kind: 'file', file: 'watch.yaml', line: 3 });
    expect(entries.sources['limits.pageSize']).to.deep.equal({ kind: 'default' });
    expect(configOf({ file, environment }).endpoint).to.include({ host: 'variable', port: 2 });
    expect(configOf({ file }).endpoint).to.include({ host: 'file', port: 1 });
    expect(configOf({ file, flags: { listen: ':5' } }).endpoint).to.include({ host: 'file', port: 5 });
  });

  it('keeps a state of all namespaces or of one', () => {
    const flags = { state: '/state' };
    expect(configOf({ flags }).state).to.deep.equal({ dir: '/state', whenLost: 'baseline' });
    expect(configOf({ flags: { ...flags, namespace: ['a'] } }).namespaces).to.deep.equal(['a']);
    const { config, problems } = readWatchConfig({ flags: { ...flags, namespace: ['a', 'b'] } });
    expect(config).to.equal(undefined);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ code: 'CONFIG_INVALID', origin: '--state', path: 'state.dir' });
    expect(problems[0]?.message).to.contain('of all namespaces or of one, got 2');
    const file = yaml('namespaces: [a, b]\nstate:\n  dir: x\n');
    expect(readWatchConfig({ file }).problems[0]).to.include({ origin: 'watch.yaml:3' });
  });

  it('sends by OTLP where that was said, as its variables say', () => {
    const file = yaml('otlp: {enabled: true, interval: 10s}');
    expect(configOf({ file }).otlp).to.deep.equal({ protocol: 'http/protobuf', intervalMillis: 10_000 });
    const environment = {
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc',
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
    };
    expect(configOf({ environment }).otlp).to.deep.equal({ protocol: 'grpc', intervalMillis: 5000 });
    expect(configOf({ file, environment: { OTEL_METRICS_EXPORTER: 'none' } }).otlp).to.equal(undefined);
    // Where to send to says nothing about whether: other programs read it, too.
    expect(configOf({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318' } }).otlp).to.equal(
      undefined,
    );
  });

  it('gives Views the limit of all metrics, wherever that was said', () => {
    const file = yaml('views: [{instrumentName: a}, {instrumentName: b, limit: 7}]');
    const environment = { OTEL_ARGO_METRICS_LIMITS_CARDINALITY_LIMIT: '50' };
    expect(configOf({ file, environment }).views.map(({ limit }) => limit)).to.deep.equal([50, 7]);
  });

  it('says all that is wrong in all sources, also what another one goes before', () => {
    const { config, problems } = readWatchConfig({
      file: yaml('endpoint: {port: x}\n'),
      environment: { OTEL_ARGO_METRICS_STATE_WHEN_LOST: 'no' },
      flags: { listen: 'a:1', namespace: ['A'] },
    });
    expect(config).to.equal(undefined);
    expect(problems.map(problem => ('file' in problem ? problem.file : problem.origin))).to.deep.equal([
      'watch.yaml',
      'OTEL_ARGO_METRICS_STATE_WHEN_LOST',
      '--namespace',
    ]);
  });

  it('goes on with warnings', () => {
    const { config, problems } = readWatchConfig({
      file: yaml('metricsConfig: {port: 9090}'),
      environment: { OTEL_LOG_LEVEL: 'loud' },
    });
    expect(problems.map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal([
      'warning CONFIG_UNSUPPORTED',
      'warning CONFIG_INVALID',
    ]);
    expect(config?.log.level).to.equal('info');
    expect(config?.metricsConfig).to.deep.equal({ inline: { port: 9090 } });
  });

  it('has no key for what is put off', () => {
    for (const key of ['election', 'elect', 'share', 'listen', 'kubeconfig'])
      for (const text of [`${key}: true`, `state: {${key}: true}`])
        expect(readWatchConfig({ file: yaml(text) }).problems[0]?.code, text).to.equal('FIELD_UNKNOWN');
  });

  it('never throws, whatever the text is', () => {
    for (const text of ['\0', '- - -', '? a', '{', '[', '"', '!!binary x', '*a', '@', '`', '\uD800', '{"a":'])
      expect(readWatchConfig({ file: yaml(text) }).problems, JSON.stringify(text)).to.not.be.empty;
  });
});
