import { diag } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { AggregationTemporality, MeterProvider } from '@opentelemetry/sdk-metrics';
import type {
  MetricProducer,
  PushMetricExporter,
  ResourceMetrics,
  SumMetricData,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { captureWarnings } from '../faults/warnings.js';

type Done = Parameters<PushMetricExporter['export']>[1];

/** A delta exporter whose answers the test decides. */
class ScriptedExporter implements PushMetricExporter {
  readonly sums: Record<string, number>[] = [];
  shutdowns = 0;
  readonly #answer: (attempt: number, done: Done) => void;

  constructor(answer: (attempt: number, done: Done) => void) {
    this.#answer = answer;
  }

  export(metrics: ResourceMetrics, done: Done): void {
    this.sums.push(sumsOf(metrics));
    this.#answer(this.sums.length, done);
  }

  selectAggregationTemporality(): AggregationTemporality {
    return AggregationTemporality.DELTA;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.shutdowns++;
  }
}

function sumsOf({ scopeMetrics }: ResourceMetrics): Record<string, number> {
  const metrics = scopeMetrics.flatMap(scope => scope.metrics) as SumMetricData[];
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.reduce((sum, { value }) => sum + value, 0),
    ]),
  );
}

const newStore = (): ReturnType<typeof createStore> => createStore({ maxBytes: 4 * 1024 * 1024 });

