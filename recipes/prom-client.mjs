// From prom-client step by step: one endpoint shows what is counted there and what is counted here already.
import { collectDefaultMetrics, Counter, register } from 'prom-client';
import { createStore, promClientProducer, startPrometheusEndpoint } from 'otel-argo-metrics/store';

collectDefaultMetrics();
new Counter({ name: 'orders_total', help: 'Orders, still counted by prom-client' }).inc(2);

const store = createStore();
store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' }).add(1);

const endpoint = await startPrometheusEndpoint({
  store,
  port: 0,
  metricProducers: [promClientProducer(register)],
});
const text = await (await fetch(endpoint.url)).text();
await endpoint.shutdown();
// All but prom-client's default metrics, which differ from machine to machine.
const families = text.split(/^(?=# HELP )/m);
process.stdout.write(families.filter(family => !/^# HELP (nodejs|process)_/.test(family)).join(''));
console.log(`# and ${families.length > 20 ? 'more than' : 'less than'} 20 of prom-client's own`);
