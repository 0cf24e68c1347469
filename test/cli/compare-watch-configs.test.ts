import { expect } from 'chai';
import { compareWatchConfigs } from '../../lib/cli/compare-watch-configs.js';
import { WATCH_KEY_PATHS } from '../../lib/cli/config/watch-keys.js';
import { printWatchConfig } from '../../lib/cli/print-watch-config.js';
import { readWatchConfig, type WatchConfig } from '../../lib/cli/watch-config.js';

function configOf(text: string): WatchConfig {
  const { config } = readWatchConfig({ file: { name: 'watch.yaml', text } });
  if (config === undefined) throw new Error(`refused: ${text}`);
  return config;
}

/** For each key a file that changes it and nothing else. */
const CHANGES: Record<(typeof WATCH_KEY_PATHS)[number], string> = {
  namespaces: 'namespaces: [a]',
  instanceId: 'instanceId: a',
  'state.dir': 'state: {dir: a}',
  'state.whenLost': 'state: {whenLost: count}',
  'endpoint.host': 'endpoint: {host: localhost}',
  'endpoint.port': 'endpoint: {port: 1}',
  'endpoint.zeroFor': 'endpoint: {zeroFor: 0}',
  'otlp.enabled': 'otlp: {enabled: true}',
  'otlp.protocol': 'otlp: {protocol: grpc}',
  'otlp.interval': 'otlp: {interval: 5s}',
  metricsConfig: 'metricsConfig: {metricsTTL: 1h}',
  'limits.cardinalityLimit': 'limits: {cardinalityLimit: 3}',
  'limits.maxBytes': 'limits: {maxBytes: 64Mi}',
  'limits.objectBytes': 'limits: {objectBytes: 1Mi}',
  'limits.finishedKept': 'limits: {finishedKept: 5000}',
  'limits.pageSize': 'limits: {pageSize: 10}',
  'log.format': 'log: {format: json}',
  'log.level': 'log: {level: warn}',
  views: 'views: [{instrumentName: a}]',
};
const NOTHING = { hasOtherMetrics: false, needRestart: [] };

describe('compareWatchConfigs', () => {
  const before = configOf('');

  for (const path of WATCH_KEY_PATHS)
    it(`notices ${path}`, () => {
      const isApplied = path === 'metricsConfig';
      expect(compareWatchConfigs(before, configOf(CHANGES[path]))).to.deep.equal({
        hasOtherMetrics: isApplied,
        needRestart: isApplied ? [] : [path],
      });
      expect(compareWatchConfigs(configOf(CHANGES[path]), configOf(CHANGES[path]))).to.deep.equal(NOTHING);
    });

  it('looks at values, not at where they come from or how they are written', () => {
    expect(compareWatchConfigs(before, configOf(printWatchConfig(before)))).to.deep.equal(NOTHING);
    const [a, b] = [
      'endpoint: {zeroFor: 1m15s}\nlimits: {maxBytes: 262144Ki}',
      '{"endpoint": {"zeroFor": "75s"}}',
    ];
    expect(compareWatchConfigs(configOf(a), configOf(b))).to.deep.equal(NOTHING);
  });

  it('sees a change of what stands in a mapping', () => {
    const config = (bound: number): WatchConfig =>
      configOf(
        `metricsConfig: {modifiers: {a: {histogramBuckets: [1, ${bound}]}}}\nviews: [{instrumentName: a}]`,
      );
    expect(compareWatchConfigs(config(2), config(2))).to.deep.equal(NOTHING);
    expect(compareWatchConfigs(config(2), config(3)).hasOtherMetrics).to.equal(true);
  });

  it('takes another place of metricsConfig for a restart', () => {
    const places = [
      'metricsConfig: a.yaml',
      'metricsConfig: {configMap: a/b}',
      'metricsConfig: {configMap: a/c}',
    ];
    for (const place of places) {
      const needsRestart = { hasOtherMetrics: false, needRestart: ['metricsConfig'] };
      expect(compareWatchConfigs(before, configOf(place))).to.deep.equal(needsRestart);
      expect(compareWatchConfigs(configOf(place), configOf('metricsConfig: {}'))).to.deep.equal(needsRestart);
      expect(compareWatchConfigs(configOf(place), configOf(place))).to.deep.equal(NOTHING);
    }
  });
});
