// Goal: a process that is killed at any moment, again and again, and goes on from its state shows in the end what one shows that
// nobody killed, and nothing that anybody was shown is taken back.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { CustomMetrics } from '../../lib/argo/emit/custom-metrics.js';
import { WorkflowObserver, type WorkflowEvent } from '../../lib/argo/observe/workflow-observer.js';
import { coreOf } from '../../lib/store/store-core.js';
import { ROOT } from '../support/source-tree.js';
import { Recording } from '../argo/golden/recording.js';
import { shownIn, type ShownSeries } from './workers/shown.mjs';

const WATCHED = fileURLToPath(new URL('workers/watched.mjs', import.meta.url));
const CASES = join(ROOT, 'test/argo/golden/cases');
/** `npm run test:stress` kills more often. */
const KILLS = Number(process.env['STRESS_STATE_KILLS'] ?? 4);
/** … and takes all recordings. */
const isWanted = (name: string, index: number): boolean =>
  process.env['STRESS_STATE_KILLS'] !== undefined || index % 4 === 0 || /ttl|gauge|shared/.test(name);
/** Where a sync costs nothing: a process that is killed loses nothing of what it wrote, synced or not. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** A journal of so many bytes is replaced all the time. */
const SMALL = 20_000;

interface Said {
  readonly position?: number;
  readonly shown?: Record<string, ShownSeries>;
  readonly error?: string;
  readonly done?: true;
}

interface Plan {
  readonly events: readonly WorkflowEvent[];
  /** Unix milliseconds, ascending. */
  readonly times: readonly number[];
}

/**
 * Recordings at once, each event at the time at which it came. But for those that define a metric otherwise than another
 * one: which definition is the first one depends on whether a restart forgot it, with the last series that had it.
 */
function recordings(): Plan {
  const store = createStore({ shared: false });
  const conflicts: string[] = [];
  const customMetrics = new CustomMetrics({ store, onDiagnostic: ({ code }) => void conflicts.push(code) });
  const observer = new WorkflowObserver({ customMetrics });
  const all = readdirSync(CASES)
    .filter(isWanted)
    .flatMap((name, number) => {
      const recording = new Recording(join(CASES, name));
      // Every recording has the same ones.
      const uids = JSON.stringify(recording.events).replaceAll(
        '"00000000-',
        `"${String(number).padStart(8, '0')}-`,
      );
      const events = JSON.parse(uids) as WorkflowEvent[];
      conflicts.length = 0;
      for (const event of events) observer.observe(event);
      if (conflicts.some(code => /^(?:HELP_CONFLICT|TYPE_CONFLICT|BUCKETS_DIFFER)$/.test(code))) return [];
      return events.map((event, index) => ({ event, at: recording.timeOf(index) }));
    });
  all.sort((a, b) => a.at - b.at);
  return { events: all.map(({ event }) => event), times: all.map(({ at }) => at) };
}

/** What is shown behind each event. */
async function unbroken({ events, times }: Plan, metricsTTL: string): Promise<Record<string, ShownSeries>[]> {
  let now = times[0] ?? 0;
  const store = createStore({ shared: false, maxBytes: 2 ** 25, clock: { now: () => now } });
  const customMetrics = new CustomMetrics({ store, prefix: '', metricsConfig: { metricsTTL } });
  const observer = new WorkflowObserver({ customMetrics });
  const reader = coreOf(store).openReader(() => 'cumulative');
  const shown: Record<string, ShownSeries>[] = [{}];
  for (const [index, event] of events.entries()) {
    now = times[index] ?? now;
    observer.observe(event);
    shown.push(shownIn((await reader.collect()).streams));
  }
  await store.shutdown();
  return shown;
}

