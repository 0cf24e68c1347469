// Lets real Prometheus servers scrape endpoints, all at once, and asks them what they saw: are first values increases, do
// sums, counts and quantiles agree with what threads recorded, is every line taken, in every format. And what promtool says of texts.
// Servers and promtool come from PROMETHEUS and PROMTOOL (paths, in the form of PATH) and from PATH; without any the script
// says so and ends.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { collectPrometheusText, createStore, startPrometheusEndpoint } from 'otel-argo-metrics';
import { findPrograms } from './export-peers.mjs';
import { FloodedLabels } from './flooded-labels.mjs';
import { births, checkIncreases, FirstValues } from './first-values.mjs';
import { checkCounts, checkSums } from './promql-counts.mjs';
import { checkText, listExamplesWithText, printedBy } from './promtool.mjs';
import { startRecorders } from './recorders.mjs';
import { formatJobs, ScrapedFormats } from './scraped-formats.mjs';
import { ScrapingPrometheus } from './scraping-prometheus.mjs';
import { Steps } from './steps.mjs';

const SCRAPE_MILLIS = 1000;
const ZERO_START_MILLIS = 1.25 * SCRAPE_MILLIS;
const TTL_MILLIS = 6 * SCRAPE_MILLIS;
const WAIT_MILLIS = 60_000;
/** How long label values come as a flood before the rest begins, which takes a quarter of a minute. */
const FLOOD_MILLIS = 1000 * Number(process.env['FLOOD_SECONDS'] ?? 0);

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

async function until(isTrue, what) {
  for (const end = performance.now() + WAIT_MILLIS; ; await pause(100)) {
    if (await isTrue()) return;
    if (performance.now() > end) throw new Error(`never: ${what}`);
  }
}

async function textOf(store) {
  let text = '';
  for await (const chunk of collectPrometheusText({ store })) text += chunk;
  return text;
}

/** The stores, and an endpoint of each for each job that scrapes it. */
class Targets {
  first = new FirstValues(TTL_MILLIS);
  counted = createStore({ maxBytes: 16 * 1024 * 1024 });
  formats = new ScrapedFormats();
  flood = new FloodedLabels();
  endpoints = [];

  /** URLs by job: what begins with 0, the same without it, and what threads record into. */
  async open() {
    const { lasting, expiring } = this.first;
    await this.first.pass();
    const zeroStart = { zeroStartMillis: ZERO_START_MILLIS };
    return {
      begins: [await this.#serve(lasting, zeroStart), await this.#serve(expiring, zeroStart)],
      jumps: [await this.#serve(lasting), await this.#serve(expiring)],
      counted: [await this.#serve(this.counted, zeroStart)],
      flooded: [await this.#serve(this.flood.store, zeroStart)],
      ...(await this.formats.open()),
    };
  }

  async #serve(store, options = {}) {
    const endpoint = await startPrometheusEndpoint({ store, port: 0, ...options });
    this.endpoints.push(endpoint);
    return endpoint.url;
  }

  /** Everything is recorded, and scraped afterwards. Returns what the threads recorded. */
  async record() {
    this.flood.start();
    await pause(FLOOD_MILLIS);
    const recorders = startRecorders(this.counted);
    await pause(1.5 * SCRAPE_MILLIS);
    this.first.bear();
    await pause(4 * SCRAPE_MILLIS);
    const recorded = await recorders.stop();
    this.formats.change();
    await pause(TTL_MILLIS);
    this.first.revive();
    await this.flood.stop();
    await pause(4 * SCRAPE_MILLIS);
    return recorded;
  }

  async close() {
    for (const endpoint of this.endpoints) await endpoint.shutdown();
    await this.first.shutdown();
    await this.formats.close();
    await this.flood.close();
    await this.counted.shutdown();
  }
}

/** Whether the endpoint has created times for who asks for protobuf first. */
async function hasCreatedTimes(url) {
  const accept =
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.9,text/plain;q=0.1';
  const response = await fetch(url, { headers: { accept } });
  await response.arrayBuffer();
  return response.headers.get('content-type')?.startsWith('application/vnd.google.protobuf') === true;
}

async function checkServer(steps, server, targets, recorded) {
  const { title } = server;
  const seesCreated = server.usesCreated && (await hasCreatedTimes(targets.endpoints[0].url));
  for (const birth of births) {
    await steps.step(`${title}: first-value, ${birth}: an increase with zeroStartMillis`, () =>
      checkIncreases(server, 'begins', birth, true),
    );
    const without = seesCreated ? 'an increase by its created time' : 'lost';
    await steps.step(`${title}: first-value, ${birth}: ${without} without it`, () =>
      checkIncreases(server, 'jumps', birth, seesCreated),
    );
  }
  await steps.step(`${title}: has the numbers that threads recorded`, () =>
    checkCounts(server, 'counted', recorded),
  );
  await steps.step(`${title}: computes the sums and quantiles that threads recorded`, () =>
    checkSums(server, 'counted', recorded),
  );
  await steps.step(`${title}: never has more label values than places, and all records`, () =>
    targets.flood.check(server, 'flooded', SCRAPE_MILLIS / 1000),
  );
  await steps.step(`${title}: says of its cardinality what the report says`, () =>
    targets.flood.checkReport(server),
  );
  await checkFormats(steps, server, targets.formats);
  await steps.step(`${title}: has a page of its own that the command reads`, () => checkOwnPage(server));
  await steps.step(`${title}: takes every line`, async () => {
    const errors = await server.scrapeErrors();
    if (errors.length > 0) throw new Error(errors.join('\n'));
    const text = await textOf(targets.counted);
    const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#')).length;
    const scraped = await server.number('scrape_samples_scraped{job="counted"}');
    if (scraped !== lines) throw new Error(`${lines} samples, ${scraped} scraped`);
  });
}

/** The command counts as the server does: each of its HTTP handlers is a series or more. */
async function checkOwnPage(server) {
  const command = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));
  const metric = 'prometheus_http_requests_total';
  const page = `http://127.0.0.1:${server.port}/metrics`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    command,
    'cardinality',
    page,
    '--json',
    '--metric',
    metric,
  ]);
  const [found] = JSON.parse(stdout).metrics;
  const text = await (await fetch(page)).text();
  const lines = text.split('\n').filter(line => line.startsWith(`${metric}{`)).length;
  // Each question may add a handler.
  if (found.series < 1 || found.series > lines || found.series < lines - 2)
    throw new Error(`${lines} series of ${metric}, the command says ${found.series}`);
}

