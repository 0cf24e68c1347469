// Goal: a key that no function knows is refused with the closest one that it does, by every public function that takes
// options. Method: one table over them; a misspelled key, one of another library's, and one that only a prototype has.
import { expect } from 'chai';
import * as entry from '../lib/index.js';

const {
  attachStore,
  cardinalityLimitedView,
  collectPrometheus,
  collectPrometheusText,
  createStore,
  CustomMetrics,
  DoubleBufferedMetricReader,
  inheritedStore,
  limitViews,
  MetricStoreError,
  observeProcess,
  observeStore,
  prometheusHandler,
  startCollectorThread,
  startPrometheusEndpoint,
  WorkflowObserver,
} = entry;

let store: entry.MetricStore;
/** What JavaScript can give, whatever the types say. */
const as = <T>(value: object): T => value as T;
const create = (options: object): entry.MetricStore => createStore(as({ maxBytes: 2 ** 24, ...options }));
const view = (options: object): object => create({ views: [{ instrumentName: 'c', ...options }] });
const custom = (): entry.CustomMetrics => new CustomMetrics({ store });
async function textOf(request: object): Promise<string> {
  let text = '';
  for await (const chunk of collectPrometheusText(as({ store, ...request }))) text += chunk;
  return text;
}
async function serve(options: object): Promise<void> {
  const endpoint = await startPrometheusEndpoint(as({ store, port: 0, ...options }));
  await endpoint.shutdown();
}

async function collect(options: object): Promise<void> {
  const collector = await startCollectorThread(as({ store, prometheus: { port: 0 }, ...options }));
  await collector.shutdown();
}

type Taker = (options: object) => unknown;

/** By function: what it is given beside the key in question, a wrong key, and the right one that the message names. */
const TAKERS: Record<string, [taker: Taker, ...slips: [wrong: string, right: string][]]> = {
  createStore: [create, ['cardinalitylimit', 'cardinalityLimit'], ['maxbytes', 'maxBytes']],
  attachStore: [options => attachStore(store.handle, as(options)), ['view', 'views'], ['Clock', 'clock']],
  'metricProducer()': [
    options => store.metricProducer(as(options)),
    ['temporalitySelector', 'aggregationTemporalitySelector'],
  ],
  'a View': [view, ['attributeProcessors', 'attributesProcessors'], ['meter', 'meterName']],
  'an aggregation': [
    options => view({ aggregation: { type: 4, options: { boundaries: [1] }, ...options } }),
    ['option', 'options'],
  ],
  'the options of an aggregation': [
    options => view({ aggregation: { type: 4, options } }),
    ['boundariess', 'boundaries'],
    ['boundary', 'boundaries'],
    ['minMax', 'recordMinMax'],
  ],
  DoubleBufferedMetricReader: [
    options => new DoubleBufferedMetricReader(as({ store, ...options })),
    ['exportInterval', 'exportIntervalMillis'],
    ['metricProducer', 'metricProducers'],
  ],
  cardinalityLimitedView: [
    options => cardinalityLimitedView(as({ instrumentName: 'c', limit: 2, ...options })),
    ['aggregationCardinalityLimit', 'limit'],
    ['scopes', 'scope'],
  ],
  'a View of limitViews': [
    options => limitViews([as({ instrumentName: 'c', ...options })], []),
    ['Name', 'name'],
  ],
  'a limit of limitViews': [
    options => limitViews([], [as({ instrumentName: 'c', limit: 2, ...options })]),
    ['limits', 'limit'],
  ],
  inheritedStore: [options => inheritedStore(as(options)), ['view', 'views'], ['clocks', 'clock']],
  observeProcess: [options => observeProcess(as({ store, ...options })).shutdown(), ['stores', 'store']],
  observeStore: [
    options => observeStore(as({ store, meter: store.getMeter('o'), ...options })).stop(),
    ['meters', 'meter'],
  ],
  startPrometheusEndpoint: [serve, ['hostname', 'host'], ['targetinfo', 'targetInfo']],
  startCollectorThread: [
    options => collect(options),
    ['exporter', 'exporterModule'],
    ['flushOnExit', 'flushOnExitMillis'],
    ['hostMaxAge', 'hostMaxAgeMillis'],
  ],
  'the endpoint of a collector thread': [
    options => collect({ prometheus: { port: 0, ...options } }),
    ['hostname', 'host'],
  ],
  'restarts of a collector thread': [options => collect({ restart: options }), ['failures', 'failuresMax']],
  prometheusHandler: [
    options => prometheusHandler(as({ store, ...options })),
    ['gzip', 'gzipLevel'],
    ['scrapeMax', 'scrapesMax'],
  ],
  collectPrometheus: [
    options => collectPrometheus(as({ store, ...options })),
    ['acceptEncodings', 'acceptEncoding'],
    ['metricProducer', 'metricProducers'],
  ],
  collectPrometheusText: [textOf, ['customMetrics', 'customMetricsOnly']],
  CustomMetrics: [
    options => new CustomMetrics(as({ store, ...options })),
    ['onDiagnostics', 'onDiagnostic'],
    ['metricConfig', 'metricsConfig'],
  ],
  'compile()': [options => custom().compile({}, as(options)), ['paths', 'path']],
  'complete()': [options => custom().complete('o', as(options)), ['AT', 'at']],
  WorkflowObserver: [
    options => new WorkflowObserver(as({ customMetrics: custom(), ...options })),
    ['customMetric', 'customMetrics'],
  ],
};

