// P5 and P6: one writing thread alone, beside a collector that never stops, and beside a second writer. Two controls show
// what the machine itself takes: the same with threads that share nothing.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createStore } from 'otel-argo-metrics';

export async function threads({ millis }) {
  const [store, other] = [createStore(), createStore()];
  const [first, second, apart] = await Promise.all([store, store, other].map(startWriter));
  const run = async worker => {
    worker.postMessage({ millis });
    const [recordsPerMilli] = await once(worker, 'message');
    return recordsPerMilli;
  };
  const together = async (...workers) => {
    const rates = await Promise.all(workers.map(run));
    return rates.reduce((sum, rate) => sum + rate, 0);
  };
  const beside = async (store, producer) => {
    let running = true;
    const rate = run(first).finally(() => (running = false));
    const touch = toucherOf(store);
    while (running) {
      touch();
      await producer.collect();
      await new Promise(resolve => setImmediate(resolve));
    }
    return rate;
  };
  const producers = [store.metricProducer(), other.metricProducer()];
  const contestants = {
    // Both writers, because a pair is compared with the mean of the two.
    alone: async () => ((await run(first)) + (await run(second))) / 2,
    whileCollecting: () => beside(store, producers[0]),
    besideAnotherStore: () => beside(other, producers[1]),
    two: () => together(first, second),
    twoApart: () => together(first, apart),
  };
  const end = async () => {
    await Promise.all([first, second, apart].map(worker => worker.terminate()));
    await Promise.all([store.shutdown(), other.shutdown()]);
  };
  return { contestants, end };
}

async function startWriter({ handle }) {
  const worker = new Worker(new URL('./writer.mjs', import.meta.url), { workerData: { handle } });
  await once(worker, 'message');
  return worker;
}

/** Records once into each of the writer's series, so that a collection of a store without a writer has as much to do. */
function toucherOf(store) {
  const counter = store.getMeter('bench').createCounter('threads');
  const bound = Array.from({ length: 1024 }, (_, i) => counter.bind({ route: `/r${i}` }));
  return () => {
    for (const series of bound) series.add(1);
  };
}
