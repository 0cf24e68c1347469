// P10: the longest turn of a recording thread's event loop while the collector thread beside it is scraped without a pause, while it is
// idle, and while another process burns a core: what a busy second thread costs by itself. As a control, the same scrapes of another such
// process. Who scrapes and burns is this process: one that is started meanwhile would be a pause of its own.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { scrape, startTurns } from './clients/start.mjs';

/** What a state leaves behind it, a garbage collection for example, is not of the next one. */
const BETWEEN_MILLIS = 300;
const SLICE_MILLIS = 10;
const TICKS_PER_SECOND = 100;

const KINDS = ['turn', 'own', 'turn9999', 'record', 'stolen'];

function burn() {
  for (const until = performance.now() + SLICE_MILLIS; performance.now() < until;);
  return new Promise(resolve => setImmediate(resolve));
}

/** What other virtual machines took of all CPUs so far, in milliseconds. */
function stolenMillis() {
  try {
    const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/ +/);
    return (Number(ticks[7]) * 1000) / TICKS_PER_SECOND;
  } catch {
    // Not Linux.
    return 0;
  }
}

export async function turns({ series, millis }) {
  const [own, other] = [await startTurns(series), await startTurns(series)];
  const states = {
    idle: undefined,
    burning: burn,
    scraped: () => scrape(own.url),
    apart: () => scrape(other.url),
  };
  for (const { url } of [own, other]) await scrape(url);
  /** One round finds all figures of a state; the first of its contestants runs it, the others look them up. */
  const round = async work => {
    await pause(BETWEEN_MILLIS);
    let running = true;
    const stolen = stolenMillis();
    const watched = own.watch(millis).finally(() => (running = false));
    while (work !== undefined && running) await work();
    return { ...(await watched), stolen: stolenMillis() - stolen };
  };
  const figures = {};
  const contestants = {};
  for (const [state, work] of Object.entries(states))
    for (const kind of KINDS)
      contestants[`${state}-${kind}`] = async () => {
        if (kind === KINDS[0]) figures[state] = await round(work);
        return figures[state][kind];
      };
  return { contestants, end: () => Promise.all([own.end(), other.end()]) };
}
