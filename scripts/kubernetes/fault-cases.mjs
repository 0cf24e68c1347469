// What an API server does to who watches it: it ends watches, it is killed, its history goes, and it comes back from a backup. The
// command is left alone, or was away meanwhile.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loseHistory } from './killed-watch.mjs';
import { interleaved, readCases, eventsOf } from './recorded-cases.mjs';
import { MARK_METRIC } from './written-objects.mjs';
import { RUNS_METRIC, workflow } from './written-workflow.mjs';

const PATIENCE_MILLIS = 60_000;
const TTL_MILLIS = 5000;
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

async function until(isTrue, what) {
  for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await pause(50))
    if (await isTrue()) return;
  throw new Error(`never: ${await what()}`);
}

/** Plays recordings, with something between two of their events now and then. */
async function play({ cases, written }, round, { every, act }) {
  let count = 0;
  for (const event of interleaved(cases, round, Math.random)) {
    await written.write(event);
    if (++count % every === 0) await act(count / every);
  }
}

/** The server is killed while it watches, and once its history goes with it. What comes meanwhile is seen. */
export async function checkKilledServer(run, kills = 4) {
  const { cases, cluster, written } = run;
  const watch = await run.watch();
  const events = cases.reduce((sum, each) => sum + each.events.length, 0);
  await play(run, 'killed', {
    every: Math.floor(events / (kills + 1)),
    act: async number => {
      // One that starts anew has no history. Nothing is lost with what was seen.
      await watch.caughtUp(await written.mark());
      await cluster.restartApi(number % 2 === 0 ? { between: () => cluster.etcd.compact() } : {});
      // All of Kubernetes writes at its start, so its history ends behind what was seen. What comes before the next list is a gap.
      if (cluster.api.isWhole) await watch.caughtUp(await written.mark());
    },
  });
  return `${watch.lists} lists, ${await run.expectExact(watch)}`;
}

/** It stands still while events come and the history goes, so that it is refused with 410 when it goes on. */
export async function checkStoodStill(run) {
  const { cluster, written } = run;
  const watch = await run.watch();
  const lists = watch.lists;
  const some = run.cases.filter((_, index) => index % 3 === 0);
  for (const event of interleaved(some, 'before', Math.random)) await written.write(event);
  await watch.caughtUp(await written.mark());
  watch.signal('SIGSTOP');
  // What is on its way to it already would be seen.
  await cluster.restartApi();
  for (const event of interleaved(some, 'meanwhile', Math.random))
    if (event.type !== 'DELETED') await written.write(event);
  await loseHistory(cluster, 1);
  watch.signal('SIGCONT');
  const what = await run.expectExact(watch, { hasGap: true });
  const shown = await watch.scrape();
  const [gone, relists] = [shown.own('reconnects_total', 'reason="gone"'), shown.own('relists_total')];
  if (gone !== 1 || relists !== 1 || watch.lists !== lists + 1)
    throw new Error(`410 came ${gone} times, with ${relists} lists\n${watch.said}`);
  return what;
}

/** When it says that it is ready, it shows all that was written before it was started. */
export async function checkReady(run, times = 3) {
  const { cases, cluster, written } = run;
  const watch = await run.watch({ state: 'state' });
  const some = cases.filter((_, index) => index % 6 === 0);
  for (let time = 0; time < times; time++) {
    await watch.caughtUp(await written.mark());
    await watch.end('SIGKILL');
    for (const event of interleaved(some, `ready-${time}`, Math.random))
      if (event.type !== 'DELETED') await written.write(event);
    const mark = await written.mark();
    if (time === times - 1) await loseHistory(cluster, 1);
    await watch.start();
    await watch.ready();
    const shown = (await watch.scrape()).value(MARK_METRIC);
    if (shown !== mark) throw new Error(`it was ready with ${shown} marks of ${mark}\n${watch.said}`);
  }
  return run.expectExact(watch, { hasGap: true });
}

/** A workflow that failed is retried by hand while nobody watches, which must count once more; another one is resubmitted. */
export async function checkRetriedUnseen(run) {
  const { cluster, written } = run;
  const watch = await run.watch({ state: 'state' });
  for (const [round, act] of [() => undefined, () => loseHistory(cluster, 1)].entries()) {
    const lanes = readCases(name => /^manual-retry-of-a-dag$|^resubmitted$/.test(name)).map(each => {
      const events = [...eventsOf(each, `unseen-${round}`)];
      const end = events.findIndex(({ object }) => /Failed|Error/.test(object.status?.phase)) + 1;
      if (end === 0) throw new Error(`${each.name} never failed`);
      return { seen: events.slice(0, end), unseen: events.slice(end).map(later) };
    });
    for (const { seen } of lanes) for (const event of seen) await written.write(event);
    await watch.caughtUp(await written.mark());
    await watch.end('SIGKILL');
    for (const { unseen } of lanes) for (const event of unseen) await written.write(event);
    await act();
    await watch.start();
    await run.expectExact(watch);
  }
  return `${watch.lists} lists, ${await run.expectExact(watch)}`;
}

