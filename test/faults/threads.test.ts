// Goal: threads that are busy, hang in a callback or die delay a collection at most as long as it is told to wait.
import { once } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';
import { OBSERVER_GRACE_MILLIS } from '../../lib/limits.js';
import { expectedObservers, hasObservers, strikeOff } from '../../lib/memory/observer-table.js';
import { coreOf } from '../../lib/store/store-core.js';

const workerUrl = (name: string): URL => new URL(`./workers/${name}.mjs`, import.meta.url);

async function startObserving(store: MetricStore, value: number, more: object = {}): Promise<Worker> {
  const workerData = { handle: store.handle, value, ...more };
  const worker = new Worker(workerUrl('observing'), { workerData });
  await once(worker, 'message');
  return worker;
}

async function tell(worker: Worker, action: string): Promise<void> {
  const answer = once(worker, 'message');
  worker.postMessage(action);
  await answer;
}

/** Values of the gauge `w`, and the codes of errors. */
function seen({ resourceMetrics, errors }: CollectionResult): [unknown[], unknown[]] {
  const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics);
  const points = metrics
    .filter(({ descriptor }) => descriptor.name === 'w')
    .flatMap(({ dataPoints }) => dataPoints as { value: unknown }[]);
  return [points.map(({ value }) => value), errors.map(error => (error as { code?: string }).code)];
}

describe('a thread with observable callbacks', () => {
  it('that is busy is waited for once, until it answers again', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, callbackTimeoutMillis: 2000 });
    const producer = store.metricProducer();
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = await startObserving(store, 7, { gate });
    expect(seen(await producer.collect())).to.deep.equal([[7], []]);
    await tell(worker, 'sleep');
    expect(seen(await producer.collect({ timeoutMillis: 50 }))).to.deep.equal([[], ['CALLBACK_TIMEOUT']]);
    // It owes an answer for longer than this one would wait.
    expect(seen(await producer.collect({ timeoutMillis: 1 }))).to.deep.equal([[], ['CALLBACK_TIMEOUT']]);
    // Who wants to wait is not cut short by those who did not: as long as the store allows, and once.
    expect(seen(await producer.collect({ timeoutMillis: 60_000 }))).to.deep.equal([[], ['CALLBACK_TIMEOUT']]);
    // Not waited for again: this returns at once, and has no news of it.
    expect(seen(await producer.collect({ timeoutMillis: 60_000 }))).to.deep.equal([[], []]);
    const awake = once(worker, 'message');
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    await awake;
    // Its late answers to the earlier questions tell that it is back.
    let last: unknown[] = [];
    while (last.length === 0) {
      [last] = seen(await producer.collect());
      await setImmediate();
    }
    expect(last).to.deep.equal([7]);
    await worker.terminate();
    await store.shutdown();
  });

  it('in which one callback hangs still hands over what the others observed', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, callbackTimeoutMillis: 3000 });
    const producer = store.metricProducer();
    const worker = await startObserving(store, 7, { hangs: true });
    for (let round = 0; round < 2; round++)
      expect(seen(await producer.collect())).to.deep.equal([[7], ['CALLBACK_TIMEOUT']]);
    expect(store.statistics().refused.callbackErrors).to.equal(2);
    await worker.terminate();
    await store.shutdown();
  });

  it('that removed its last callback is not waited for', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const producer = store.metricProducer();
    const worker = await startObserving(store, 7);
    const doing = once(worker, 'message');
    worker.postMessage('remove');
    // The question may arrive before, during or after the removal.
    const [, errors] = seen(await producer.collect());
    expect(errors).to.deep.equal([]);
    await doing;
    await worker.terminate();
    await store.shutdown();
  });

  it('that is busy gets all the time there is: a thread that says nothing is not taken for dead', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, callbackTimeoutMillis: 50_000 });
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = await startObserving(store, 7, { gate });
    await tell(worker, 'sleep');
    const collected = store.metricProducer().collect();
    await setTimeout(5 * OBSERVER_GRACE_MILLIS);
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    expect(seen(await collected)).to.deep.equal([[7], []]);
    // It has been looked after once; it can be again.
    await worker.terminate();
    expect(seen(await store.metricProducer().collect())).to.deep.equal([[], []]);
    await store.shutdown();
  });

  it('that was terminated costs no collection its time', async () => {
    // A collection that waited for it would not be over before this test is.
    const store = createStore({ maxBytes: 4 * 1024 * 1024, callbackTimeoutMillis: 2 ** 31 - 1 });
    const producer = store.metricProducer();
    const workers = await Promise.all([1, 2, 3].map(value => startObserving(store, value)));
    expect((await producer.collect()).errors).to.deep.equal([]);
    await Promise.all(workers.slice(1).map(worker => worker.terminate()));
    expect(seen(await producer.collect())).to.deep.equal([[1], []]);
    await workers[0]?.terminate();
    expect(seen(await producer.collect({ timeoutMillis: 1 }))).to.deep.equal([[], []]);
    expect(hasObservers(coreOf(store).region, 0)).to.equal(false);
    await store.shutdown();
  });

  for (const end of ['close', 'exit', 'fail'])
    it(`that ends by itself (${end}) strikes itself off`, async () => {
      const store = createStore({ maxBytes: 4 * 1024 * 1024 });
      const worker = await startObserving(store, 7);
      worker.on('error', () => undefined);
      const exit = new Promise(resolve => worker.once('exit', resolve));
      worker.postMessage(end);
      await exit;
      expect(hasObservers(coreOf(store).region, 0)).to.equal(false);
      await store.shutdown();
    });

  it('that is struck off by mistake is entered again when it hears of a collection', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const producer = store.metricProducer();
    const { region } = coreOf(store);
    const workers = [await startObserving(store, 1), await startObserving(store, 2)];
    const [first = 0] = expectedObservers(region);
    strikeOff(region, first);
    while (expectedObservers(region).length < 2) {
      await producer.collect();
      await setImmediate();
    }
    await Promise.all(workers.map(worker => worker.terminate()));
    await store.shutdown();
  });

  it('and others like it that are late make one error', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const workers = await Promise.all([1, 2, 3].map(value => startObserving(store, value, { gate })));
    await Promise.all(workers.map(worker => tell(worker, 'sleep')));
    const { errors } = await store.metricProducer().collect({ timeoutMillis: 50 });
    expect(errors).to.have.length(1);
    expect(String(errors[0])).to.match(/3 threads .* within 50 ms.*\[CALLBACK_TIMEOUT\]$/);
    await Promise.all(workers.map(worker => worker.terminate()));
    await store.shutdown();
  });
});

