// A route handler of Next.js (app/metrics/route.js), or of anything else that answers a web Request with a web Response.
import { collectPrometheus, createStore } from 'otel-argo-metrics/store';

const store = createStore();
const pages = store.getMeter('app').createCounter('pages', { description: 'Pages that were sent' });

export const dynamic = 'force-dynamic';

export async function GET(request) {
  const { contentType, contentEncoding, chunks } = await collectPrometheus({
    store,
    accept: request.headers.get('accept'),
    acceptEncoding: request.headers.get('accept-encoding'),
  });
  const headers = { 'Content-Type': contentType, Vary: 'Accept, Accept-Encoding' };
  if (contentEncoding !== undefined) headers['Content-Encoding'] = contentEncoding;
  return new Response(ReadableStream.from(chunks), { headers });
}

// From here on: what a scraper would get.
pages.add(1, { path: '/home' });
const response = await GET(new Request('http://localhost/metrics'));
process.stdout.write(await response.text());
