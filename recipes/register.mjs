// One flag beside NodeSDK: traces are the SDK's, metrics of its instrumentations and of the program are in one store. Run it with
//   node --import otel-argo-metrics/register register.mjs
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { metrics } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ spanProcessors: [], instrumentations: [new UndiciInstrumentation()] });
sdk.start();

metrics.getMeter('app').createCounter('pages', { description: 'Pages that were sent' }).add(1);
const url = `http://localhost:${process.env.OTEL_EXPORTER_PROMETHEUS_PORT ?? 9464}/metrics`;
const page = () =>
  new Promise((resolve, reject) => get(url, response => resolve(text(response))).on('error', reject));
while ((await page().catch(() => '')) === '') await new Promise(resolve => setTimeout(resolve, 10));
await (await fetch(url)).text();
// The program's; of an instrumentation of NodeSDK; of Node's runtime, which the flag turns on because it is installed; the process'.
const shown =
  /pages_total|http_client_request_duration_seconds|nodejs_eventloop_utilization_ratio|process_start_time/;
for (const line of (await page()).split('\n')) if (shown.test(line)) console.log(line);
await sdk.shutdown();
process.exit();
