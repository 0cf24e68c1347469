// How much the command `watch` takes beside a large cluster, measured with a real API server and beside the informer of the Kubernetes
// project's own package. Not a part of CI: with its defaults it takes some ten minutes. ETCD and APISERVER as for run-kubernetes.mjs,
// which has to have run before; RUNNING, FINISHED, EVENT_SECONDS change the sizes. With KUBE_APISERVER also what the command takes in a
// pod, where no kubeconfig is read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { whyNoPod } from './deploy/pod.mjs';
import { findPrograms } from './export-peers.mjs';
import { Cluster } from './kubernetes/api-server.mjs';
import { largeWorkflow } from './kubernetes/large-workflow.mjs';
import { PodAccount } from './kubernetes/pod-account.mjs';
import { useOf } from './kubernetes/process-use.mjs';
import { WatchProcess } from './kubernetes/watch-process.mjs';
import { RECIPES } from './recipes-folder.mjs';

const RUNNING = Number(process.env.RUNNING ?? 10_000);
const FINISHED = Number(process.env.FINISHED ?? 100_000);
const EVENT_SECONDS = Number(process.env.EVENT_SECONDS ?? 30);
const NODES = 20;
const LARGE_NODES = 200;
const EVENTS_PER_SECOND = 50;
const CONNECTIONS = 8;
/** etcd has 2 GiB otherwise. */
const QUOTA = String(16 * 1024 ** 3);

const COMMAND = join(RECIPES, 'node_modules/otel-argo-metrics/dist/esm/bin.js');
const INFORMER = fileURLToPath(new URL('kubernetes/informer-process.mjs', import.meta.url));
const WORKFLOWS = '/apis/argoproj.io/v1alpha1/namespaces/large/workflows';

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));
const rounded = numbers =>
  JSON.stringify(numbers, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value));

async function fill(cluster, count, make) {
  let next = 0;
  await cluster.ensureNamespace('large');
  const fillSome = async () => {
    while (next < count) await cluster.requests.json('POST', WORKFLOWS, make(next++));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, fillSome));
}

async function fillRunning(cluster) {
  await fill(cluster, RUNNING, index => largeWorkflow(`running-${index}`, NODES, NODES / 2));
  const bytes = JSON.stringify(largeWorkflow('running', NODES, NODES / 2)).length;
  console.log(`${RUNNING} of ${NODES} nodes and ${bytes} bytes are there`);
}

/**
 * From its start to the end of the first list, unless it is known before.
 *
 * @param access `{ kubeconfig }` or `{ account }`
 */
async function measureWatch(access, folder, name, isKnown = watch => watch.begun(600_000)) {
  const watch = new WatchProcess({ command: COMMAND, ...access, state: join(folder, name) });
  const start = performance.now();
  await watch.start();
  await isKnown(watch);
  const seconds = (performance.now() - start) / 1000;
  return { watch, use: { seconds, ...useOf(watch.pid) } };
}

async function measureInformer({ api: { kubeconfig } }) {
  const stdio = ['pipe', 'pipe', 'inherit'];
  const child = spawn(process.execPath, [INFORMER, kubeconfig], { stdio });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const before = useOf(child.pid);
  const { done, value } = await lines.next();
  const result = done
    ? { failed: true }
    : { value, growth: useOf(child.pid).rss - before.rss, ...useOf(child.pid) };
  child.kill('SIGKILL');
  await ended;
  return result;
}

/** So many events a second, each of which ends one node of a large workflow. */
async function measureEvents(cluster, watch) {
  const names = Array.from({ length: EVENTS_PER_SECOND }, (_, index) => `busy-${index}`);
  const objects = new Map();
  for (const name of names)
    objects.set(name, await cluster.requests.json('POST', WORKFLOWS, largeWorkflow(name, LARGE_NODES, 0)));
  await pause(2000);
  const [before, start] = [useOf(watch.pid), performance.now()];
  let events = 0;
  for (let second = 1; second <= EVENT_SECONDS; second++) {
    for (const name of names) {
      const { metadata } = objects.get(name);
      const object = { ...largeWorkflow(name, LARGE_NODES, second), metadata };
      objects.set(name, await cluster.requests.json('PUT', `${WORKFLOWS}/${name}`, object));
      events++;
    }
    await pause(Math.max(0, start + 1000 * second - performance.now()));
  }
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = useOf(watch.pid).cpuSeconds - before.cpuSeconds;
  const perEvent = (1000 * cpuSeconds) / events;
  const bytes = JSON.stringify(largeWorkflow('busy', LARGE_NODES, EVENT_SECONDS)).length;
  return {
    events,
    seconds,
    bytes,
    millisPerEvent: perEvent,
    percentAt50: (perEvent * EVENTS_PER_SECOND) / 10,
  };
}

async function measure(cluster, folder) {
  const { kubeconfig } = cluster.api;
  const empty = await measureWatch({ kubeconfig }, folder, 'empty');
  console.log(`nothing there: ${rounded(empty.use)}`);
  await empty.watch.end('SIGKILL');
  await fillRunning(cluster);
  const first = await measureWatch({ kubeconfig }, folder, 'running');
  console.log(`watch: ${rounded({ ...first.use, growth: first.use.rss - empty.use.rss })}`);
  console.log(`informer: ${rounded(await measureInformer(cluster))}`);
  console.log(`events of ${LARGE_NODES} nodes: ${rounded(await measureEvents(cluster, first.watch))}`);
  await first.watch.end('SIGKILL');
  const again = await measureWatch({ kubeconfig }, folder, 'running', watch => watch.answers());
  console.log(`watch, from its state: ${rounded(again.use)}`);
  await again.watch.end('SIGKILL');
  await fill(cluster, FINISHED, index => largeWorkflow(`finished-${index}`, NODES, NODES));
  const all = await measureWatch({ kubeconfig }, folder, 'all');
  console.log(`watch, with ${FINISHED} more that have finished: ${rounded(all.use)}`);
  await all.watch.end('SIGKILL');
}

async function measureInPod(cluster, folder) {
  const account = await PodAccount.make(cluster, join(folder, 'account'));
  const empty = await measureWatch({ account }, folder, 'empty');
  console.log(`in a pod, nothing there: ${rounded(empty.use)}`);
  await empty.watch.end('SIGKILL');
  await fillRunning(cluster);
  const { use, watch } = await measureWatch({ account }, folder, 'running');
  console.log(`in a pod: ${rounded({ ...use, growth: use.rss - empty.use.rss })}`);
  await watch.end('SIGKILL');
}

async function withCluster(programs, act) {
  const folder = mkdtempSync(join(tmpdir(), 'kubernetes-load-'));
  process.env.ETCD_QUOTA_BACKEND_BYTES = QUOTA;
  const cluster = await Cluster.start(programs);
  try {
    await act(cluster, folder);
  } finally {
    await cluster.remove();
    rmSync(folder, { recursive: true });
  }
}

const [etcd] = findPrograms('ETCD', 'etcd');
const [apiServer] = findPrograms('APISERVER', 'apiextensions-apiserver');
const [whole] = findPrograms('KUBE_APISERVER', 'kube-apiserver');
const noPod = whole === undefined ? 'KUBE_APISERVER names none' : await whyNoPod();
if (etcd === undefined || apiServer === undefined) console.log('skipped: ETCD and APISERVER name none');
else await withCluster({ etcd, apiServer }, measure);
if (etcd === undefined || noPod !== undefined)
  console.log(`skipped: in a pod: ${noPod ?? 'ETCD names none'}`);
else await withCluster({ etcd, apiServer: whole }, measureInPod);