async function refusalOf(misuse: () => unknown): Promise<Error> {
  try {
    await misuse();
  } catch (error) {
    expect(error).to.be.instanceOf(MetricStoreError).with.property('code', 'INVALID_OPTION');
    return error as Error;
  }
  throw new Error('nothing was refused');
}

describe('unknown-options: a key that is not known', () => {
  before(() => {
    store = createStore({ maxBytes: 2 ** 24 });
  });
  after(() => store.shutdown());

  for (const [name, [take, ...slips]] of Object.entries(TAKERS)) {
    for (const [wrong, right] of slips)
      it(`${name}: ${wrong} is refused, and ${right} is named`, async () => {
        // Whatever its value: it would have no effect.
        for (const value of [1, undefined]) {
          const { message } = await refusalOf(() => take({ [wrong]: value }));
          expect(message).to.contain(`"${wrong}": did you mean "${right}"?`);
        }
      });

    it(`${name}: a key like no other is refused, and those that are known are listed`, async () => {
      const { message } = await refusalOf(() => take({ qqqqqq: 1 }));
      expect(message).to.contain('"qqqqqq": Known are ').and.to.contain(slips[0]?.[1]);
    });

    it(`${name}: what a prototype has is no option`, async () => {
      const prototype = Object.prototype as unknown as Record<string, unknown>;
      prototype['qqqqqq'] = 1;
      const [[, right] = ['', '']] = slips;
      Object.defineProperty(prototype, right, { value: 'inherited', enumerable: true, configurable: true });
      // Where it is required, it is missing; nowhere is it taken.
      const expectNotTaken = (error: unknown): void => {
        expect(String(error)).to.not.match(/qqqqqq|"inherited"/);
      };
      let taken: unknown;
      // Options are read before anything is waited for; what others do meanwhile must not find these keys.
      try {
        taken = take({});
      } catch (error) {
        expectNotTaken(error);
      } finally {
        delete prototype['qqqqqq'];
        delete prototype[right];
      }
      await Promise.resolve(taken).catch(expectNotTaken);
    });
  }

  it('emit() answers with a diagnostic, and records nothing', () => {
    const metrics = custom().compile({
      prometheus: [{ name: 'u', help: 'h', counter: { value: '1' } }],
    });
    const [diagnostic] = metrics.emit({ variables: {} }, as({ owner: 'o', emissionID: 'e' }));
    expect(diagnostic).to.include({
      code: 'EMISSION_INVALID',
      path: 'options.emissionID',
      hint: "Did you mean 'emissionId'?",
    });
    expect(store.cardinality().metrics.map(({ name }) => name)).to.not.include('argo_workflows_u');
  });

  it('names of the official exporter and reader are refused', async () => {
    for (const key of ['endpoint', 'prefix', 'withoutScopeInfo', 'preventServerStart', 'appendTimestamp'])
      await refusalOf(() => serve({ [key]: 'x' }));
    for (const key of ['exportInterval', 'exportTimeout', 'temporalityPreference'])
      await refusalOf(() => new DoubleBufferedMetricReader(as({ store, [key]: 1 })));
  });

  it('a long key and options that cannot be read are shown without failing', async () => {
    const { message } = await refusalOf(() => create({ ['k'.repeat(100_000)]: 1 }));
    expect(message.length).to.be.lessThan(1500);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect((await refusalOf(() => createStore(as(proxy)))).message).to.contain('cannot be read');
  });
});
