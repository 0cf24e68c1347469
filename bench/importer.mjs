// node importer.mjs cpu|memory MODULE: prints what importing it costs here, as import-cost.mjs asks in a fresh process: the
// milliseconds of CPU, or the MiB that the process has more for each further thread that has imported it.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** One thread alone would be lost in what the process itself takes and gives back. */
const THREADS = 8;

const startThread = name => once(new Worker(new URL(import.meta.url), { workerData: name }), 'message');

async function cpuMillis(name) {
  const before = process.cpuUsage();
  await import(name);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function threadMebibytes(name) {
  // The first ones make the process itself larger.
  for (let thread = 0; thread < 2; thread++) await startThread(name);
  const before = process.memoryUsage.rss();
  for (let thread = 0; thread < THREADS; thread++) await startThread(name);
  return (process.memoryUsage.rss() - before) / THREADS / 2 ** 20;
}

if (isMainThread) {
  const [what, name] = process.argv.slice(2);
  console.log(await (what === 'cpu' ? cpuMillis : threadMebibytes)(name));
  process.exit();
} else {
  await import(workerData);
  parentPort.postMessage('imported');
  setInterval(() => undefined, 2 ** 30);
}
