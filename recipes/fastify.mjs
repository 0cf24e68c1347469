// fastify: the handler gets Node's own request and response, and fastify is told to leave them alone.
import fastify from 'fastify';
import { createStore, prometheusHandler } from 'otel-argo-metrics/store';

const store = createStore();
const pages = store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' });
const metrics = prometheusHandler({ store });

const app = fastify();
app.get('/metrics', (request, reply) => {
  reply.hijack();
  metrics(request.raw, reply.raw);
});
app.get('/home', () => {
  pages.add(1, { path: '/home' });
  return 'hello\n';
});

// From here on: what a visitor and a scraper would do.
const url = await app.listen({ port: 0, host: '127.0.0.1' });
await fetch(`${url}/home`);
process.stdout.write(await (await fetch(`${url}/metrics`)).text());
await app.close();
