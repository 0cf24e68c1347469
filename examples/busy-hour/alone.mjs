// The same recording by one thread that shares nothing with anybody: what all threads together must come to.
import { collectPrometheusText, createStore, CustomMetrics, WorkflowObserver } from 'otel-argo-metrics';

export async function replayAlone({ events, scrapedAtUnixMillis }) {
  let now = events[0].atUnixMillis;
  const store = createStore({ shared: false, clock: { now: () => now } });
  const observer = new WorkflowObserver({ customMetrics: new CustomMetrics({ store }) });
  for (const { type, object, atUnixMillis } of events) {
    now = atUnixMillis;
    observer.observe({ type, object });
  }
  now = scrapedAtUnixMillis;
  const text = await textOf(store);
  await store.shutdown();
  return text;
}

/** The custom metrics of a store. */
export async function textOf(store) {
  let text = '';
  for await (const chunk of collectPrometheusText({ store, customMetricsOnly: true })) text += chunk;
  return text;
}
