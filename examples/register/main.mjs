// One flag: a program that knows only OpenTelemetry's API, and its worker threads, which nobody gives a store. Run it with
//   node --import otel-argo-metrics/register examples/register/main.mjs
import { once } from 'node:events';
import { Worker, isMainThread } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';

const jobs = metrics.getMeter('app').createCounter('jobs');
jobs.add(1, { thread: isMainThread ? 'main' : 'worker' });

if (isMainThread) {
  for (let worker = 0; worker < 3; worker++) await once(new Worker(new URL(import.meta.url)), 'exit');
  const text = await page(`http://localhost:${process.env.OTEL_EXPORTER_PROMETHEUS_PORT ?? 9464}/metrics`);
  console.log(text.match(/^jobs_total.*$/gm).join('\n'));
  process.exit();
}

/** The thread that serves it has just been started. */
async function page(url) {
  for (;;)
    try {
      return await (await fetch(url)).text();
    } catch {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
}
