// express: the handler is a route.
import express from 'express';
import { createStore, prometheusHandler } from 'otel-argo-metrics/store';

const store = createStore();
const pages = store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' });

const app = express();
app.get('/metrics', prometheusHandler({ store }));
app.get('/home', (_request, response) => {
  pages.add(1, { path: '/home' });
  response.send('hello\n');
});

// From here on: what a visitor and a scraper would do.
const server = app.listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
await fetch(`${url}/home`);
process.stdout.write(await (await fetch(`${url}/metrics`)).text());
server.closeAllConnections();
server.close();