async function checkFormats(steps, server, formats) {
  const { title } = server;
  for (const job of formatJobs)
    await steps.step(`${title}: ${job}: is answered in its format, and has what there is`, async () => {
      formats.checkAnswers(job, server);
      await formats.checkStored(job, server);
    });
  await steps.step(`${title}: has names with underscores where it asks for them`, () =>
    formats.checkStored('underscores', server),
  );
  const change = server.isNew ? 'goes on' : 'begins anew in the buckets';
  await steps.step(`${title}: ${change} when the format of a target changes`, () =>
    formats.checkChange(server),
  );
}

async function checkServers(steps, servers, promtool) {
  const targets = new Targets();
  try {
    const jobs = await targets.open();
    const isUp = async server => (await server.query('up == 1')).length === Object.values(jobs).flat().length;
    const recorded = await steps.step('all servers scrape, threads record', async () => {
      for (const server of servers) await server.prepare(jobs, SCRAPE_MILLIS);
      await Promise.all(servers.map(server => server.start()));
      for (const server of servers) await until(() => isUp(server), `${server.title} scrapes all targets`);
      return targets.record();
    });
    if (recorded === undefined) return;
    for (const server of servers) await checkServer(steps, server, targets, recorded);
    if (promtool === undefined) return;
    for (const store of [targets.counted, targets.first.lasting])
      await steps.step('promtool: has nothing to say of what was scraped', async () =>
        checkText(promtool, await textOf(store)),
      );
  } finally {
    for (const server of servers) await server.remove();
    await targets.close();
  }
}

const steps = new Steps();
const programs = findPrograms('PROMETHEUS', 'prometheus');
const found = (await Promise.all(programs.map(program => ScrapingPrometheus.of(program)))).flat();
// One of each kind: PATH may have what PROMETHEUS names.
const servers = [...new Map(found.reverse().map(server => [server.title, server])).values()].reverse();
const [promtool] = findPrograms('PROMTOOL', 'promtool');
if (servers.length === 0)
  console.log('  - skipped: there is no Prometheus in PATH, and PROMETHEUS names none');
else await checkServers(steps, servers, promtool);
if (promtool === undefined) console.log('  - skipped: there is no promtool in PATH, and PROMTOOL names none');
else
  for (const program of listExamplesWithText())
    await steps.step(`promtool: has nothing to say of ${program}`, async () =>
      checkText(promtool, await printedBy(program)),
    );
if (servers.length === 0 && promtool === undefined) console.log('nothing to check');
else steps.finish();
