// Recordings are played while the command is killed at any moment, and perhaps the API server with it: in the end it shows what
// `replay` makes of the same events, and on the way it takes nothing back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleaved, namesOfVersions, runningNames } from './recorded-cases.mjs';
import { replayed } from './replayed.mjs';
import { WatchProcess } from './watch-process.mjs';
import { WrittenObjects } from './written-objects.mjs';

/** Of a process, from its start on: some do not come to their first answer. */
const LIFE_MILLIS_MAX = 1500;
/** Of one in so many: its journal may be replaced by a snapshot. */
const LONG_LIFE = 10;
const DOWN_MILLIS_MAX = 400;
/** Between two events, at most. */
const EVENT_MILLIS_MAX = 15;
/** Which are written in turn while it watches, and while it does not. */
const EVENTS_OF_A_GAP = 30;
const DIFFERENCES_SHOWN = 30;

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));
const pauseUpTo = millis => pause(Math.random() * millis);

/** A cluster with workflows and who watches them, with a folder that goes away. */
export class Run {
  folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  watches = [];

  constructor({ cluster, command, cases }) {
    this.cluster = cluster;
    this.command = command;
    this.cases = cases;
    this.written = new WrittenObjects(cluster, this.folder);
  }

  /** With a state, if it has a name. */
  async watch({ state, ...options } = {}) {
    const watch = new WatchProcess({
      ...{ command: this.command, kubeconfig: this.cluster.api.kubeconfig },
      ...(state !== undefined && { state: join(this.folder, state) }),
      ...options,
    });
    this.watches.push(watch);
    await watch.start();
    return watch.begun();
  }

  /**
   * Everything that was written is shown, as `replay` shows it, and nothing was taken back.
   *
   * @param hasGap versions in between were lost with the history, and with them what only they show
   */
  async expectExact(watch, { hasGap = false } = {}) {
    const shown = await watch.caughtUp(await this.written.mark());
    const expected = await replayed(this.command, this.written.file);
    const leftOut = hasGap ? namesOfVersions(this.cases) : new Set();
    const options = { runningNames: runningNames(this.cases), isLeftOut: name => leftOut.has(name) };
    const found = shown.differencesTo(expected, options);
    const wrong = [...watch.takenBack, ...found];
    if (wrong.length === 0) return `${expected.size} samples of ${this.written.count} events`;
    const more = wrong.length > DIFFERENCES_SHOWN ? `\n… ${wrong.length} in all` : '';
    throw new Error(`${wrong.slice(0, DIFFERENCES_SHOWN).join('\n')}${more}\n${watch.said.slice(-1500)}`);
  }

  async end() {
    for (const watch of this.watches) await watch.end('SIGKILL');
    await this.written.deleteAll(() => true);
    rmSync(this.folder, { recursive: true });
  }
}

/** Nothing happens to it. */
export async function checkUnbroken(run) {
  const watch = await run.watch();
  for (const event of interleaved(run.cases, 'unbroken', Math.random)) await run.written.write(event);
  return run.expectExact(watch);
}

/** Kills it at any moment, and starts it again, so often. Says how many events it had while it was away. */
async function killOften(watch, kills, written) {
  let unseen = 0;
  for (let kill = 0; kill < kills; kill++) {
    // Every other one is seen, however slow the machine is.
    if (kill % 2 === 0) await watch.answers();
    const millis = kill % LONG_LIFE === LONG_LIFE - 1 ? 5 * LIFE_MILLIS_MAX : LIFE_MILLIS_MAX;
    const end = performance.now() + Math.random() * millis;
    while (performance.now() < end) {
      await watch.scrape();
      await pauseUpTo(100);
    }
    await watch.end('SIGKILL');
    const before = written.count;
    await pauseUpTo(DOWN_MILLIS_MAX);
    unseen += written.count - before;
    await watch.start();
  }
  return unseen;
}

/** Killed while events come, and workflows are deleted. The history reaches back to where it was. */
export async function checkKilled(run, kills) {
  const { cases, written } = run;
  const [whole, watch] = [await run.watch({ state: 'whole' }), await run.watch({ state: 'state' })];
  let isOver = false;
  const killing = killOften(watch, kills, written).finally(() => (isOver = true));
  let round = 0;
  for (; round === 0 || !isOver; round++) {
    for (const event of interleaved(cases, round, Math.random)) {
      await written.write(event);
      await pauseUpTo(EVENT_MILLIS_MAX);
    }
    const before = `-${round - 1}`;
    await written.deleteAll(({ namespace }) => namespace.endsWith(before));
  }
  const unseen = await killing;
  const what = await run.expectExact(watch);
  await run.expectExact(whole);
  return `${watch.lives} lives, ${watch.scrapes} scrapes, ${unseen} events while it was away, ${what}`;
}

/**
 * Killed, and when it comes back the history is gone, with the API server now and then. What is to be deleted is deleted when
 * it has seen it: of what else was there in between nothing can be known.
 */
export async function checkLostHistory(run, kills) {
  const { cases, cluster, written } = run;
  const watch = await run.watch({ state: 'state' });
  const events = cases.reduce((sum, each) => sum + each.events.length, 0);
  const rounds = Math.ceil((kills * EVENTS_OF_A_GAP) / events);
  const every = Math.floor((events * rounds) / (2 * kills));
  let [count, late] = [0, []];
  for (let round = 0; round < rounds; round++)
    for (const event of interleaved(cases, round, Math.random)) {
      if (event.type === 'DELETED') late.push(event);
      else await written.write(event);
      count++;
      if (count % (2 * every) === every) await watch.end('SIGKILL');
      if (count % (2 * every) !== 0) continue;
      await loseHistory(cluster, count / (2 * every));
      await watch.start();
      await watch.caughtUp(await written.mark());
      for (const deleted of late) await written.write(deleted);
      late = [];
    }
  if (watch.isGone) await watch.start();
  const what = await run.expectExact(watch, { hasGap: true });
  return `${watch.lives} lives, ${watch.lists} lists, ${watch.scrapes} scrapes, ${what}`;
}

/** The API server keeps some of it in memory. */
export async function loseHistory(cluster, number) {
  const compact = () => cluster.etcd.compact();
  if (number % 3 === 0) await compact();
  else await cluster.restartApi({ between: compact });
}
