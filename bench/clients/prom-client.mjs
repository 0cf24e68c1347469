// prom-client.
import prom from 'prom-client';
import { BOUNDARIES, LABELS } from './workload.mjs';

export function open(kind) {
  const registry = new prom.Registry();
  const names = { name: 'jobs', help: 'Jobs', labelNames: LABELS, registers: [registry] };
  const metric =
    kind === 'counter' ? new prom.Counter(names) : new prom.Histogram({ ...names, buckets: BOUNDARIES });
  return {
    record:
      kind === 'counter'
        ? (set, value) => metric.inc(set, value)
        : (set, value) => metric.observe(set, value),
    text: async () => (await registry.metrics()).length,
    answer: async (_, response) => {
      const text = await registry.metrics();
      response.setHeader('Content-Type', registry.contentType).end(text);
    },
  };
}