describe('a collecting thread that dies', () => {
  it('should leave the totals to whoever collects next', async function () {
    this.timeout(120_000);
    const store = createStore({ maxBytes: 16 * 1024 * 1024, cardinalityLimit: 5000 });
    const counter = store.getMeter('m').createCounter('c');
    const deltas = store.metricProducer({ aggregationTemporalitySelector: () => 0 });
    const totals = store.metricProducer();
    const sumOf = ({ resourceMetrics }: CollectionResult): number =>
      (resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? []).reduce(
        (sum, { value }) => sum + Number(value),
        0,
      );
    let [added, delivered] = [0, 0];
    for (let death = 0; death < 4; death++) {
      const collector = new Worker(workerUrl('endless-collector'), { workerData: store.handle });
      const exit = once(collector, 'exit');
      let collecting = false;
      collector.on('message', () => (collecting = true));
      while (!collecting) {
        for (let index = 0; index < 2000; index++, added++) counter.add(1, { index });
        await setImmediate();
      }
      await collector.terminate();
      await exit;
      delivered += sumOf(await deltas.collect());
      const cut = await totals.collect();
      expect(cut.errors).to.deep.equal([]);
      expect([sumOf(cut), delivered]).to.deep.equal([added, added]);
    }
    expect(store.statistics()).to.include({ series: 2000, stuckStripes: 0 });
    await store.shutdown();
  });
});
