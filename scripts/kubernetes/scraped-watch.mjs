// A real Prometheus scrapes `watch` while that is ended and started again: what it says of increases is what there was.
import { findPrograms } from '../export-peers.mjs';
import { ScrapingPrometheus } from '../scraping-prometheus.mjs';
import { RUNS_METRIC, workflow } from './written-workflow.mjs';

const RESTARTS = 20;
const SCRAPE_MILLIS = 1000;
/** A new counter is shown as 0 for so long: for one scrape at least, however slow the machine starts a process again. */
const ZERO_FOR = '10s';
const EVENT_MILLIS = 60;
const DOWN_MILLIS_MAX = 400;
/** Of the truth: Prometheus reckons with half a scrape before the first value that it has, and behind the last one. */
const TOLERANCE = 0.02;
/** After which restart a workflow runs whose metric nobody has seen before. */
const NIGHTLY_AFTER = 2;

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** For who has no Prometheus. */
export const isScraped = () => findPrograms('PROMETHEUS', 'prometheus').length > 0;

export async function checkIncreases(run) {
  const [program] = findPrograms('PROMETHEUS', 'prometheus');
  const [prometheus] = await ScrapingPrometheus.of(program);
  const watch = await run.watch({ state: 'state', env: { OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: ZERO_FOR } });
  await prometheus.prepare({ watch: [watch.url] }, SCRAPE_MILLIS);
  const begin = Date.now();
  try {
    await prometheus.start();
    return await checkScraped(run, watch, { prometheus, begin });
  } finally {
    await prometheus.remove();
  }
}

async function checkScraped({ written }, watch, { prometheus, begin }) {
  let isOver = false;
  let count = 0;
  const write = label => written.write({ type: 'ADDED', object: workflow(`${label}-${++count}`, { label }) });
  const writing = (async () => {
    for (; !isOver; await pause(EVENT_MILLIS)) await write('often');
  })();
  for (let restart = 1; restart <= RESTARTS; restart++) {
    await watch.answers();
    await pause(SCRAPE_MILLIS * (1 + Math.random()));
    await watch.end(restart % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
    await pause(Math.random() * DOWN_MILLIS_MAX);
    await watch.start();
    if (restart === NIGHTLY_AFTER) await write('nightly');
  }
  isOver = true;
  await writing;
  await watch.caughtUp(await written.mark());
  // Until it is shown, and scraped.
  await pause(3 * SCRAPE_MILLIS);
  const truths = { often: count - 1, nightly: 1 };
  const range = `${Math.ceil((Date.now() - begin) / 1000) + 5}s`;
  const said = [];
  for (const [label, truth] of Object.entries(truths)) {
    const increase = await prometheus.number(`sum(increase(${RUNS_METRIC}{run="${label}"}[${range}]))`);
    said.push(`${increase.toFixed(2)} for ${truth}`);
    if (!(Math.abs(increase - truth) <= TOLERANCE * truth))
      throw new Error(
        `the increase of ${label} is ${increase}, there were ${truth}\n${watch.said.slice(-1500)}`,
      );
  }
  if (watch.takenBack.length > 0) throw new Error(watch.takenBack.join('\n'));
  return `${watch.lives} lives; increases ${said.join(', ')}`;
}