/** Recordings are faster than any person: both runs are of one second, which nobody could tell from one. */
function later({ type, object }) {
  const { status } = object;
  const first = status?.startedAt;
  const text = JSON.stringify(object).replaceAll(/"(20\d\d-[^"]*Z)"/g, (whole, time) => {
    const millis = Date.parse(time);
    return Number.isNaN(millis)
      ? whole
      : `"${new Date(millis + 60_000).toISOString().replace('.000Z', 'Z')}"`;
  });
  const moved = JSON.parse(text);
  // What was over before the retry stays as it was.
  for (const [id, node] of Object.entries(status?.nodes ?? {}))
    if (
      node.phase === 'Succeeded' &&
      node.startedAt === first &&
      node.type === 'Pod' &&
      node.displayName === 'good'
    )
      moved.status.nodes[id] = node;
  return { type, object: moved };
}

/** The cluster is put back to what it was: what was counted stays counted, and what runs again counts only if it is new. */
export async function checkRestored(run, isAway) {
  const { cluster, written } = run;
  const watch = await run.watch({ state: 'state' });
  const shows = async (...names) => {
    const missing = async () => {
      const samples = await watch.scrape();
      return names.filter(name => samples?.value(`${RUNS_METRIC}{run="${name}"}`) !== 1);
    };
    await until(
      async () => (await missing()).length === 0,
      async () => `${await missing()} count once\n${watch.said}`,
    );
  };
  const write = (type, object) => written.write({ type, object });
  const namespace = 'restored';
  await write('ADDED', workflow('before', { namespace }));
  await write('ADDED', workflow('across', { namespace, isOver: false }));
  // What is written behind the backup must be more than comes afterwards.
  await cluster.backUp();
  const known = written.copy();
  await write('MODIFIED', workflow('across', { namespace }));
  for (let index = 0; index < 50; index++) await write('ADDED', workflow(`vanished-${index}`, { namespace }));
  await shows('before', 'across', 'vanished-0', 'vanished-49');
  // Whoever sees it running again counts it again: it does not look before it is over.
  if (isAway) await watch.end('SIGKILL');
  else watch.signal('SIGSTOP');
  await cluster.restore();
  written.restore(known);
  await write('MODIFIED', workflow('across', { namespace, seconds: 20 }));
  await write('ADDED', workflow('after', { namespace }));
  if (isAway) await watch.start();
  else watch.signal('SIGCONT');
  await shows('before', 'across', 'vanished-0', 'vanished-49', 'after');
  if (!/as after a restore from a backup/.test(watch.said))
    throw new Error(`it did not notice\n${watch.said}`);
  if (watch.takenBack.length > 0) throw new Error(watch.takenBack.join('\n'));
  return `${watch.lists} lists`;
}

/** Series that nobody records into go, whether it was there or not, and begin anew. */
export async function checkExpired(run) {
  const config = join(run.folder, 'metrics-config.json');
  writeFileSync(config, JSON.stringify({ metricsTTL: `${TTL_MILLIS}ms` }));
  const options = { args: ['--metrics-config', config], expires: true };
  const [whole, watch] = [await run.watch(options), await run.watch({ ...options, state: 'state' })];
  const write = (name, label) => run.written.write({ type: 'ADDED', object: workflow(name, { label }) });
  /** Both show these, once each, and no others. */
  const show = async (...labels) => {
    const wanted = labels.map(label => `${RUNS_METRIC}{run="${label}"} 1`).join('\n');
    const shown = async () => [(await whole.scrape())?.text, (await watch.scrape())?.text];
    await until(
      async () => (await shown()).every(text => text === wanted),
      async () => `both show ${wanted}; they show ${await shown()}`,
    );
  };
  await write('a1', 'a');
  await show('a');
  await watch.end('SIGKILL');
  await pause(TTL_MILLIS + 1000);
  await watch.start();
  await show();
  await write('b1', 'b');
  await show('b');
  await show();
  await write('a2', 'a');
  await write('b2', 'b');
  await show('a', 'b');
  return 'two processes, five times';
}
