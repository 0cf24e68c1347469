// P14: the longest record in a writing thread while another one collects 100,000 series in a loop, and while nobody does.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createStore } from 'otel-argo-metrics';

const SERIES = 100_000;

export async function latency({ calls }) {
  const store = createStore({ cardinalityLimit: 4 * SERIES, maxSeries: 5 * SERIES, maxBytes: 2 ** 30 });
  const producer = store.metricProducer();
  const worker = new Worker(new URL('./latency-writer.mjs', import.meta.url), {
    workerData: { handle: store.handle, series: SERIES },
  });
  await once(worker, 'message');
  await producer.collect();
  const figures = {};
  /** One round measures three kinds of calls at once; the first of its contestants runs it, the others look it up. */
  const round = async isCollecting => {
    worker.postMessage({ calls });
    let running = true;
    const answer = once(worker, 'message').finally(() => (running = false));
    while (isCollecting && running) {
      await producer.collect();
      await new Promise(resolve => setImmediate(resolve));
    }
    [figures[isCollecting]] = await answer;
  };
  const contestants = {};
  for (const isCollecting of [false, true])
    for (const kind of ['bound', 'existing', 'new'])
      contestants[`${isCollecting ? 'collecting' : 'quiet'}-${kind}`] = async () => {
        if (kind === 'bound') await round(isCollecting);
        return figures[isCollecting][kind];
      };
  const end = async () => {
    await worker.terminate();
    await store.shutdown();
  };
  return { contestants, end };
}
