// A server of your own, without a framework: a handler beside the other routes.
import { createServer } from 'node:http';
import { createStore, prometheusHandler } from 'otel-argo-metrics/store';

const store = createStore();
const pages = store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' });
const metrics = prometheusHandler({ store });

const server = createServer((request, response) => {
  if (request.url === '/metrics') return metrics(request, response);
  pages.add(1, { path: request.url });
  response.end('hello\n');
});

// From here on: what a visitor and a scraper would do.
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
await fetch(`${url}/home`);
process.stdout.write(await (await fetch(`${url}/metrics`)).text());
server.closeAllConnections();
server.close();
