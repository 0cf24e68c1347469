// NodeSDK with its instrumentations: one scrape shows their metrics, the store's, and the SDK's resource.
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { DoubleBufferedMetricReader, createStore, startPrometheusEndpoint } from 'otel-argo-metrics/store';

// The names of today, in seconds.
process.env.OTEL_SEMCONV_STABILITY_OPT_IN ??= 'http';

const store = createStore();
const reader = new DoubleBufferedMetricReader({ store });
const sdk = new NodeSDK({
  resource: resourceFromAttributes({ 'service.name': 'shop', 'service.instance.id': 'shop-1' }),
  autoDetectResources: false,
  metricReaders: [reader],
  spanProcessors: [],
  instrumentations: [
    new HttpInstrumentation(),
    new UndiciInstrumentation(),
    new RuntimeNodeInstrumentation({ monitoringPrecision: 10 }),
  ],
});
sdk.start();
// A real program takes the default port 9464; 0 takes any that is free.
const endpoint = await startPrometheusEndpoint({ reader, port: 0 });

// From here on: what the program itself does. Modules that are instrumented are loaded after the SDK has started.
const { createServer, get } = (await import('node:http')).default;
const pages = store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' });
const server = createServer((request, response) => {
  pages.add(1, { path: request.url });
  response.end('hello\n');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/home`;
await (await fetch(url)).text();
await new Promise(resolve => get(url, { agent: false }, response => response.resume().on('end', resolve)));
await new Promise(resolve => setTimeout(resolve, 100));
process.stdout.write(await (await fetch(endpoint.url)).text());
server.closeAllConnections();
server.close();
await endpoint.shutdown();
await sdk.shutdown();
