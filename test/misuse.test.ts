// Goal: every public function answers misuse by the programmer with a MetricStoreError that says what was given and what
// is wanted, or with what its documentation says. Method: one table over all of them, and a look at the list of exports.
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import * as entry from '../lib/index.js';
import { revoked, throwing } from './support/hostile-values.js';
import type { Diagnostic, ErrorCode, MetricStore } from '../lib/index.js';

const {
  attachStore,
  cardinalityLimitedView,
  collectPrometheus,
  collectPrometheusText,
  prometheusHandler,
  createStore,
  CustomMetrics,
  DoubleBufferedMetricReader,
  evaluateWhen,
  inheritedStore,
  isMetricStoreError,
  limitViews,
  MetricStoreError,
  observeProcess,
  observeStore,
  promClientProducer,
  renderTemplate,
  shareWithWorkers,
  startPrometheusEndpoint,
  WorkflowObserver,
} = entry;

/** What JavaScript can give, whatever the types say. */
const as = <T>(value: unknown): T => value as T;

let store: MetricStore;
const newStore = (options: unknown): MetricStore => createStore(as(options));
const withView = (view: unknown): MetricStore => newStore({ views: [view] });
const limited = (options: unknown): unknown => cardinalityLimitedView(as(options));
const custom = (options: object): entry.CustomMetrics => new CustomMetrics(as({ store, ...options }));
const endpoint = (options: unknown): Promise<unknown> => startPrometheusEndpoint(as(options));
const reader = (options: unknown): entry.DoubleBufferedMetricReader =>
  new DoubleBufferedMetricReader(as(options));
async function textOf(request: unknown): Promise<string> {
  let text = '';
  for await (const chunk of collectPrometheusText(as(request))) text += chunk;
  return text;
}

type Misuse = [exported: string, what: string, misuse: () => unknown, says: string, code?: ErrorCode];

const WRONG_STORE = 'expected a store that createStore() or attachStore() returned';

