// Scrapes while threads are busy or gone: the collector thread beside the registries that ask each thread, or each process of
// a cluster, for its metrics. Three of them count 1, 10 and 100; what a scrape shows says whose counts are in it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CLIENTS = {
  startCollectorThread: 'collector-thread',
  'prom-client, AggregatorRegistry': 'prom-client',
  '@prometheus-io/client, WorkerRegistry': 'prometheus-io',
};
const MAIN_SPINS = 'one was ended, and main spins';
const SITUATIONS = ['nothing happens', 'one was ended', 'one spins', MAIN_SPINS];
const SCRAPES = 100;
const EXACT = 111;

/** Both registries give up after 5 seconds by themselves. */
const PATIENCE_MILLIS = 20_000;
/** A server in a main thread that spins answers nobody, however long one waits. */
const PATIENCE_WITH_MAIN_MILLIS = 3000;

async function scrape(url, millis) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(millis) });
    const text = await response.text();
    if (!response.ok) return `${response.status} ${text}`;
    return Number(/^c(?:_total)?(?:{.*})? (\d+)$/m.exec(text)?.[1] ?? 0);
  } catch (error) {
    return error.name === 'TimeoutError' ? 'no answer' : String(error.cause ?? error);
  }
}

/** One after the other. Once one has failed, the others at the same time, so that this comes to an end. */
async function scrapeAll(url, millis) {
  const results = [];
  while (results.length < SCRAPES && typeof (results.at(-1) ?? 0) === 'number')
    results.push(await scrape(url, millis));
  const rest = Array.from({ length: SCRAPES - results.length }, () => scrape(url, millis));
  return [...results, ...(await Promise.all(rest))];
}

function summaryOf(results) {
  const answers = results.filter(result => typeof result === 'number');
  const values = [...new Set(answers)].sort((one, other) => one - other);
  const errors = [...new Set(results.filter(result => typeof result === 'string'))];
  const shown = values.map(value => (value === EXACT ? 'exact' : `${value} of ${EXACT}`));
  return [`${answers.length} of ${SCRAPES}`, ...shown, ...errors].join(', ');
}

async function compare(program, situation) {
  const path = fileURLToPath(new URL(`./busy-threads/${program}.mjs`, import.meta.url));
  const child = fork(path, [situation]);
  let pids = [];
  try {
    const [message] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`))),
    ]);
    ({ pids } = message);
    const isHopeless = situation === MAIN_SPINS && program !== 'collector-thread';
    return summaryOf(await scrapeAll(message.url, isHopeless ? PATIENCE_WITH_MAIN_MILLIS : PATIENCE_MILLIS));
  } finally {
    child.kill('SIGKILL');
    for (const pid of pids)
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
  }
}

async function compareAll(client, program) {
  const lines = [`# ${client}`];
  for (const situation of SITUATIONS) lines.push(`#   ${situation}: ${await compare(program, situation)}`);
  return lines;
}

const compared = Object.entries(CLIENTS).map(([client, program]) => compareAll(client, program));
console.log((await Promise.all(compared)).flat().join('\n'));
