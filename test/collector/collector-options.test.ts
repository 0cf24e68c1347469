import { expect } from 'chai';
import { resolveCollectorOptions } from '../../lib/collector/collector-options.js';
import { createStore, type MetricStore } from '../../lib/index.js';

describe('resolveCollectorOptions', () => {
  let store: MetricStore;
  before(() => (store = createStore({ maxBytes: 2 ** 20 })));
  after(() => store.shutdown());
  const resolve = (options: object): ReturnType<typeof resolveCollectorOptions> =>
    resolveCollectorOptions({ store, ...options });

  it('should have defaults for all but what is served and sent', () => {
    expect(resolve({ prometheus: {} })).to.deep.equal({
      store,
      prometheus: {},
      exporter: undefined,
      timeoutMillis: 30_000,
      restart: { delayMinMillis: 100, delayMaxMillis: 30_000, failuresMax: Infinity },
      flushOnExitMillis: 2000,
      hostMaxAgeMillis: 300_000,
      resourceLimits: undefined,
    });
  });

  it('should hand the exporter its options as a clone, and its times as they are given', () => {
    const exporterOptions = { url: 'http://localhost' };
    const { exporter, timeoutMillis } = resolve({
      exporterModule: 'my-exporter',
      exporterOptions,
      exportIntervalMillis: 500,
      maxExportBatchSize: 7,
      delivery: undefined,
    });
    expect(exporter).to.deep.equal({
      module: 'my-exporter',
      options: exporterOptions,
      times: { exportIntervalMillis: 500, maxExportBatchSize: 7 },
    });
    expect(exporter?.options).to.not.equal(exporterOptions);
    expect(timeoutMillis).to.equal(500);
  });

  it('should take a module by URL, path or name', () => {
    const moduleOf = (exporterModule: unknown): string | undefined =>
      resolve({ exporterModule }).exporter?.module;
    expect(moduleOf(new URL('file:///a/b%20c.mjs'))).to.equal('file:///a/b%20c.mjs');
    expect(moduleOf('file:///a/b.mjs')).to.equal('file:///a/b.mjs');
    expect(moduleOf('/a/b c.mjs')).to.equal('file:///a/b%20c.mjs');
    expect(moduleOf('@scope/name/part')).to.equal('@scope/name/part');
  });

  it('should let restarts be bounded or switched off', () => {
    const restartOf = (restart: unknown): object | undefined => resolve({ prometheus: {}, restart }).restart;
    expect(restartOf(false)).to.equal(undefined);
    expect(restartOf({ delayMinMillis: 50_000 })).to.include({
      delayMinMillis: 50_000,
      delayMaxMillis: 50_000,
    });
    expect(restartOf({ failuresMax: 2 })).to.include({ failuresMax: 2 });
  });

  it('should take limits of memory as they are', () => {
    const resourceLimits = { maxOldGenerationSizeMb: 64, stackSizeMb: 1 };
    expect(resolve({ prometheus: {}, resourceLimits }).resourceLimits).to.deep.equal(resourceLimits);
  });

  const REFUSED: readonly (readonly [options: object, message: string])[] = [
    [{}, 'one of prometheus and exporterModule must be given'],
    [{ prometheus: 7 }, 'prometheus must be an object, got 7'],
    [{ prometheus: { port: -1 } }, 'port must be a whole number from 0 to 65535, got -1'],
    [{ prometheus: { metricProducers: [] } }, 'prometheus must not have the key "metricProducers"'],
    [{ prometheus: { scrapesMax: 0 } }, 'scrapesMax must be'],
    [{ prometheus: { gzipLevel: 10 } }, 'gzipLevel must be'],
    [
      { exporterModule: '' },
      'exporterModule must be a file: URL, an absolute path or the name of a package, got ""',
    ],
    [{ exporterModule: './exporter.js' }, 'got "./exporter.js"'],
    [{ exporterModule: new URL('https://localhost/x.mjs') }, 'exporterModule must be'],
    [{ exporterModule: 7 }, 'got 7'],
    [{ exporterModule: 'x', exporterOptions: { f: () => 1 } }, 'exporterOptions must be plain data'],
    [{ prometheus: {}, exporterOptions: {} }, 'exporterOptions must be left out without exporterModule'],
    [{ prometheus: {}, delivery: 'at-most-once' }, 'delivery must be left out without exporterModule'],
    [{ exporterModule: 'x', exportIntervalMillis: 0 }, 'exportIntervalMillis must be a number from 1'],
    [{ exporterModule: 'x', exportIntervalMillis: 5, exportTimeoutMillis: 6 }, 'must not be longer'],
    [{ exporterModule: 'x', maxExportBatchSize: 0 }, 'maxExportBatchSize must be'],
    [{ exporterModule: 'x', delivery: 'once' }, 'delivery must be'],
    [{ exporterModule: 'x', zeroStartMillis: -1 }, 'zeroStartMillis must be'],
    [
      { prometheus: {}, flushOnExitMillis: 60_001 },
      'flushOnExitMillis must be a whole number from 0 to 60000',
    ],
    [{ prometheus: {}, flushOnExitMillis: '1' }, 'got "1"'],
    [
      { prometheus: {}, hostMaxAgeMillis: 86_400_001 },
      'hostMaxAgeMillis must be a whole number from 0 to 86400000, got 86400001',
    ],
    [{ prometheus: {}, hostMaxAgeMillis: 0.5 }, 'got 0.5'],
    [{ prometheus: {}, hostMaxAgeMillis: -1 }, 'got -1'],
    [{ prometheus: {}, restart: true }, 'restart must be false or an object, got true'],
    [{ prometheus: {}, restart: { delay: 1 } }, 'restart must not have the key "delay": did you mean'],
    [
      { prometheus: {}, restart: { delayMinMillis: 0 } },
      'restart.delayMinMillis must be a whole number from 1',
    ],
    [
      { prometheus: {}, restart: { delayMaxMillis: 99 } },
      'restart.delayMaxMillis must be a whole number from 100',
    ],
    [{ prometheus: {}, restart: { failuresMax: 0 } }, 'restart.failuresMax must be'],
    [{ prometheus: {}, resourceLimits: 7 }, 'resourceLimits must be an object, got 7'],
    [{ prometheus: {}, resourceLimits: { stackSize: 4 } }, 'did you mean "stackSizeMb"?'],
    [
      { prometheus: {}, resourceLimits: { maxOldGenerationSizeMb: 2 } },
      'resourceLimits.maxOldGenerationSizeMb must be at least 4, got 2',
    ],
    [
      { prometheus: {}, resourceLimits: { codeRangeSizeMb: 8 } },
      'resourceLimits.codeRangeSizeMb must be at least 16, got 8',
    ],
    [
      { prometheus: {}, resourceLimits: { stackSizeMb: 0.25 } },
      'resourceLimits.stackSizeMb must be at least 1, got 0.25',
    ],
    [
      { prometheus: {}, resourceLimits: { maxOldGenerationSizeMb: '64' } },
      'resourceLimits.maxOldGenerationSizeMb must be at least 4, got "64"',
    ],
    [{ prometheus: {}, resourceLimits: { codeRangeSizeMb: 0 } }, 'got 0'],
    [{ prometheus: {}, resourceLimits: { maxYoungGenerationSizeMb: Infinity } }, 'got Infinity'],
    [{ prometheus: {}, exporter: {} }, 'must not have the key "exporter": did you mean "exporterModule"?'],
  ];
  for (const [options, message] of REFUSED)
    it(`should refuse with the value and the bound: ${message}`, () => {
      expect(() => resolve(options))
        .to.throw(message)
        .with.property('code', 'INVALID_OPTION');
    });
});
