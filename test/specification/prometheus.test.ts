// The Prometheus lines, one by one, read back with a parser of its own. The lines and those that do not apply are in
// docs/specification.md.
import { diag } from '@opentelemetry/api';
import type { Attributes, Meter, MetricOptions } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  collectPrometheusText,
  createStore,
  CustomMetrics,
  startPrometheusEndpoint,
  type MetricStore,
  type StoreOptions,
} from '../../lib/index.js';
import { captureDiag } from '../support/collected.js';
import { parsePrometheusText, type Family } from '../support/prometheus-parser.js';

const stores: MetricStore[] = [];
function newStore(options: StoreOptions = {}): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024, ...options });
  stores.push(store);
  return store;
}
async function textOf(store: MetricStore): Promise<string> {
  let text = '';
  for await (const chunk of collectPrometheusText({ store })) text += chunk;
  return text;
}
const familiesOf = async (store: MetricStore): Promise<Map<string, Family>> =>
  parsePrometheusText(await textOf(store));
const namesOf = async (store: MetricStore): Promise<string[]> => [...(await familiesOf(store)).keys()];

type RecordOne = (value: number, attributes: Attributes) => void;
/** Makes an instrument of a kind when it records for the first time. */
function recordersOf(
  meter: Meter,
  name: string,
  options: MetricOptions,
): Readonly<Record<string, RecordOne>> {
  return {
    gauge: (value, attributes) => meter.createGauge(name, options).record(value, attributes),
    counter: (value, attributes) => meter.createCounter(name, options).add(value, attributes),
    histogram: (value, attributes) => meter.createHistogram(name, options).record(value, attributes),
    upDownCounter: (value, attributes) => meter.createUpDownCounter(name, options).add(value, attributes),
  };
}

let messages: string[];

