// Lets a real Prometheus scrape the endpoint and asks it what it saw: are first values increases, are the names and the
// formats those that it takes, does it get along with the allowed hosts. Servers come from PROMETHEUS (paths, separated
// by the system's separator) or from the search path; without one the script says so and ends.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { collectPrometheusText, createStore, startPrometheusEndpoint } from 'otel-argo-metrics';
import { Steps, run } from './steps.mjs';

const SCRAPE_MILLIS = 1000;
const ZERO_START_MILLIS = 1.25 * SCRAPE_MILLIS;
const WAIT_MILLIS = 60_000;

const sleep = millis => new Promise(resolve => setTimeout(resolve, millis));

function serversInPath() {
  const places = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'prometheus'));
  return places.filter(existsSync).slice(0, 1);
}

async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** A server with a scrape job for each target; `query` gives values by the label `case`. */
async function startServer(binary, targets) {
  const folder = mkdtempSync(join(tmpdir(), 'otel-argo-metrics-'));
  const port = await freePort();
  const jobs = Object.entries(targets).map(([name, url]) => ({
    job_name: name,
    scrape_interval: `${SCRAPE_MILLIS}ms`,
    static_configs: [{ targets: [new URL(url).host] }],
  }));
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: jobs }));
  const flags = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(binary, flags, { stdio: ['ignore', 'ignore', 'ignore'] });
  const ask = async path => (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json();
  return {
    query: async text => (await ask(`query?query=${encodeURIComponent(text)}`)).data.result,
    targets: async () => (await ask('targets?state=active')).data.activeTargets,
    stop: async () => {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(isTrue, what) {
  for (const end = Date.now() + WAIT_MILLIS; ; await sleep(100)) {
    if (await Promise.resolve(isTrue()).catch(() => false)) return;
    if (Date.now() > end) throw new Error(`never: ${what}`);
  }
}

/** Series born by add, bound long before, of an overflow, expired and born again; a histogram. All grow by whole numbers. */
function startRecording(store) {
  const meter = store.getMeter('');
  const early = meter.createCounter('early').bind({});
  const [limited, again] = [meter.createCounter('limited'), meter.createCounter('again')];
  for (const k of ['a', 'b']) limited.add(0, { k });
  return {
    async record() {
      meter.createCounter('first.seen').add(5);
      early.add(6);
      limited.add(7, { k: 'c' });
      again.add(3, { k: 'a' });
      meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1] } }).record(4);
      await sleep(12 * SCRAPE_MILLIS);
      again.add(10, { k: 'a' });
      meter.createCounter('first.seen').add(8);
      await sleep(5 * SCRAPE_MILLIS);
    },
  };
}

const EXPECTED = {
  first_seen_total: 13,
  early_total: 6,
  'limited_total{otel_metric_overflow="true"}': 7,
  again_total: 13,
  h_count: 1,
  h_sum: 4,
};

async function checkServer(steps, binary) {
  const { stdout, stderr } = await run(binary, ['--version']);
  const [version = binary] = /version [\d.]+/.exec(stdout + stderr) ?? [];
  const options = { cardinalityLimit: 2, seriesTtlMillis: 6 * SCRAPE_MILLIS };
  const stores = { begins: createStore(options), jumps: createStore(options) };
  const endpoints = {
    begins: await startPrometheusEndpoint({
      store: stores.begins,
      port: 0,
      zeroStartMillis: ZERO_START_MILLIS,
    }),
    jumps: await startPrometheusEndpoint({ store: stores.jumps, port: 0 }),
  };
  const recordings = Object.values(stores).map(startRecording);
  const server = await startServer(binary, { begins: endpoints.begins.url, jumps: endpoints.jumps.url });
  try {
    await steps.step(`${version}: scrapes`, () =>
      until(async () => (await server.query('up == 1')).length === 2, 'both targets are up'),
    );
    await sleep(3 * SCRAPE_MILLIS);
    await Promise.all(recordings.map(recording => recording.record()));
    for (const [series, expected] of Object.entries(EXPECTED))
      await steps.step(`${version}: first-value: increase of ${series} is about ${expected}`, async () => {
        const selector = series.includes('{')
          ? series.replace('{', '{job="begins",')
          : `${series}{job="begins"}`;
        const increase = Number((await server.query(`increase(${selector}[1m])`))[0]?.value[1] ?? NaN);
        if (!(Math.abs(increase - expected) <= 0.15 * expected)) throw new Error(`it is ${increase}`);
      });
    await steps.step(`${version}: without it, first values are lost`, async () => {
      const [lost] = await server.query('increase(early_total{job="jumps"}[1m])');
      if (Number(lost?.value[1] ?? NaN) !== 0) throw new Error(`the increase is ${lost?.value[1]}`);
    });
    await steps.step(`${version}: takes every line`, async () => {
      const errors = (await server.targets()).map(({ lastError }) => lastError).filter(text => text !== '');
      if (errors.length > 0) throw new Error(errors.join('\n'));
      let text = '';
      for await (const chunk of collectPrometheusText({ store: stores.jumps })) text += chunk;
      const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#')).length;
      const [{ value }] = await server.query('scrape_samples_scraped{job="jumps"}');
      if (Number(value[1]) !== lines) throw new Error(`${lines} samples, ${value[1]} scraped`);
    });
  } finally {
    await server.stop();
    for (const endpoint of Object.values(endpoints)) await endpoint.shutdown();
  }
}

const binaries = process.env.PROMETHEUS?.split(delimiter).filter(path => path !== '') ?? serversInPath();
if (binaries.length === 0)
  console.log('skipped: there is no Prometheus (PROMETHEUS names its binary)\n0 passed, 0 failed');
else {
  const steps = new Steps();
  for (const binary of binaries) await checkServer(steps, binary);
  steps.finish();
}
