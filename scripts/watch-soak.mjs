// Goal: nothing of a Workflow stays in the command `watch` when it is gone. A server on loopback has Workflows that come, end and are
// deleted; each must count once, and after a warm-up the resident memory must stay within 5 %. Linux only.
// Usage: node scripts/watch-soak.mjs [SECONDS [WORKFLOWS]], default 3600 and 100,000; the folder dist must be built.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './export-peers.mjs';
import { largeWorkflow } from './kubernetes/large-workflow.mjs';
import { useOf } from './kubernetes/process-use.mjs';
import { Samples } from './kubernetes/samples.mjs';

const COMMAND = fileURLToPath(new URL('../dist/esm/bin.js', import.meta.url));
const NODES = 20;
/** Of one Workflow: until it ends, and then until it is deleted. */
const RUN_MILLIS = 20_000;
const KEPT_MILLIS = 60_000;
const TURN_MILLIS = 100;
const SCRAPE_EVERY_MILLIS = 15_000;
/** For what was written last to be shown. */
const PATIENCE_MILLIS = 30_000;
const WARM_UP_SHARE = 0.3;
const GROWTH_MAX = 0.05;

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

/** As an API server has them, for one who watches. */
class Workflows {
  created = 0;
  #version = 0;
  /** The oldest one first. */
  #live = [];
  #watch;

  constructor() {
    this.server = createServer(({ url }, response) =>
      this.#answer(new URL(url, 'http://localhost'), response),
    );
  }

  /** What has become of them by now, of so many that shall have come. */
  turn(count) {
    const now = Date.now();
    while (this.created < count) this.#create(`soak-${this.created++}`, now);
    for (const workflow of this.#live)
      if (!workflow.isOver && now - workflow.begin > RUN_MILLIS) {
        workflow.isOver = true;
        this.#write('MODIFIED', workflow, now);
      }
    while (this.#live.length > 0 && now - this.#live[0].begin > RUN_MILLIS + KEPT_MILLIS)
      this.#send('DELETED', this.#live.shift().object);
  }

  get isEmpty() {
    return this.#live.length === 0;
  }

  #create(name, begin) {
    const workflow = { name, begin, uid: randomUUID(), isOver: false, object: undefined };
    this.#live.push(workflow);
    this.#write('ADDED', workflow, begin);
  }

  #write(type, workflow, millis) {
    const { name, uid, isOver } = workflow;
    workflow.object = largeWorkflow(name, NODES, isOver ? NODES : NODES / 2);
    Object.assign(workflow.object.metadata, { uid, creationTimestamp: secondsOf(workflow.begin) });
    const { status } = workflow.object;
    for (const times of [status, ...Object.values(status.nodes)]) {
      times.startedAt = secondsOf(workflow.begin);
      if (times.finishedAt) times.finishedAt = secondsOf(millis);
    }
    this.#send(type, workflow.object);
  }

  #send(type, object) {
    object.metadata.resourceVersion = `${++this.#version}`;
    this.#watch?.write(`${JSON.stringify({ type, object })}\n`);
  }

  #answer({ searchParams }, response) {
    response.setHeader('content-type', 'application/json');
    if (searchParams.has('watch')) {
      response.flushHeaders();
      this.#watch = response;
      return;
    }
    const limit = Number(searchParams.get('limit'));
    const items = this.#live.map(({ object }) => object).slice(0, limit === 1 ? 1 : undefined);
    response.end(
      JSON.stringify({ kind: 'WorkflowList', metadata: { resourceVersion: `${this.#version}` }, items }),
    );
  }
}

function secondsOf(millis) {
  return new Date(millis).toISOString().replace(/\.\d+Z/, 'Z');
}

function medianOf(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** The sum of what the Workflows count. */
async function countedBy(url) {
  const samples = new Samples(await (await fetch(url)).text());
  return samples.value('argo_workflows_large_runs_total{status="Succeeded"}') ?? 0;
}

async function soak(seconds, count, folder) {
  const workflows = new Workflows();
  workflows.server.listen(0, '127.0.0.1');
  await once(workflows.server, 'listening');
  const [server, listen] = [
    `http://127.0.0.1:${workflows.server.address().port}`,
    `127.0.0.1:${await freePort()}`,
  ];
  const url = `http://${listen}/metrics`;
  const child = spawn(
    process.execPath,
    [COMMAND, 'watch', '--server', server, '--listen', listen, '--state', folder],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said = createInterface({ input: child.stderr });
  said.on('line', line => console.error(line));
  await new Promise((resolve, reject) => {
    said.on('line', line => line.includes(' are known; ') && resolve());
    child.once('exit', code => reject(new Error(`watch ended with ${code}`)));
  });
  const [atFirst, later] = [[], []];
  const begin = performance.now();
  let [nextLine, nextScrape] = [0, 0];
  for (let share = 0; share < 1 || !workflows.isEmpty; await pause(TURN_MILLIS)) {
    share = (performance.now() - begin) / (seconds * 1000);
    workflows.turn(Math.min(count, Math.floor(share * count)));
    const { rss, cpuSeconds } = useOf(child.pid);
    if (share >= WARM_UP_SHARE && share < 0.5) atFirst.push(rss);
    if (share >= 0.8 && share < 1) later.push(rss);
    if (performance.now() >= nextScrape) {
      await countedBy(url);
      nextScrape = performance.now() + SCRAPE_EVERY_MILLIS;
    }
    if (share * 20 < nextLine) continue;
    nextLine++;
    console.log(
      `${Math.round(share * 100)} %: ${workflows.created} came, ${Math.round(rss)} MiB, ${cpuSeconds} s of CPU`,
    );
  }
  let counted = 0;
  for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await pause(500))
    if ((counted = await countedBy(url)) === count) break;
  child.kill('SIGTERM');
  await once(child, 'exit');
  workflows.server.close();
  workflows.server.closeAllConnections();
  const growth = medianOf(later) / medianOf(atFirst) - 1;
  console.log(
    `${counted} of ${count} Workflows counted, resident memory ${medianOf(atFirst).toFixed(1)} and then ${medianOf(later).toFixed(1)} MiB (${(100 * growth).toFixed(1)} %)`,
  );
  return counted === count && growth <= GROWTH_MAX;
}

const folder = mkdtempSync(join(tmpdir(), 'watch-soak-'));
try {
  const [seconds = 3600, count = 100_000] = process.argv.slice(2).map(Number);
  if (!(await soak(seconds, count, folder))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
