// Push: the reader collects the store together with the SDK's own instruments and sends both over OTLP. The server at
// the other end is a part of this program, so that there is something to see without an installation.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { DoubleBufferedMetricReader, createStore } from 'otel-argo-metrics';

const received = [];
const server = createServer((request, response) => {
  void json(request).then(body => {
    received.push(body);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const store = createStore();
const exporter = new OTLPMetricExporter({ url: `http://127.0.0.1:${server.address().port}/v1/metrics` });
const reader = new DoubleBufferedMetricReader({ store, exporter });
const provider = new MeterProvider({ readers: [reader] });

store.getMeter('buffered').createCounter('jobs').add(3, { phase: 'Succeeded' });
provider.getMeter('of-the-sdk').createCounter('requests').add(2);

// Every 60 seconds it happens by itself; whoever wants it now says so.
await provider.forceFlush();
for (const { scopeMetrics } of received[0].resourceMetrics)
  for (const { scope, metrics } of scopeMetrics)
    for (const { name, sum } of metrics) console.log(`${scope.name} ${name} ${sum.dataPoints[0].asDouble}`);
await provider.shutdown();
await store.shutdown();
server.close();
