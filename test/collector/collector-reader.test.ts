// Goal: what a MeterProvider with `collector.reader` counts is served and exported by the collector thread as a reader in the
// provider's own thread would have done it, and while that thread is busy, has failed or has ended, as it was last. Method: the SDK's own
// MeterProvider, real threads, and the same provider with a reader of its own thread beside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BroadcastChannel, Worker } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationType, MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  createStore,
  DoubleBufferedMetricReader,
  startCollectorThread,
  startPrometheusEndpoint,
  type CollectorThread,
  type CollectorThreadOptions,
  type MetricStore,
} from '../../lib/index.js';
import { ask } from '../exposition/http-client.js';
import { captureWarnings } from '../faults/warnings.js';
import { firstMessage } from './first-message.js';

const SENDING = new URL('./exporters/sending.mjs', import.meta.url);
/** Longer than an export takes on its way here. */
const WAIT_MILLIS = 30_000;
const AGE = /^otel_argo_metrics_host_age_seconds(?:\{.*\})? (\S+)$/m;

interface Exported {
  readonly attributes: object;
  readonly scopeMetrics: ScopeMetrics[];
}

/** How long a scraper waits, which decides how long a busy thread is waited for: four fifths of it. */
async function scrape(url: string | undefined, seconds = 10): Promise<string> {
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': String(seconds) };
  const { body } = await ask(url ?? '', { headers });
  return body.toString();
}

const valueOf = (exposition: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(exposition)?.[1]);

/** Without the two figures that only a collector thread has. */
const withoutAge = (exposition: string): string =>
  exposition.replaceAll(/^.*otel_argo_metrics_host_age_seconds.*\n/gm, '');

