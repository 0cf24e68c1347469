// P14: the longest record in a writing thread while another one collects or scrapes 100,000 series in a loop, and while nobody does. As a
// control, the other thread scrapes a store of its own: what a busy second thread costs by itself.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { collectPrometheusText, createStore } from 'otel-argo-metrics';

const SERIES = 100_000;
/** Each round of each state adds 5,000 series. */
const ROOM = { cardinalityLimit: 12 * SERIES, maxSeries: 13 * SERIES, maxBytes: 2 ** 30 };

async function scrape(store) {
  let length = 0;
  for await (const chunk of collectPrometheusText({ store })) length += chunk.length;
  return length;
}

export async function latency({ calls }) {
  const [store, other] = [createStore(ROOM), createStore(ROOM)];
  const producer = store.metricProducer();
  const worker = new Worker(new URL('./latency-writer.mjs', import.meta.url), {
    workerData: { handle: store.handle, series: SERIES },
  });
  await once(worker, 'message');
  const counter = other.getMeter('bench').createCounter('wide');
  for (let i = 0; i < SERIES; i++) counter.add(1, { route: `/r${i}` });
  /** What this thread does meanwhile, over and over. */
  const states = {
    quiet: undefined,
    collecting: () => producer.collect(),
    scraping: () => scrape(store),
    apart: () => scrape(other),
  };
  for (const work of Object.values(states)) await work?.();
  const figures = {};
  /** One round measures three kinds of calls at once; the first of its contestants runs it, the others look it up. */
  const round = async (state, work) => {
    worker.postMessage({ calls });
    let running = true;
    const answer = once(worker, 'message').finally(() => (running = false));
    while (work !== undefined && running) {
      await work();
      await new Promise(resolve => setImmediate(resolve));
    }
    [figures[state]] = await answer;
  };
  const contestants = {};
  for (const [state, work] of Object.entries(states))
    for (const kind of ['bound', 'existing', 'new'])
      contestants[`${state}-${kind}`] = async () => {
        if (kind === 'bound') await round(state, work);
        return figures[state][kind];
      };
  const end = async () => {
    await worker.terminate();
    await Promise.all([store.shutdown(), other.shutdown()]);
  };
  return { contestants, end };
}
