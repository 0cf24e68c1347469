// Goal: a logger of the application that throws takes along no record, no collection and no export.
import { diag, type Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';
import { ScriptedExporter } from '../support/scripted-exporter.js';

describe('a logger that throws', () => {
  let said = 0;
  beforeEach(() => {
    said = 0;
    const fail = (): never => {
      said++;
      throw new Error('the disk is full');
    };
    const logger = { error: fail, warn: fail, info: fail, debug: fail, verbose: fail };
    diag.setLogger(logger, { suppressOverrideMessage: true });
  });
  afterEach(() => diag.disable());

  it('should be called, and not get out of a record or a collection', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, cardinalityLimit: 1 });
    const meter = store.getMeter('');
    const counter = meter.createCounter('c');
    counter.add(-1);
    counter.add(1, { a: 1n } as unknown as Attributes);
    for (const a of ['in', 'over']) counter.add(1, { a });
    counter.bind({}).add(NaN);
    meter.createUpDownCounter('c').add(Infinity);
    meter.createHistogram('h').record(NaN);
    meter.createGauge('g').record('5' as unknown as number);
    meter.createObservableGauge('o').addCallback(result => result.observe(NaN, { a: 1n } as never));
    expect(said).to.be.greaterThan(3);
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints).to.have.length(2);
    await store.shutdown();
  });

  it('should not end the exports, nor be a rejection that nobody handles', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const meter = store.getMeter('m');
    meter.createCounter('c').add(1);
    // A collection that is not complete is said before the export.
    meter.createObservableGauge('o').addCallback(() => {
      throw new Error('no');
    });
    let resolve: () => void = () => undefined;
    const exported = new Promise<void>(done => (resolve = done));
    const exporter = new ScriptedExporter((attempt, done) => {
      done({ code: 1, error: new Error('down') });
      if (attempt === 3) resolve();
    });
    const reader = new DoubleBufferedMetricReader({
      store,
      exporter,
      exportIntervalMillis: 10,
      exportTimeoutMillis: 10,
    });
    // The library's timers do not keep a process alive.
    const alive = setInterval(() => undefined, 1000);
    await exported;
    await reader.shutdown().catch(() => undefined);
    clearInterval(alive);
    process.off('unhandledRejection', note);
    expect(rejections).to.deep.equal([]);
    expect(said).to.be.greaterThan(3);
    await store.shutdown();
  });
});