/** What is wrong with what was shown later. Gauges may fall, and what began anew. */
function takenBack(before: Record<string, ShownSeries>, after: Record<string, ShownSeries>): string[] {
  return Object.entries(before).flatMap(([name, { kind, value, start }]) => {
    const later = after[name];
    if (later === undefined || kind === 'GAUGE') return [];
    if (later.start !== start) return later.start > start ? [] : [`${name} began earlier`];
    // Of a histogram the count and the buckets; sums of what is negative fall.
    const counts = (numbers: readonly string[]): number[] =>
      kind === 'HISTOGRAM' ? [Number(numbers[0]), ...numbers.slice(4).map(Number)] : numbers.map(Number);
    const lower = counts(later.value).some((number, index) => number < (counts(value)[index] ?? 0));
    return lower ? [`${name} fell from ${value.join()} to ${later.value.join()}`] : [];
  });
}

function valuesOf(shown: Record<string, ShownSeries>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(shown).map(([name, { kind, value }]) => {
      // A sum of fractions depends on how it was cut.
      const sum = Number(value[1]).toPrecision(12);
      return [name, (kind === 'HISTOGRAM' ? [value[0], sum, ...value.slice(2)] : value).join()];
    }),
  );
}

describe('a watching process that is killed', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(() => (folder = mkdtempSync(join(MEMORY, 'watch-kills-'))));
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Until it ends, or is killed so many milliseconds behind a position. */
  async function run(
    args: readonly string[],
    hear: (said: Said) => void,
    kill: { readonly atPosition: number; readonly millis: number } | undefined,
  ): Promise<void> {
    const started = spawn(process.execPath, [WATCHED, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const killIn = (millis: number): void =>
      void pause(millis, undefined, { ref: false }).then(() => started.kill('SIGKILL'));
    // Some before they have begun.
    if (kill?.atPosition === 0) killIn(100 * kill.millis);
    const ended = new Promise(resolve => started.once('exit', resolve));
    for await (const line of createInterface({ input: started.stdout })) {
      const said = JSON.parse(line) as Said;
      hear(said);
      if (kill !== undefined && (said.position ?? 0) >= kill.atPosition) killIn(kill.millis);
    }
    await ended;
  }

  for (const [how, maxBytes, ttl] of [
    ['with one journal', 2 ** 24, ''],
    ['with a journal that is replaced all the time, and series that expire', SMALL, '45s'],
  ] as const)
    it(`should go on exactly, ${how}`, async () => {
      const plan = recordings();
      const file = join(folder, 'events.json');
      writeFileSync(file, JSON.stringify(plan));
      const expected = await unbroken(plan, ttl);
      const wrong: string[] = [];
      let last: Record<string, ShownSeries> = {};
      let [kills, isDone, position, scrapes] = [0, false, 0, 0];
      const hear = (said: Said): void => {
        if (said.error !== undefined) wrong.push(said.error);
        if (said.done === true) isDone = true;
        if (said.shown === undefined) return;
        if ((said.position ?? 0) < position)
          wrong.push(`went back to event ${said.position} from ${position}`);
        position = said.position ?? 0;
        scrapes++;
        wrong.push(...takenBack(last, said.shown));
        const [ours, theirs] = [valuesOf(said.shown), valuesOf(expected[position] ?? {})];
        for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)]))
          if (ours[name] !== theirs[name])
            wrong.push(
              `behind event ${position}, life ${kills}: ${name} is ${ours[name]}, not ${theirs[name]}`,
            );
        last = said.shown;
      };
      while (!isDone) {
        const isEarly = kills % 3 === 2;
        const atPosition = isEarly ? 0 : Math.floor(((kills + Math.random()) * plan.events.length) / KILLS);
        const kill = kills < KILLS ? { atPosition, millis: Math.random() * 5 } : undefined;
        await run([file, join(folder, 'state'), String(maxBytes), ttl, String(position)], hear, kill);
        if (!isDone) kills++;
      }
      expect(wrong, wrong.slice(0, 9).join('\n')).to.deep.equal([]);
      expect(position).to.equal(plan.events.length);
      expect(scrapes).to.be.at.least(plan.events.length - kills);
    });
});