const STORES: Misuse[] = [
  ['createStore', 'null', () => newStore(null), 'must be an object, got null'],
  ['createStore', 'a number', () => newStore(5), 'must be an object, got 5'],
  ['createStore', 'a list', () => newStore([]), 'must be an object, got '],
  [
    'createStore',
    'maxBytes',
    () => newStore({ maxBytes: '1' }),
    'maxBytes must be a whole number from 65536 to',
  ],
  ['createStore', 'a BigInt', () => newStore({ maxBytes: 1n }), 'got 1n'],
  ['createStore', 'NaN', () => newStore({ stallDeadlineMillis: NaN }), 'from 1 to 2147483647, got NaN'],
  ['createStore', 'shared', () => newStore({ shared: 'no' }), 'shared must be a boolean, got "no"'],
  ['createStore', 'resource', () => newStore({ resource: 5 }), 'resource must be an object, got 5'],
  [
    'createStore',
    'maxBoundaries',
    () => newStore({ maxBoundaries: {} }),
    'maxBoundaries must be a whole number',
  ],
  ['createStore', 'views', () => newStore({ views: {} }), 'views must be an array, got [object Object]'],
  ['createStore', 'a View', () => withView(null), 'view 0 must be an object, got null'],
  ['createStore', 'a name', () => withView({ instrumentName: 'c', name: 5 }), 'name must be a string, got 5'],
  [
    'createStore',
    'a description',
    () => withView({ instrumentName: 'c', description: {} }),
    'view 0: description must be a string',
  ],
  [
    'createStore',
    'a criterion',
    () => withView({ instrumentName: /c/ }),
    'instrumentName must be a string, got /c/',
  ],
  [
    'createStore',
    'an aggregation',
    () => withView({ instrumentName: 'c', aggregation: null }),
    'view 0: aggregation must be an object, got null',
  ],
  [
    'createStore',
    'processors',
    () => withView({ instrumentName: 'c', attributesProcessors: 5 }),
    'attributesProcessors must be an array of objects with a method process(), got 5',
  ],
  [
    'createStore',
    'a limit past 31 bits, which would come out as 1',
    () => withView({ instrumentName: 'c', aggregationCardinalityLimit: 2 ** 32 + 1 }),
    'from 1 to 2147483647, got 4294967297',
  ],
  ['attachStore', 'null', () => attachStore(as(null)), 'got null', 'NOT_A_STORE_HANDLE'],
  ['attachStore', 'a store', () => attachStore(as(store)), 'store.handle', 'NOT_A_STORE_HANDLE'],
  ['attachStore', 'options', () => attachStore(store.handle, as(null)), 'must be an object, got null'],
  [
    'attachStore',
    'views',
    () => attachStore(store.handle, as({ views: 5 })),
    'views must be an array, got 5',
  ],
  ['inheritedStore', 'options', () => inheritedStore(as(null)), 'must be an object, got null'],
  ['shareWithWorkers', 'null', () => shareWithWorkers(as(null)), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  [
    'shareWithWorkers',
    'a handle',
    () => shareWithWorkers(as(store.handle)),
    WRONG_STORE,
    'NOT_A_STORE_HANDLE',
  ],
  [
    'createStore',
    'metricProducer(null)',
    () => store.metricProducer(as(null)),
    'must be an object, got null',
  ],
  [
    'createStore',
    'the selector of a producer',
    () => store.metricProducer(as({ aggregationTemporalitySelector: 5 })),
    'aggregationTemporalitySelector must be a function, got 5',
  ],
  [
    'createStore',
    'the answer of the selector of a producer',
    () => store.metricProducer({ aggregationTemporalitySelector: () => as('delta') }),
    '0 (delta) or 1 (cumulative), got "delta"',
  ],
  [
    'createStore',
    'the timeout of a producer',
    () => store.metricProducer().collect(as({ timeoutMillis: 'x' })),
    'timeoutMillis must be a number from 1',
  ],
  ['observeProcess', 'no store', () => observeProcess(as({})), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  ['observeStore', 'nothing', () => observeStore(as(undefined)), 'must be an object, got undefined'],
  ['observeStore', 'null', () => observeStore(as(null)), 'must be an object, got null'],
  ['observeStore', 'no store', () => observeStore(as({})), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  ['observeStore', 'no meter', () => observeStore(as({ store })), 'meter must be'],
];

const READERS: Misuse[] = [
  ['DoubleBufferedMetricReader', 'nothing', () => reader(undefined), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  ['DoubleBufferedMetricReader', 'null', () => reader(null), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  ['DoubleBufferedMetricReader', 'a store', () => reader({ store: 5 }), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  ['DoubleBufferedMetricReader', 'exporter', () => reader({ store, exporter: {} }), 'exporter must have'],
  [
    'DoubleBufferedMetricReader',
    'an interval',
    () => reader({ store, exportIntervalMillis: 0 }),
    'exportIntervalMillis must be a number from 1 to 2147483647, got 0',
  ],
  [
    'DoubleBufferedMetricReader',
    'a selector',
    () => reader({ store, aggregationSelector: 5 }),
    'aggregationSelector must be a function, got 5',
  ],
  [
    'DoubleBufferedMetricReader',
    'a timeout',
    () => reader({ store }).collect({ timeoutMillis: -1 }),
    'timeoutMillis must be a number from 1',
  ],
  ['cardinalityLimitedView', 'nothing', () => limited(undefined), 'must be an object, got undefined'],
  ['cardinalityLimitedView', 'null', () => limited(null), 'must be an object, got null'],
  [
    'cardinalityLimitedView',
    'no limit',
    () => limited({ instrumentName: 'c' }),
    'limit must be a whole number',
  ],
  [
    'cardinalityLimitedView',
    'a limit past 31 bits',
    () => limited({ instrumentName: 'c', limit: 2 ** 31 }),
    'limit must be a whole number from 1 to 2147483647, got 2147483648',
  ],
  [
    'cardinalityLimitedView',
    'a criterion',
    () => limited({ instrumentName: 5, limit: 1 }),
    'instrumentName must be a string, got 5',
  ],
  [
    'cardinalityLimitedView',
    'processors',
    () => limited({ instrumentName: 'c', limit: 1, attributesProcessors: [{}] }),
    'attributesProcessors must be an array of objects with a method process()',
  ],
  ['limitViews', 'no Views', () => limitViews(as(null), []), 'views must be an array, got null'],
  ['limitViews', 'no limits', () => limitViews([], as(undefined)), 'limits must be an array, got undefined'],
  ['limitViews', 'a View', () => limitViews(as([null]), []), 'view 0 must be an object, got null'],
  ['limitViews', 'a limit', () => limitViews([], as([null])), 'must be an object, got null'],
];

const ENDPOINT = 'startPrometheusEndpoint';
const HANDLER = 'prometheusHandler';
const [BYTES, TEXT] = ['collectPrometheus', 'collectPrometheusText'];
const PRODUCER = 'promClientProducer';
const NO_STORE = 'NOT_A_STORE_HANDLE';
const handler = (options: unknown): unknown => prometheusHandler(as(options));
const bytes = (request: unknown): Promise<unknown> => collectPrometheus(as(request));
const EXPOSITION: Misuse[] = [
  [ENDPOINT, 'nothing', () => endpoint(undefined), 'must be an object, got undefined'],
  [ENDPOINT, 'no store', () => endpoint({ port: 0 }), 'exactly one of store and reader'],
  [ENDPOINT, 'a store', () => endpoint({ store: 5 }), WRONG_STORE, NO_STORE],
  [ENDPOINT, 'host', () => endpoint({ store, host: 5 }), 'host must be a name or an address, got 5'],
  [ENDPOINT, 'an empty host', () => endpoint({ store, host: '' }), 'got ""'],
  [ENDPOINT, 'port', () => endpoint({ store, port: '9464' }), 'from 0 to 65535, got "9464"'],
  [ENDPOINT, 'path', () => endpoint({ store, path: 5 }), 'path must be a path'],
  [ENDPOINT, 'a path with a space', () => endpoint({ store, path: '/a b' }), 'got "/a b"'],
  [ENDPOINT, 'targetInfo', () => endpoint({ store, targetInfo: 1 }), 'targetInfo must be a boolean, got 1'],
  ['startCollectorThread', 'no work', () => entry.startCollectorThread(as({ store })), 'one of prometheus'],
  [HANDLER, 'nothing', () => handler(undefined), 'must be an object, got undefined'],
  [HANDLER, 'no store', () => handler({}), 'exactly one of store and reader'],
  [HANDLER, 'a store', () => handler({ store: 5 }), WRONG_STORE, NO_STORE],
  [PRODUCER, 'nothing', () => promClientProducer(as(undefined)), 'registry must be'],
  [PRODUCER, 'null', () => promClientProducer(as(null)), 'registry must be'],
  [PRODUCER, 'no registry', () => promClientProducer(as({})), 'a Registry of prom-client'],
  [BYTES, 'no store', () => bytes({}), 'exactly one of store and reader'],
  [BYTES, 'a store', () => bytes({ store: 5 }), WRONG_STORE, NO_STORE],
  [TEXT, 'nothing', () => textOf(undefined), 'must be an object, got undefined'],
  [TEXT, 'no store', () => textOf({}), WRONG_STORE, NO_STORE],
  [TEXT, 'customMetricsOnly', () => textOf({ store, customMetricsOnly: 1 }), 'a boolean, got 1'],
];

const ARGO: Misuse[] = [
  ['CustomMetrics', 'nothing', () => new CustomMetrics(as(undefined)), 'must be an object, got undefined'],
  ['CustomMetrics', 'no store', () => new CustomMetrics(as({})), WRONG_STORE, 'NOT_A_STORE_HANDLE'],
  [
    'CustomMetrics',
    'prefix',
    () => custom({ prefix: 'a-' }),
    'prefix must be a text of letters, digits and _',
  ],
  [
    'CustomMetrics',
    'metricsConfig',
    () => custom({ metricsConfig: 5 }),
    'metricsConfig must be an object, got 5',
  ],
  [
    'CustomMetrics',
    'argoCompatibility',
    () => custom({ argoCompatibility: 'x' }),
    "argoCompatibility must be 'corrected' or 'exact', got \"x\"",
  ],
  [
    'CustomMetrics',
    'onDiagnostic',
    () => custom({ onDiagnostic: 5 }),
    'onDiagnostic must be a function, got 5',
  ],
  [
    'CustomMetrics',
    'complete(…, null)',
    () => custom({}).complete('o', as(null)),
    'must be an object, got null',
  ],
  [
    'CustomMetrics',
    'at',
    () => custom({}).complete('o', as({ at: 'x' })),
    'at must be a time in Unix milliseconds',
  ],
  [
    'WorkflowObserver',
    'nothing',
    () => new WorkflowObserver(as(undefined)),
    'must be an object, got undefined',
  ],
  [
    'WorkflowObserver',
    'null',
    () => new WorkflowObserver(as({ customMetrics: null })),
    'must be a CustomMetrics',
  ],
  [
    'WorkflowObserver',
    'a store',
    () => new WorkflowObserver(as({ customMetrics: store })),
    'a CustomMetrics',
  ],
];

const MISUSES = [...STORES, ...READERS, ...EXPOSITION, ...ARGO];

const metrics = (): entry.CompiledMetrics =>
  custom({}).compile({ prometheus: [{ name: 'q', help: 'h', counter: { value: '{{v}}' } }] });
const emit = (scope: unknown, options?: unknown): readonly Diagnostic[] =>
  metrics().emit(as(scope), as(options));
const observer = (): entry.WorkflowObserver => new WorkflowObserver({ customMetrics: custom({}) });
const error = (result: { error: Diagnostic } | { value: unknown }): readonly Diagnostic[] =>
  'error' in result ? [result.error] : [];

/** What never throws by contract answers with a diagnostic. */
const ANSWERS: [exported: string, what: string, misuse: () => readonly Diagnostic[], code: string][] = [
  ['CustomMetrics', 'compile(5)', () => custom({}).compile(5).diagnostics, 'SPEC_INVALID'],
  ['CustomMetrics', 'compile(…, null)', () => custom({}).compile(5, as(null)).diagnostics, 'SPEC_INVALID'],
  ['CustomMetrics', 'a path', () => custom({}).compile(5, as({ path: 5 })).diagnostics, 'SPEC_INVALID'],
  ['CustomMetrics', 'emit without anything', () => emit(undefined), 'EMISSION_INVALID'],
  ['CustomMetrics', 'emit without options', () => emit({ variables: {} }), 'EMISSION_INVALID'],
  ['CustomMetrics', 'emit without an owner', () => emit({ variables: {} }, {}), 'EMISSION_INVALID'],
  ['CustomMetrics', 'variables: null', () => emit({ variables: null }, { owner: 'o' }), 'EMISSION_INVALID'],
  ['CustomMetrics', 'variables', () => emit({ variables: throwing }, { owner: 'o' }), 'EMISSION_INVALID'],
  ['CustomMetrics', 'a scope', () => emit(throwing, { owner: 'o' }), 'EMISSION_INVALID'],
  ['CustomMetrics', 'a number', () => emit({ variables: { v: 1 } }, { owner: 'o' }), 'TAG_UNRESOLVED'],
  ['WorkflowObserver', 'an event', () => observer().observe(as(null)), 'OBJECT_INVALID'],
  ['WorkflowObserver', 'an event that throws', () => observer().observe(as(throwing)), 'OBJECT_INVALID'],
  [
    'WorkflowObserver',
    'an object that throws',
    () => observer().observe({ type: 'ADDED', object: throwing }),
    'OBJECT_INVALID',
  ],
  ['WorkflowObserver', 'a list', () => observer().sync(as(null)), 'OBJECT_INVALID'],
  ['WorkflowObserver', 'a revoked list', () => observer().sync(as(revoked)), 'OBJECT_INVALID'],
  [
    'WorkflowObserver',
    'a list with an object that throws',
    () => observer().sync([throwing]),
    'OBJECT_INVALID',
  ],
  ['renderTemplate', 'null', () => error(renderTemplate(as(null), {})), 'SPEC_INVALID'],
  ['renderTemplate', 'null as variables', () => error(renderTemplate('{{a}}', as(null))), 'SPEC_INVALID'],
  ['renderTemplate', 'variables that throw', () => error(renderTemplate('{{a}}', throwing)), 'SPEC_INVALID'],
  ['evaluateWhen', 'null', () => error(evaluateWhen(as(null))), 'WHEN_INVALID'],
  ['evaluateWhen', 'a number', () => error(evaluateWhen(as(5))), 'WHEN_INVALID'],
];

describe('misuse', () => {
  before(() => {
    store = createStore({ shared: false, maxBytes: 16 * 1024 * 1024 });
  });
  after(() => store.shutdown());

  for (const [exported, what, misuse, says, code = 'INVALID_OPTION'] of MISUSES)
    it(`${exported}: ${what} is refused with ${code}`, async () => {
      let refusal: unknown;
      try {
        await misuse();
      } catch (thrown) {
        refusal = thrown;
      }
      expect(refusal).to.be.instanceOf(MetricStoreError);
      expect(refusal).to.have.property('code', code);
      expect((refusal as Error).message).to.contain(says);
    });

  for (const [exported, what, misuse, code] of ANSWERS)
    it(`${exported}: ${what} is answered with ${code}`, () => {
      const [first] = misuse();
      expect(first).to.include({ code, severity: 'error' });
      expect(first?.message).to.be.a('string').with.length.greaterThan(5);
    });

  it('isMetricStoreError: whatever it is given, it answers', () => {
    for (const value of [revoked, throwing, null, undefined, 5, 'x', Symbol('s'), () => 0])
      expect(isMetricStoreError(value)).to.equal(false);
  });

  it('should leave nothing behind: no reader holds a place that it was refused', async () => {
    const delta = { aggregationTemporalitySelector: () => AggregationTemporality.DELTA };
    const producers = Array.from({ length: 4 }, () => store.metricProducer(delta));
    await Promise.all(producers.map(producer => producer.shutdown()));
  });

  it('should be tried on everything that is exported', () => {
    const tried = [...MISUSES, ...ANSWERS].map(([exported]) => exported);
    const others = Object.keys(entry).filter(name => !tried.includes(name));
    // A class that carries a code, the question for it, which is asked above, and a text.
    expect(others.sort()).to.deep.equal([
      'MetricStoreError',
      'PROMETHEUS_CONTENT_TYPE',
      'isMetricStoreError',
    ]);
  });
});