describe('DoubleBufferedMetricReader', () => {
  it("says the provider's resource, before the store's own, and the store's where there is no provider", async () => {
    const resource = (name: string): Resource => resourceFromAttributes({ 'service.name': name });
    const nameOf = async (reader: DoubleBufferedMetricReader): Promise<unknown> =>
      (await reader.collect()).resourceMetrics.resource.attributes['service.name'];
    const store = createStore({ maxBytes: 4 * 1024 * 1024, resource: resource('store') });
    const [reader, alone] = [store, store].map(() => new DoubleBufferedMetricReader({ store }));
    const provider = new MeterProvider({ readers: [reader!], resource: resource('provider') });
    expect([await nameOf(reader!), await nameOf(alone!)]).to.deep.equal(['provider', 'store']);
    await provider.shutdown();
    await alone!.shutdown();
    await store.shutdown();
  });

  it("returns the provider's and the store's series as one", async () => {
    const store = newStore();
    const reader = new DoubleBufferedMetricReader({ store });
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('m').createCounter('host').add(1);
    store.getMeter('m').createCounter('own').add(2);
    const { resourceMetrics, errors } = await reader.collect();
    expect(sumsOf(resourceMetrics)).to.deep.equal({ host: 1, own: 2 });
    expect(errors).to.deep.equal([]);
    expect(() => new MeterProvider({ readers: [reader] })).to.throw(/ALREADY_REGISTERED/);
  });

  it('B10: concurrent collections share one, callbacks run once', async () => {
    const reader = new DoubleBufferedMetricReader({ store: newStore() });
    const provider = new MeterProvider({ readers: [reader] });
    let runs = 0;
    provider
      .getMeter('m')
      .createObservableGauge('g')
      .addCallback(() => void runs++);
    await Promise.all([reader.collect(), reader.collect()]);
    expect(runs).to.equal(1);
  });

  it('B14 B15 B19: a producer that rejects, with nothing even, or hangs, takes no data along', async () => {
    const store = newStore();
    store.getMeter('m').createCounter('own').add(2);
    const nothing: unknown = undefined;
    const bad: MetricProducer[] = [
      {
        collect: () => {
          throw nothing;
        },
      },
      { collect: () => new Promise(() => undefined) },
    ];
    const reader = new DoubleBufferedMetricReader({ store, metricProducers: bad });
    const { resourceMetrics, errors } = await reader.collect({ timeoutMillis: 20 });
    expect(sumsOf(resourceMetrics)).to.deep.equal({ own: 2 });
    expect(errors.map(error => (error as { code: string }).code)).to.have.members([
      'PRODUCER_FAILED',
      'PRODUCER_TIMEOUT',
    ]);
  });

  it('B20 B27: a failed export comes again, host and store, a hanging one does not, and nothing twice', async () => {
    const exporter = new ScriptedExporter((attempt, done) => {
      if (attempt === 1) done({ code: 1 });
      else if (attempt !== 4) done({ code: 0 });
    });
    const store = newStore();
    const reader = new DoubleBufferedMetricReader({ store, exporter, exportTimeoutMillis: 20 });
    const host = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('host');
    const own = store.getMeter('m').createCounter('own');
    for (const value of [1, 2, 4, 8]) {
      host.add(value);
      own.add(value);
      await reader.forceFlush();
    }
    expect(exporter.sums).to.deep.equal([
      { host: 1, own: 1 },
      { host: 1 },
      { host: 2, own: 3 },
      { host: 4, own: 4 },
      { host: 8, own: 8 },
    ]);
    expect(store.statistics().deltaBatchesInDoubt).to.equal(0);
    await reader.shutdown();
    expect(store.statistics().deltaBatchesInDoubt).to.equal(1);
  });

  it('shutdown() tries once more what failed, and says so when that is in vain', async () => {
    const said = captureWarnings();
    for (const [failures, delivered] of [
      [1, { host: 3, own: 3 }],
      [9, { host: 0, own: 0 }],
    ] as const) {
      const total = { host: 0, own: 0 };
      const exporter: ScriptedExporter = new ScriptedExporter((attempt, done) => {
        if (attempt <= failures) return done({ code: 1 });
        const { host: fromHost = 0, own: fromStore = 0 } = exporter.sums.at(-1) ?? {};
        total.host += fromHost;
        total.own += fromStore;
        done({ code: 0 });
      });
      const store = newStore();
      const reader = new DoubleBufferedMetricReader({ store, exporter });
      const host = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('host');
      const own = store.getMeter('m').createCounter('own');
      for (const value of [1, 2]) {
        host.add(value);
        own.add(value);
        if (value === 1) await reader.forceFlush();
      }
      await reader.shutdown();
      expect([total, exporter.shutdowns]).to.deep.equal([delivered, 1]);
    }
    expect(said.filter(text => text.includes('given up'))).to.have.length(1);
    diag.disable();
  });

  it('exports nothing when there is nothing', async () => {
    const exporter = new ScriptedExporter((_attempt, done) => done({ code: 0 }));
    const store = newStore();
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    const own = store.getMeter('m').createCounter('own');
    await reader.forceFlush();
    own.add(1);
    await reader.forceFlush();
    await reader.shutdown();
    expect(exporter.sums).to.deep.equal([{ own: 1 }]);
  });

  it('exponential-preference: says once that a wish of the exporter holds for other instruments only', () => {
    const said = captureWarnings();
    const wish = (type: number, options?: object) => (kind: string) =>
      kind === 'HISTOGRAM' ? { type, options } : { type: 0 };
    const readerFor = (selectAggregation: unknown, options = {}): unknown => {
      const exporter = Object.assign(new ScriptedExporter(() => undefined), {
        selectAggregation,
      }) as unknown as PushMetricExporter;
      return new DoubleBufferedMetricReader({ store: newStore(), exporter, ...options });
    };
    readerFor(wish(5));
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/EXPONENTIAL_HISTOGRAM for HISTOGRAM/);
    readerFor(wish(4, { boundaries: [1] }));
    readerFor(wish(1));
    expect(said.slice(1).join()).to.match(/EXPLICIT_BUCKET_HISTOGRAM for HISTOGRAM.*DROP for HISTOGRAM/s);
    // What the store does anyway, and what the application chose itself.
    for (const kind of [0, 4]) readerFor(wish(kind));
    readerFor(undefined);
    readerFor(wish(5), { aggregationSelector: () => ({ type: 0 }) });
    readerFor(undefined, { aggregationSelector: wish(5) });
    expect(said).to.have.length(3);
    diag.disable();
  });

  it('a collection during an export is not taken for exported', async () => {
    let answer: Done | undefined;
    const exporter = new ScriptedExporter((attempt, done) =>
      attempt === 1 ? (answer = done) : done({ code: 0 }),
    );
    const store = newStore();
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    const own = store.getMeter('m').createCounter('own');
    own.add(1);
    const flush = reader.forceFlush();
    while (answer === undefined) await new Promise(setImmediate);
    own.add(10);
    const between = reader.collect();
    await new Promise(setImmediate);
    answer({ code: 0 });
    await Promise.all([flush, between]);
    await reader.forceFlush();
    expect(exporter.sums).to.deep.equal([{ own: 1 }, { own: 10 }]);
  });

  it('B21 B22: shutdown flushes once, and collect() rejects afterwards', async () => {
    const exporter = new ScriptedExporter((_attempt, done) => done({ code: 0 }));
    const store = newStore();
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    store.getMeter('m').createCounter('own').add(3);
    await Promise.all([reader.shutdown(), reader.shutdown()]);
    await reader.forceFlush();
    expect(exporter.sums).to.deep.equal([{ own: 3 }]);
    expect(exporter.shutdowns).to.equal(1);
    const failure: unknown = await reader.collect().catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'READER_SHUT_DOWN');
  });

  it('waits no longer than an export for an exporter that hangs in forceFlush() or shutdown(), and says so once', async () => {
    const said = captureWarnings();
    const store = newStore();
    const exporter = new ScriptedExporter((_attempt, done) => done({ code: 0 }));
    exporter.forceFlush = exporter.shutdown = () => new Promise(() => undefined);
    const reader = new DoubleBufferedMetricReader({
      store,
      exporter,
      exportTimeoutMillis: 5,
      exportIntervalMillis: 60_000,
    });
    const hanging = (): string[] => said.filter(text => text.includes('not waited for any longer'));
    await reader.forceFlush();
    expect(hanging()).to.have.length(1);
    expect(hanging()[0]).to.contain("the exporter's forceFlush()");
    await reader.forceFlush();
    await reader.shutdown();
    expect(hanging()).to.have.length(1);
    diag.disable();
    await store.shutdown();
  });

  it('refuses its own store as a further producer', () => {
    const store = newStore();
    expect(
      () => new DoubleBufferedMetricReader({ store, metricProducers: [store.metricProducer()] }),
    ).to.throw(/INVALID_OPTION/);
  });
});
