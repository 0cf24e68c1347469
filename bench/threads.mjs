// P5 and P6: one writing thread alone, beside a collector that never stops, and beside a second writer.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createStore } from 'otel-argo-metrics';

export async function threads({ millis }) {
  const store = createStore();
  const producer = store.metricProducer();
  const writers = await Promise.all(
    [0, 1].map(async () => {
      const worker = new Worker(new URL('./writer.mjs', import.meta.url), {
        workerData: { handle: store.handle },
      });
      await once(worker, 'message');
      return worker;
    }),
  );
  const run = async worker => {
    worker.postMessage({ millis });
    const [recordsPerMilli] = await once(worker, 'message');
    return recordsPerMilli;
  };
  const [first, second] = writers;
  const contestants = {
    alone: () => run(first),
    whileCollecting: async () => {
      let running = true;
      const rate = run(first).finally(() => (running = false));
      while (running) {
        await producer.collect();
        await new Promise(resolve => setImmediate(resolve));
      }
      return rate;
    },
    two: async () => {
      const rates = await Promise.all([run(first), run(second)]);
      return rates[0] + rates[1];
    },
  };
  const end = async () => {
    await Promise.all(writers.map(worker => worker.terminate()));
    await store.shutdown();
  };
  return { contestants, end };
}
