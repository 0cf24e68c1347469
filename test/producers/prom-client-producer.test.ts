// Goal: what a registry of prom-client shows of itself is shown by us, series by series. Method: both texts, parsed.
import { expect } from 'chai';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import * as client from 'prom-client';
import { MetricStoreError } from '../../lib/errors.js';
import { startPrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { promClientProducer, type PromClientRegistry } from '../../lib/producers/prom-client-producer.js';
import { parsePrometheusText } from '../support/prometheus-parser.js';

/** A registry with a metric of each kind, and the default ones. */
function fill(registry: client.Registry): client.Registry {
  const registers = [registry];
  registry.setDefaultLabels({ app: 'shop', zone: 1 });
  client.collectDefaultMetrics({ register: registry });
  const labelNames = ['a', 'b'];
  const counter = new client.Counter({ name: 'jobs', help: 'No suffix', labelNames, registers });
  counter.inc({ a: 'x"y\\z\n', b: '1' }, 2.5);
  counter.inc({ b: '2' });
  new client.Counter({ name: 'a__b_total', help: 'Two underscores', registers }).inc(3);
  new client.Gauge({ name: 'open_total', help: 'A gauge of that name', registers, collect() { this.set(-4); } }); // prettier-ignore
  const histogram = new client.Histogram({ name: 'wait', help: 'h', labelNames, buckets: [0.1, 1, 250], registers }); // prettier-ignore
  for (const value of [0.05, 0.1, 7, 3000]) histogram.observe({ a: 'x' }, value);
  new client.Histogram({ name: 'empty', help: 'h', registers });
  const summary = new client.Summary({
    name: 'size',
    help: 's',
    labelNames,
    percentiles: [0.5, 0.99],
    registers,
  });
  for (const value of [1, 2, 3]) summary.observe({ a: 'x' }, value);
  return registry;
}

function samplesOf(text: string): Map<string, number> {
  const samples = [...parsePrometheusText(text).values()].flatMap(family => family.samples);
  return new Map(
    samples.map(({ name, labels, value }) => [name + JSON.stringify(Object.entries(labels).sort()), value]),
  );
}

/** Of these the value is another one each time. */
const MOVING = /^(process|nodejs)_/;
/** There once garbage was collected; one for each kind that there is in that moment. */
const SOMETIMES = /^nodejs_(gc_|active_)/;

describe('promClientProducer', () => {
  it('should show the same series under the same names as the registry itself', async () => {
    const registry = fill(new client.Registry());
    const store = createStore({ shared: false });
    store.getMeter('').createCounter('own').add(1);
    const metricProducers = [promClientProducer(registry)];
    const endpoint = await startPrometheusEndpoint({ store, port: 0, metricProducers });
    try {
      const ours = samplesOf(await (await fetch(endpoint.url)).text());
      // The text of its summaries is no family of ours: lines alone.
      const theirs = linesOf(await registry.metrics());
      expect(ours.get('own_total[]')).to.equal(1);
      ours.delete('own_total[]');
      const namesOf = (samples: Map<string, number>): string[] => [
        ...new Set([...samples.keys()].map(key => key.replace(/\[.*/s, ''))),
      ];
      // Garbage is collected meanwhile, and connections come and go.
      const later = new Set(namesOf(ours).filter(name => MOVING.test(name)));
      expect([...later]).to.include.members(['process_cpu_seconds_total', 'nodejs_heap_size_total_bytes']);
      expect(
        namesOf(theirs).filter(name => MOVING.test(name) && !SOMETIMES.test(name) && !later.has(name)),
      ).to.deep.equal([]);
      const steady = (samples: Map<string, number>): [string, number][] =>
        [...samples].filter(([series]) => !MOVING.test(series)).sort();
      expect(steady(ours)).to.deep.equal(steady(theirs));
      expect(steady(ours).length).to.be.greaterThan(20);
    } finally {
      await endpoint.shutdown();
      await store.shutdown();
    }
  });

  it('should come out of a reader, with one start time in all collections', async () => {
    const store = createStore({ shared: false });
    const registry = fill(new client.Registry());
    const reader = new DoubleBufferedMetricReader({ store, metricProducers: [promClientProducer(registry)] });
    const provider = new MeterProvider({ readers: [reader] });
    const collect = async (): Promise<Map<string, unknown[]>> => {
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).to.deep.equal([]);
      const [scope] = resourceMetrics.scopeMetrics.filter(one => one.scope.name === 'prom-client');
      return new Map(scope?.metrics.map(metric => [metric.descriptor.name, metric.dataPoints]));
    };
    const [first, second] = [await collect(), await collect()];
    expect(first.get('jobs')).to.have.length(2);
    expect(first.get('wait')?.[0])
      .to.have.property('value')
      .that.deep.equals({
        buckets: { boundaries: [0.1, 1, 250], counts: [2, 0, 1, 1] },
        count: 4,
        sum: 3007.15,
      });
    expect([...first.keys()]).to.include.members([
      'size',
      'size_sum',
      'size_count',
      'process_cpu_seconds_total',
    ]);
    const startOf = (points: unknown[] | undefined): unknown =>
      (points?.[0] as { startTime: unknown }).startTime;
    expect(startOf(second.get('jobs'))).to.deep.equal(startOf(first.get('jobs')));
    await provider.shutdown();
    await store.shutdown();
  });

  it('should leave out a metric that is none, and keep the rest', async () => {
    const good = { name: 'g', help: '', type: 'gauge', values: [{ value: 1, labels: {} }] };
    const bad: unknown[] = [
      null,
      7,
      {},
      { ...good, name: 7 },
      { ...good, type: 'unknown' },
      { ...good, values: [{ value: '1' }] },
      { ...good, values: [null] },
      { name: 'h', type: 'histogram', values: [{ value: {} }] },
    ];
    const registry = { getMetricsAsJSON: () => Promise.resolve([...bad, good]) } as PromClientRegistry;
    const { resourceMetrics, errors } = await promClientProducer(registry).collect();
    expect(resourceMetrics.scopeMetrics[0]?.metrics.map(({ descriptor }) => descriptor.name)).to.deep.equal([
      'g',
    ]);
    expect(errors).to.have.length(bad.length);
  });

  it('should reject when the registry does, and when it gives no list', async () => {
    for (const given of [() => Promise.reject(new Error('down')), () => Promise.resolve({})]) {
      const registry = { getMetricsAsJSON: given } as unknown as PromClientRegistry;
      const failure: unknown = await promClientProducer(registry)
        .collect()
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error);
    }
  });

  it('should be the same one of a registry, whoever asks again', () => {
    const [one, other] = [0, 1].map(() => ({ getMetricsAsJSON: () => Promise.resolve([]) }));
    if (one === undefined || other === undefined) throw new Error('there are two');
    expect(promClientProducer(one)).to.equal(promClientProducer(one));
    expect(promClientProducer(one)).to.not.equal(promClientProducer(other));
  });

  it('should refuse what is no registry', () => {
    for (const registry of [undefined, null, {}, [], { metrics: () => '' }])
      expect(() => promClientProducer(registry as never)).to.throw(MetricStoreError, 'Registry').with.property('code', 'INVALID_OPTION'); // prettier-ignore
  });
});

/** Samples of a text, whatever the types are. */
function linesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.flatMap(line => {
      const [name = ''] = /^[^{ ]+/.exec(line) ?? [];
      // Not a number in the format; the default metrics have it.
      const number = line.slice(name.length).replace(/ Nan$/, ' NaN');
      const [[key, value] = ['x', NaN]] = samplesOf(`# TYPE x gauge\nx${number}\n`);
      return [[name + key.slice(1), value]] as [string, number][];
    }),
  );
}