describe('collector.reader', () => {
  let store: MetricStore;
  let collector: CollectorThread | undefined;
  let channel: BroadcastChannel;
  let exports: Exported[];
  let said: string[];
  const workers: Worker[] = [];
  const remember = (worker: Worker): void => void workers.push(worker);

  beforeEach(() => {
    store = createStore({ maxBytes: 2 ** 24, callbackTimeoutMillis: 2000 });
    workers.length = 0;
    exports = [];
    channel = new BroadcastChannel(`sent ${store.handle as unknown as string} ${Math.random()}`);
    channel.onmessage = event => exports.push((event as { data: Exported }).data);
    said = captureWarnings();
    process.on('worker', remember);
  });
  let spinning: Worker | undefined;
  afterEach(async () => {
    // It would hold the process for ever, however the test ends.
    await spinning?.terminate();
    spinning = undefined;
    await collector?.shutdown();
    collector = undefined;
    process.off('worker', remember);
    diag.disable();
    channel.close();
    await store.shutdown();
  });

  async function start(options: Omit<CollectorThreadOptions, 'store'> = {}): Promise<CollectorThread> {
    const restart = { delayMinMillis: 1, delayMaxMillis: 5 };
    return (collector = await startCollectorThread({ store, restart, prometheus: { port: 0 }, ...options }));
  }

  const sending = (more: object = {}): Omit<CollectorThreadOptions, 'store'> => ({
    exporterModule: SENDING,
    exporterOptions: { name: channel.name, ...more },
  });

  /** What the flush exported, once it has come over the channel. */
  async function flushed(work: () => Promise<void>): Promise<Exported> {
    const before = exports.length;
    await work();
    for (const end = Date.now() + WAIT_MILLIS; Date.now() < end; await pause(1)) {
      const exported = exports[before];
      if (exported !== undefined) return exported;
    }
    throw new Error('nothing was exported');
  }

  const flush = async (): Promise<void> => collector?.forceFlush();

  const namesOf = ({ scopeMetrics }: Exported): string[] =>
    scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name));

  function recordOfEachKind(provider: MeterProvider): void {
    const meter = provider.getMeter('sdk', '1.2', { schemaUrl: 'https://example.com/1' });
    meter
      .createCounter('counter', { unit: 's', description: 'A counter.' })
      .add(1.5, { k: 'a', list: ['x', 'y'] });
    meter.createUpDownCounter('up_down').add(-2, { n: 1, b: true });
    meter.createGauge('gauge').record(Number.NaN, { 'with.dot': 'é' });
    const histogram = meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [1, 10] } });
    for (const value of [0.5, 5, 50]) histogram.record(value, { k: 'a' });
    const exponential = meter.createHistogram('exponential');
    for (const value of [-1, 0, 1e-9, 3, 4.5, 1e9]) exponential.record(value);
    meter.createObservableCounter('observed').addCallback(result => result.observe(7, { k: 'o' }));
    meter.createObservableUpDownCounter('observed_up_down').addCallback(result => result.observe(-7));
    meter.createObservableGauge('observed_gauge').addCallback(result => result.observe(Infinity));
    provider.getMeter('other').createCounter('counter').add(2);
    provider.getMeter('').createCounter('empty').add(0);
  }

  it('should serve and export all kinds of instruments as a reader of their own thread does', async () => {
    const elsewhere = createStore({ maxBytes: 2 ** 22 });
    const aggregation = { UP_DOWN_COUNTER: { type: AggregationType.SUM } };
    const { reader, url } = await start(sending({ aggregation }));
    const local = new DoubleBufferedMetricReader({ store: elsewhere });
    const pending = new Promise<string>(resolve => setTimeout(() => resolve('late'), 20));
    const provider = new MeterProvider({
      readers: [reader, local],
      resource: resourceFromAttributes({ 'service.name': 's', detected: pending }),
      views: [
        { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
        { instrumentName: 'counter', meterName: 'other', name: 'renamed', description: 'By a View.' },
      ],
    });
    recordOfEachKind(provider);
    const endpoint = await startPrometheusEndpoint({ reader: local, port: 0 });
    const exposition = await scrape(url);
    expect(withoutAge(exposition)).to.equal(await scrape(endpoint.url));
    expect(exposition).to.include('observed_total').and.to.include('detected="late"').and.to.match(AGE);
    await endpoint.shutdown();

    const { attributes, scopeMetrics } = await flushed(flush);
    expect(attributes).to.deep.equal({ 'service.name': 's', detected: 'late' });
    const { resourceMetrics } = await local.collect();
    const isOwn = ({ scope }: ScopeMetrics): boolean => scope.name !== 'otel_argo_metrics.collector';
    const timeless = (scopes: readonly ScopeMetrics[]): unknown =>
      structuredClone(scopes).map(({ scope, metrics }) => ({
        scope,
        metrics: metrics.map(metric => ({
          ...metric,
          dataPoints: metric.dataPoints.map(({ startTime: _, endTime: __, ...point }) => point),
        })),
      }));
    expect(timeless(scopeMetrics.filter(isOwn))).to.deep.equal(timeless(resourceMetrics.scopeMetrics));
    await elsewhere.shutdown();
  });

  it('should ask nobody, and show no age, until a provider has it', async () => {
    const { reader, url } = await start(sending());
    store.getMeter('m').createCounter('c').add(1);
    expect(await scrape(url))
      .to.match(/^c_total/m)
      .and.not.to.match(AGE);
    expect(namesOf(await flushed(flush))).to.deep.equal(['c']);
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('sdk').createCounter('own').add(1);
    expect(await scrape(url))
      .to.match(/^own_total/m)
      .and.to.match(AGE);
    expect(namesOf(await flushed(flush))).to.deep.equal(['own', 'otel_argo_metrics.host.age', 'c']);
  });

  it('should have the provider export by the collector, and leave the store when the provider ends', async () => {
    const { reader, url } = await start(sending());
    const provider = new MeterProvider({ readers: [reader] });
    const own = provider.getMeter('sdk').createCounter('own');
    const ofStore = store.getMeter('m').createCounter('c');
    for (let round = 1; round <= 3; round++) {
      own.add(1);
      ofStore.add(1);
      const { scopeMetrics } = await flushed(() => provider.forceFlush());
      const values = scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ dataPoints: [point] }) => point?.value),
      );
      expect([values[0], values[2]]).to.deep.equal([round, round]);
    }
    own.add(1);
    expect(namesOf(await flushed(() => provider.shutdown()))).to.include('own');
    expect(await scrape(url))
      .to.match(/^c_total/m)
      .and.not.to.match(/^own/m)
      .and.not.to.match(AGE);
    expect(namesOf(await flushed(flush))).to.deep.equal(['c']);
  });

  it('should take any order of shutdowns', async () => {
    const { reader } = await start();
    const provider = new MeterProvider({ readers: [reader] });
    await collector?.shutdown();
    await provider.shutdown();
    await reader.shutdown();
  });

  it('should export totals of the provider beside deltas of the store, none twice, and say so', async () => {
    const { reader } = await start(sending({ temporality: 0 }));
    const provider = new MeterProvider({ readers: [reader] });
    const own = provider.getMeter('sdk').createCounter('own');
    const ofStore = store.getMeter('m').createCounter('c');
    for (let round = 1; round <= 3; round++) {
      own.add(5);
      ofStore.add(5);
      const { scopeMetrics } = await flushed(() => provider.forceFlush());
      const shown = scopeMetrics.flatMap(({ metrics }) =>
        metrics
          .filter(({ descriptor }) => !descriptor.name.startsWith('otel_argo'))
          .map(metric => [metric.aggregationTemporality, metric.dataPoints[0]?.value]),
      );
      expect(shown).to.deep.equal([
        [1, 5 * round],
        [0, 5],
      ]);
    }
    expect(said.filter(line => line.includes('the exporter asks for deltas'))).to.have.length(1);
  });

  it('should give the provider the aggregations that the exporter wishes for', async () => {
    const aggregation = {
      HISTOGRAM: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 7 } },
    };
    const { reader } = await start(sending({ aggregation }));
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('sdk').createHistogram('h').record(3);
    const { scopeMetrics } = await flushed(() => provider.forceFlush());
    expect(scopeMetrics[0]?.metrics[0]).to.include({ dataPointType: 1 });
  });

  for (const [hostMaxAgeMillis, isShown] of [
    [300_000, true],
    [0, false],
  ] as const)
    it(`should go on while the provider's thread spins, with the last answer: hostMaxAgeMillis ${hostMaxAgeMillis}`, async () => {
      const workerData = { handle: store.handle, options: { hostMaxAgeMillis } };
      spinning = new Worker(new URL('./programs/spinning-host.mjs', import.meta.url), { workerData });
      const url = await firstMessage(spinning);
      const first = await scrape(url);
      expect(valueOf(first, 'own_total')).to.equal(3);
      spinning.postMessage('spin');
      let [spun, age] = [0, 0];
      while (!(spun > 0)) spun = valueOf(await scrape(url, 0.2), 'spun_total');
      for (let scrapes = 0; scrapes < 50; scrapes++) {
        const exposition = await scrape(url, 0.2);
        if (isShown) expect(valueOf(exposition, 'own_total')).to.equal(3);
        else expect(exposition).not.to.match(/^own_total/m);
        const next = Number(AGE.exec(exposition)?.[1]);
        expect(next).to.be.greaterThan(age);
        age = next;
        const further = valueOf(exposition, 'spun_total');
        expect(further).to.be.at.least(spun);
        spun = further;
      }
    });

  it('should be asked by the next thread when one has ended, and keep its resource', async () => {
    const { reader, url } = await start(sending());
    const provider = new MeterProvider({
      readers: [reader],
      resource: resourceFromAttributes({ 'service.name': 'of the provider' }),
    });
    const own = provider.getMeter('sdk').createCounter('own');
    own.add(1);
    await flushed(flush);
    for (let round = 1; round <= 3; round++) {
      own.add(1);
      await workers.at(-1)?.terminate();
      let exported: Exported | undefined;
      while (exported === undefined)
        // Between two threads there is nobody to flush.
        exported = await flushed(flush).catch(() => pause(1, undefined));
      expect(exported.attributes).to.deep.equal({ 'service.name': 'of the provider' });
      expect(exported.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value).to.equal(1 + round);
      expect(valueOf(await scrape(url), 'own_total')).to.equal(1 + round);
    }
  });

  it('should show everything else when a callback hangs, throws, or the provider itself never answers', async () => {
    const { reader, url } = await start(sending());
    const provider = new MeterProvider({ readers: [reader] });
    const meter = provider.getMeter('sdk');
    meter.createCounter('own').add(1);
    meter.createObservableGauge('hanging').addCallback(() => new Promise(() => undefined));
    meter.createObservableGauge('throwing').addCallback(() => {
      throw new Error('no figure');
    });
    store.getMeter('m').createCounter('c').add(1);
    const exposition = await scrape(url, 0.5);
    expect([valueOf(exposition, 'own_total'), valueOf(exposition, 'c_total')]).to.deep.equal([1, 1]);
    await flushed(() => provider.forceFlush());
    expect(said.join('\n'))
      .to.include('no figure')
      .and.to.match(/timed out|timeout/i);
    await collector?.shutdown();

    const other = await start();
    const hangs: MetricProducer = { collect: () => new Promise(() => undefined) };
    other.reader.setMetricProducer(hangs);
    for (let scrapes = 0; scrapes < 3; scrapes++)
      expect(valueOf(await scrape(other.url, 0.2), 'c_total')).to.equal(1);
  });

  it('should carry an answer of any size, and what cannot be cloned takes nothing along', async () => {
    const { reader } = await start(sending());
    const provider = new MeterProvider({
      readers: [reader],
      views: [{ instrumentName: '*', aggregationCardinalityLimit: 50_000 }],
    });
    const meter = provider.getMeter('sdk');
    const many = meter.createCounter('many');
    for (let i = 0; i < 30_000; i++) many.add(1, { i });
    for (let i = 0; i < 300; i++)
      meter.createCounter(`c${i}`).add(i, { odd: (() => i) as unknown as string, i });
    const { scopeMetrics } = await flushed(() => provider.forceFlush());
    const metrics = scopeMetrics[0]?.metrics ?? [];
    expect(metrics).to.have.length(301);
    expect(metrics[0]?.dataPoints).to.have.length(30_000);
    expect(metrics.at(-1)?.dataPoints[0]).to.deep.include({ attributes: { i: 299 }, value: 299 });
  });
});

describe('the end of a process with collector.reader', () => {
  async function endOf(how: string): Promise<{ code: number | null; values: string[]; said: string }> {
    const program = fileURLToPath(new URL('./programs/ending-host.mjs', import.meta.url));
    const child = spawn(process.execPath, [program, how], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [printed, said, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, values: printed.split('\n').filter(line => line.startsWith('own')), said };
  }

  const ENDS: readonly (readonly [how: string, code: number, exported: string[]])[] = [
    // What the provider had when it was asked last: nobody can ask it any more.
    ['exit', 3, ['own 3', 'own 3']],
    ['throw', 1, ['own 3', 'own 3']],
    // It is asked before the process ends.
    ['natural', 0, ['own 7']],
    ['hanging', 0, ['own 7']],
    ['flush', 3, ['own 3', 'own 7', 'own 7']],
    ['shutdown', 0, ['own 3', 'own 7']],
  ];
  for (const [how, code, exported] of ENDS)
    it(`should export what the provider said last: ${how}`, async () => {
      const { values, said, ...end } = await endOf(how);
      expect([end.code, values], said).to.deep.equal([code, exported]);
    });
});
