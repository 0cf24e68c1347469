// Goal: what is printed is a file that says the same. Method: an example as people see it, and random configurations.
import { expect } from 'chai';
import fc from 'fast-check';
import { printWatchConfig } from '../../lib/cli/print-watch-config.js';
import { readWatchConfig, type WatchConfig, type WatchConfigSources } from '../../lib/cli/watch-config.js';
import { arbitraryConfig } from './config/arbitrary-config.js';

function configOf(sources: WatchConfigSources): WatchConfig {
  const { config, problems } = readWatchConfig(sources);
  expect(problems.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
  if (config === undefined) throw new Error('no configuration, and no problem');
  return config;
}

/** Without where it came from. */
function saidBy({ entries: { values }, ...config }: WatchConfig): object {
  return { ...config, values };
}

describe('printWatchConfig', () => {
  it('prints each key, with the source of its value', () => {
    const config = configOf({
      flags: { listen: '[::1]:9000', namespace: ['argo', 'team'] },
      environment: { OTEL_LOG_LEVEL: 'warn' },
      file: {
        name: 'watch.yaml',
        text: 'limits:\n  pageSize: 50\nviews: [{instrumentName: "a*", seriesTtl: 90s}]\n',
      },
    });
    expect(printWatchConfig(config)).to.equal(`namespaces: # from --namespace
  - argo
  - team
# instanceId: # default: Workflows that name no controller
state:
  # dir: # default: nothing is kept
  whenLost: baseline # default
endpoint:
  host: "::1" # from --listen
  port: 9000 # from --listen
  zeroFor: 1m15s # default
otlp:
  enabled: false # default
  protocol: http/protobuf # default
  interval: 1m # default
# metricsConfig: # default: metrics as declared
limits:
  cardinalityLimit: 2000 # default
  maxBytes: 256Mi # default
  objectBytes: 16Mi # default
  finishedKept: 200000 # default
  pageSize: 50 # from watch.yaml:2
log:
  # format: # default: text on a terminal, else json
  level: warn # from OTEL_LOG_LEVEL
views: # from watch.yaml:3
  - instrumentName: "a*"
    seriesTtl: 1m30s
`);
  });

  it('reads back as the same configuration', () => {
    fc.assert(
      fc.property(arbitraryConfig, document => {
        const config = configOf({ file: { name: 'watch.json', text: JSON.stringify(document) } });
        const printed = printWatchConfig(config);
        const again = configOf({ file: { name: 'printed.yaml', text: printed } });
        expect(saidBy(again), printed).to.deep.equal(saidBy(config));
      }),
      { numRuns: 300 },
    );
  });

  it('reads back the same whatever a file is called', () => {
    const config = configOf({ file: { name: 'a\nlog: {level: none}\u202E', text: 'log: {level: warn}' } });
    const printed = printWatchConfig(config);
    expect(printed).to.contain('level: warn # from a\\nlog: {level: none}\\u202e:1');
    expect(saidBy(configOf({ file: { name: 'x', text: printed } }))).to.deep.equal(saidBy(config));
  });
});
