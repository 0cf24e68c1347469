// Who may scrape is decided before the handler: here by a token, which Prometheus sends by `authorization:` of a scrape job.
import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { createStore, prometheusHandler } from 'otel-argo-metrics/store';

const store = createStore();
const pages = store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' });

// A real program has it from a file or the environment.
const TOKEN = 'of this recipe';
const digest = text => createHash('sha256').update(text).digest();

function onlyWithToken(request, response, next) {
  const given = request.get('authorization') ?? '';
  // Of equal length, and in equal time, whatever was given.
  if (timingSafeEqual(digest(given), digest(`Bearer ${TOKEN}`))) return next();
  response.set('WWW-Authenticate', 'Bearer').sendStatus(401);
}

const app = express();
app.get('/metrics', onlyWithToken, prometheusHandler({ store }));

// From here on: what a stranger and a scraper would do.
pages.add(1, { path: '/home' });
const server = app.listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
const url = `http://127.0.0.1:${server.address().port}/metrics`;
for (const headers of [{}, { Authorization: 'Bearer guessed' }])
  console.log(`# a stranger gets ${(await fetch(url, { headers })).status}`);
process.stdout.write(await (await fetch(url, { headers: { Authorization: `Bearer ${TOKEN}` } })).text());
server.closeAllConnections();
server.close();