describe('specification: Prometheus', () => {
  beforeEach(() => (messages = captureDiag()));
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('M-001 a name has one TYPE and one HELP; of conflicting types the first stays, of conflicting texts all points', async () => {
    const store = newStore();
    const [a, b] = [store.getMeter('a'), store.getMeter('b')];
    a.createGauge('x', { description: 'one' }).record(1);
    b.createGauge('x', { description: 'two' }).record(2);
    b.createHistogram('x').record(3);
    a.createGauge('y.z').record(4);
    b.createUpDownCounter('y_z').add(5);
    a.createGauge('h_bucket').record(6);
    b.createHistogram('h').record(7);
    const families = await familiesOf(store);
    expect(
      [...families].map(([name, { type, help, samples }]) => [name, type, help, samples.length]),
    ).to.deep.equal([
      ['h_bucket', 'gauge', undefined, 1],
      ['x', 'gauge', 'one', 2],
      ['y_z', 'gauge', undefined, 2],
    ]);
    expect(messages.filter(text => text.includes('Prometheus'))).to.have.length(2);
  });

  it('M-001 instruments whose names come out the same are never added up: the first one stays, said once', async () => {
    const store = newStore();
    const meter = store.getMeter('m');
    meter.createCounter('jobs').add(1);
    meter.createCounter('jobs_total').add(5);
    meter.createCounter('jobs.total', { unit: '{job}' }).add(10, { phase: 'Failed' });
    meter.createObservableCounter('jobs').addCallback(result => result.observe(20));
    store.getMeter('n').createCounter('jobs').add(40);
    const endpoint = await startPrometheusEndpoint({ store, port: 0 });
    for (let scrape = 1; scrape <= 2; scrape++) {
      const families = parsePrometheusText(await (await fetch(endpoint.url)).text());
      expect([...families.keys()]).to.deep.equal(['jobs_total']);
      const samples = families.get('jobs_total')?.samples.map(({ labels, value }) => [labels, value]);
      expect(samples).to.deep.equal([
        [{ otel_scope_name: 'm' }, 1],
        [{ otel_scope_name: 'm', phase: 'Failed' }, 10],
        [{ otel_scope_name: 'n' }, 40],
      ]);
    }
    await endpoint.shutdown();
    const warnings = messages.filter(text => text.startsWith('Not exposed to Prometheus'));
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.contain('COUNTER "jobs_total"').and.to.contain('COUNTER "jobs" of the meter "m"');
    expect(warnings[1]).to.contain('OBSERVABLE_COUNTER "jobs"');
  });

  it('M-001 what is left out of a name is said also when its HELP was warned about before', async () => {
    const store = newStore();
    const meter = store.getMeter('m');
    meter.createGauge('x.y', { description: 'one' }).record(1);
    meter.createGauge('x_y', { description: 'two' }).record(2);
    expect((await familiesOf(store)).get('x_y')?.samples.map(({ value }) => value)).to.deep.equal([1]);
    expect(messages.map(text => text.slice(0, 13))).to.deep.equal(['The HELP text', 'Not exposed t']);
  });

  it('M-002 discouraged characters become one underscore', async () => {
    const store = newStore();
    for (const name of ['a.b-c/d', 'e..--__f', 'g h\n"{}', 'ünï'])
      store.getMeter('m').createGauge(name).record(1);
    expect(await namesOf(store)).to.deep.equal(['_n_', 'a_b_c_d', 'e_f', 'g_h_']);
  });

  const units: [unit: string, suffix: string][] = [
    ...Object.entries({
      d: 'days',
      h: 'hours',
      min: 'minutes',
      s: 'seconds',
      ms: 'milliseconds',
      us: 'microseconds',
    }),
    ...Object.entries({
      ns: 'nanoseconds',
      By: 'bytes',
      KiBy: 'kibibytes',
      MiBy: 'mebibytes',
      GiBy: 'gibibytes',
    }),
    ...Object.entries({
      TiBy: 'tibibytes',
      KBy: 'kilobytes',
      MBy: 'megabytes',
      GBy: 'gigabytes',
      TBy: 'terabytes',
    }),
    ...Object.entries({
      m: 'meters',
      V: 'volts',
      A: 'amperes',
      J: 'joules',
      W: 'watts',
      g: 'grams',
      Cel: 'celsius',
    }),
    ...Object.entries({
      Hz: 'hertz',
      '%': 'percent',
      'm/s': 'meters_per_second',
      'By/min': 'bytes_per_minute',
    }),
    ...Object.entries({ '{packet}/s': 'per_second', 'By{sent}': 'bytes', furlongs: 'furlongs' }),
  ];
  it('M-003 units become words, before the suffix of the type and unless they are there', async () => {
    const store = newStore();
    const meter = store.getMeter('m');
    for (const [unit, suffix] of units) {
      meter.createGauge(`x.${suffix}.gauge`, { unit }).record(1);
      meter.createCounter(`x.${suffix}.counter`, { unit }).add(1);
      meter.createHistogram(`x_${suffix}`, { unit }).record(1);
    }
    meter.createCounter('requests', { unit: '{request}' }).add(1);
    meter.createGauge('share', { unit: '1' }).record(1);
    const words = units.map(([, suffix]) => suffix);
    expect(await namesOf(store)).to.have.members([
      ...new Set(words.map(word => `x_${word}_gauge_${word}`)),
      ...new Set(words.map(word => `x_${word}_counter_${word}_total`)),
      ...new Set(words.map(word => `x_${word}`)),
      'requests_total',
      'share_ratio',
    ]);
  });

  it('M-004 M-005 monotonic sums are counters and end in _total, other sums and gauges are gauges', async () => {
    const store = newStore();
    const meter = store.getMeter('m');
    meter.createCounter('a').add(1);
    meter.createCounter('b_total').add(1);
    meter.createUpDownCounter('c').add(-1);
    meter.createGauge('d').record(1);
    meter.createHistogram('e').record(1);
    meter.createObservableCounter('f').addCallback(result => result.observe(1));
    meter.createObservableUpDownCounter('g').addCallback(result => result.observe(1));
    meter.createObservableGauge('h').addCallback(result => result.observe(1));
    const types = [...(await familiesOf(store))].map(([name, { type }]) => `${name} ${type}`);
    expect(types).to.deep.equal([
      'a_total counter',
      'b_total counter',
      'c gauge',
      'd gauge',
      'e histogram',
      'f_total counter',
      'g gauge',
      'h gauge',
    ]);
  });

  it('M-006 every point says its scope, which no attribute can replace; custom metrics are verbatim', async () => {
    const store = newStore();
    const meter = store.getMeter('lib', '1.2', { schemaUrl: 'https://example.com/1' });
    meter.createGauge('g').record(1, { 'otel.scope.name': 'forged', otel_scope_version: '9', k: 'v' });
    const custom = new CustomMetrics({ store });
    const prometheus = [
      { name: 'jobs', help: 'Jobs', counter: { value: '1' }, labels: [{ key: 'k', value: 'v' }] },
    ];
    custom.compile({ prometheus }).emit({ variables: {} }, { owner: 'o' });
    const families = await familiesOf(store);
    expect(families.get('g')?.samples[0]?.labels).to.deep.equal({
      k: 'v',
      otel_scope_name: 'lib',
      otel_scope_version: '1.2',
      otel_scope_schema_url: 'https://example.com/1',
    });
    expect(families.get('argo_workflows_jobs')?.samples[0]?.labels).to.deep.equal({ k: 'v' });
  });

  it('M-007 values become text, and keys that become equal are joined in the order of the original keys', async () => {
    const store = newStore();
    const gauge = store.getMeter('').createGauge('g');
    gauge.record(1, { 'a.b': 'dot', a_b: 'underscore', 'a-b': 'dash' });
    gauge.record(2, { n: NaN, i: -Infinity, t: true, f: 1.5, list: ['x', 'y'] });
    const samples = (await familiesOf(store)).get('g')?.samples;
    expect(samples?.map(({ labels }) => labels)).to.have.deep.members([
      { a_b: 'dash;dot;underscore' },
      { n: 'NaN', i: '-Infinity', t: 'true', f: '1.5', list: '["x","y"]' },
    ]);
  });

  it('M-008 there is one target_info with the resource and nothing else, or none', async () => {
    const attributes = { 'service.name': 'demo', 'host.cpus': 4 };
    const store = newStore({ resource: { attributes } as never });
    store.getMeter('m').createGauge('target.info').record(7);
    const families = await familiesOf(store);
    expect([...families.keys()]).to.deep.equal(['target_info']);
    expect(families.get('target_info')).to.deep.include({
      type: 'gauge',
      samples: [{ name: 'target_info', labels: { service_name: 'demo', host_cpus: '4' }, value: 1 }],
    });
    expect(await namesOf(newStore())).to.deep.equal([]);
  });

  it('M-009 no timestamps, cumulative, no resource attributes as labels, at localhost:9464', async () => {
    const store = newStore({ resource: { attributes: { 'service.name': 'demo' } } as never });
    const counter = store.getMeter('').createCounter('c');
    for (let scrape = 1; scrape <= 2; scrape++) {
      counter.add(1);
      expect(await textOf(store)).to.contain(`\nc_total ${scrape}\n`);
      expect((await textOf(store)).match(/^c_total.*/gm)).to.deep.equal([`c_total ${scrape}`]);
    }
    const endpoint = await startPrometheusEndpoint({ store }).catch((error: Error) => error);
    if (endpoint instanceof Error) expect(endpoint.message).to.match(/host "localhost", port 9464/);
    else {
      expect(endpoint.url).to.equal('http://localhost:9464/metrics');
      await endpoint.shutdown();
    }
  });

  it('M-010 names are translated for everybody but who asks for others; nothing said is the text that every server reads', async () => {
    const store = newStore();
    store.getMeter('').createCounter('a.b').add(1);
    const endpoint = await startPrometheusEndpoint({ store, port: 0 });
    for (const accept of [
      '*/*',
      'text/plain; version=0.0.4',
      'application/openmetrics-text; version=1.0.0; escaping=allow-utf-8;q=0.5, text/plain;version=1.0.0;q=0.4',
      'text/plain;version=1.0.0;escaping=underscores',
      'image/png',
    ]) {
      const response = await fetch(endpoint.url, { headers: { accept } });
      expect(response.status).to.equal(200);
      expect(response.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
      expect(await response.text()).to.equal('# TYPE a_b_total counter\na_b_total 1\n');
    }
    const asked = await fetch(endpoint.url, {
      headers: { accept: 'text/plain;version=1.0.0;escaping=allow-utf-8' },
    });
    expect(asked.headers.get('content-type')).to.contain('version=1.0.0').and.to.contain('allow-utf-8');
    expect(await asked.text()).to.equal('# TYPE "a.b_total" counter\n{"a.b_total"} 1\n');
    await endpoint.shutdown();
  });

  const hostileText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      '',
      '__proto__',
      '__name__',
      'le',
      'a.b',
      'a_b',
      'otel_scope_name',
      '\ud800',
      '\udc00',
      '\0',
      '\\n"\n',
      '}',
    ),
  );
  const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
    hostileText,
    fc.double(),
    fc.boolean(),
    fc.array(hostileText),
  );

  it('M-001 M-007 M-011 any labels, names and texts give a text that a strict parser reads, without exemplars', async () => {
    const series = fc.tuple(fc.dictionary(hostileText, hostileValue, { maxKeys: 4 }), fc.double());
    const instrument = fc.record({
      scope: hostileText,
      name: hostileText,
      unit: hostileText,
      description: hostileText,
      kind: fc.constantFrom('gauge', 'counter', 'histogram', 'upDownCounter'),
      series: fc.array(series, { maxLength: 4 }),
    });
    const property = fc.asyncProperty(
      fc.array(instrument, { maxLength: 6 }),
      hostileText,
      async (all, resource) => {
        const store = newStore({
          shared: false,
          resource: { attributes: { [resource]: resource } } as never,
        });
        for (const { scope, name, unit, description, kind, series: points } of all) {
          const meter = store.getMeter(scope);
          const record = recordersOf(meter, name, { unit, description })[kind];
          for (const [attributes, value] of points) record?.(value, attributes as Attributes);
        }
        // As a server gets it.
        const text = Buffer.from(await textOf(store), 'utf8').toString('utf8');
        parsePrometheusText(text);
        await store.shutdown();
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
