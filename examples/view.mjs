// View: a bound on the number of series of one metric. A user id slipped into a label; without a bound the metric would
// grow with the number of users until something breaks. The objects are the same that a MeterProvider takes.
import { cardinalityLimitedView, createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';

const store = createStore({
  views: [cardinalityLimitedView({ instrumentName: 'http.requests', limit: 3 })],
});
const reader = new DoubleBufferedMetricReader({ store });
const requests = store.getMeter('view').createCounter('http.requests');
for (let request = 0; request < 1000; request++) requests.add(1, { user: `user-${request % 250}` });

const { resourceMetrics } = await reader.collect();
const points = resourceMetrics.scopeMetrics[0].metrics[0].dataPoints;
// Exactly three sets of labels are kept, and what the others counted is in the overflow series: nothing is lost.
const lines = points.map(({ attributes, value }) => `${JSON.stringify(attributes)} ${Number(value)}`);
console.log(lines.sort().join('\n'));
const total = points.reduce((sum, { value }) => sum + Number(value), 0);
console.log(`${total} requests in ${points.length} series`);
await reader.shutdown();
await store.shutdown();
