// The pods of the manifests, started with what the API server has of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchingPrometheus } from './dashboard.mjs';
import { Pod } from './pod.mjs';
import { checkRights } from './rights.mjs';

const API = '/apis/argoproj.io/v1alpha1';
const HELLO = /^argo_workflows_hello_total\{status="Succeeded"[^}]*\} 1$/m;

/** The image alone: what it starts, as whom, and that it cannot write. */
export async function checkImage(steps, image, folder) {
  const { runAsUser, runAsGroup } = userOf(image);
  const spec = {
    securityContext: { runAsUser, runAsGroup, fsGroup: runAsGroup },
    containers: [{ args: ['--version'], volumeMounts: [{ name: 'state', mountPath: '/state' }] }],
    volumes: [],
  };
  const account = { token: 'none', ca: '', namespace: 'none' };
  const printed = async (entrypoint, args) => {
    const pod = new Pod({ image: { ...image, entrypoint }, spec, configMaps: {}, folder, account });
    await pod.start(args);
    const code = await pod.ended;
    return `${code} ${pod.said.trim()}`;
  };
  await steps.step('the image starts the command as its user, on a root that is read-only', async () => {
    const version = await printed(image.entrypoint, ['--version']);
    if (!/^0 \d+\.\d+\.\d+/.test(version)) throw new Error(version);
    const program = `
      const fs = require('node:fs');
      const tried = ['/app/x', '/x', '/etc/x', '/tmp/x', '/app/dist/esm/bin.js', '/state/x'].filter(path => {
        try { fs.mkdirSync(require('node:path').dirname(path), { recursive: true }); fs.writeFileSync(path, ''); return true; } catch { return false; }
      });
      console.log(process.getuid(), process.getgid(), tried.join());`;
    const said = await printed([image.entrypoint[0], '-e'], [program]);
    if (said !== `0 ${runAsUser} ${runAsGroup} /state/x`) throw new Error(said);
  });
}

function userOf({ user }) {
  const [runAsUser, runAsGroup] = user.split(':').map(Number);
  return { runAsUser, runAsGroup };
}

export async function checkPods(steps, surroundings) {
  const { cluster, folder, applied } = surroundings;
  const hello = await steps.step('the workflow of the document is taken, and ends', () =>
    runHello(surroundings),
  );
  if (hello === undefined) return;
  await cluster.requests.json('POST', `${API}/namespaces/team-a/workflows`, {
    ...hello,
    metadata: { name: hello.metadata.name },
  });
  await checkRights(steps, applied, { own: 'team-a', other: 'argo', name: hello.metadata.name });

  await checkCheck(steps, surroundings);
  const pod = await podOf(surroundings, 'argo-metrics', applied.cluster, join(folder, 'pod'));
  try {
    await steps.step('the pod of all-namespaces gets ready, and counts what ends', () =>
      checkPod(surroundings, pod),
    );
    await checkScrapes(steps, surroundings, pod);
  } finally {
    await pod.remove();
  }
  const namespaced = await podOf(surroundings, 'team-a', applied.namespaced, join(folder, 'namespaced'));
  try {
    await steps.step('the pod of own-namespace watches that namespace alone', async () => {
      await namespaced.start();
      await until(() => namespaced.said.includes('watching workflows'), namespaced);
      await until(async () => (await namespaced.probe('readinessProbe')) === 200, namespaced);
      if (/403|Forbidden/.test(namespaced.said)) throw new Error(namespaced.said);
      const { code } = await namespaced.end();
      if (code !== 0) throw new Error(`exit code ${code}\n${namespaced.said}`);
    });
  } finally {
    await namespaced.remove();
  }
}

/** `watch --check` as the account of the manifests, and as one without rights. */
async function checkCheck(steps, surroundings) {
  const { applied, folder } = surroundings;
  const said = async (account, name) => {
    const pod = await podOf(surroundings, 'argo-metrics', account, join(folder, name));
    try {
      await pod.start([...pod.container.args, '--check']);
      return `${await pod.ended}\n${pod.said}`;
    } finally {
      await pod.remove();
    }
  };
  const expect = (got, wanted) => {
    for (const each of wanted) if (!each.test(got)) throw new Error(`not ${each}:\n${got}`);
  };
  await steps.step('watch --check says that the account of the manifests has what it needs', async () => {
    expect(await said(applied.cluster, 'check'), [/^0\n/, /^ok +list /m, /^ok +watch /m, /^ok +state /m]);
  });
  await steps.step('watch --check names what another account lacks', async () => {
    const lacks = verb => new RegExp(`^failed ${verb} .*403.*the verb ${verb} on workflows`, 'm');
    expect(await said(applied.stranger, 'stranger'), [/^1\n/, lacks('list'), lacks('watch')]);
  });
}

/** As the controller would write it. */
async function runHello({ applied: { kubectl }, cluster }, number = 0) {
  const created = JSON.parse(await kubectl.run('create', '-n', 'argo', '-f', 'hello.yaml', '-o', 'json'));
  const { name } = created.metadata;
  const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: `2026-11-23T04:00:${10 + (number % 50)}Z` };
  const node = {
    id: name,
    name,
    displayName: name,
    type: 'Pod',
    templateName: 'main',
    phase: 'Succeeded',
    ...time,
  };
  const running = { phase: 'Running', startedAt: time.startedAt, nodes: {} };
  const put = object => cluster.requests.json('PUT', `${API}/namespaces/argo/workflows/${name}`, object);
  const begun = await put({ ...created, status: running });
  return put({ ...begun, status: { phase: 'Succeeded', ...time, nodes: { [name]: node } } });
}

/** What the API server has of the pod in a namespace, as a kubelet gets it. */
async function podOf({ applied: { kubectl }, cluster, image }, namespace, account, folder) {
  const { spec } = await kubectl.get('statefulset/otel-argo-metrics', '-n', namespace);
  const { items } = await kubectl.get('configmaps', '-n', namespace);
  const configMaps = Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data]));
  const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${cluster.api.port}` };
  return new Pod({ image, spec: spec.template.spec, configMaps, folder, account, env });
}

async function until(isTrue, pod) {
  for (const end = performance.now() + 30_000; performance.now() < end;) {
    if (await isTrue()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`never: ${isTrue}\n${pod.said}`);
}

/** Its probes, a count, its end, and that the count goes on. */
async function checkPod(surroundings, pod) {
  pod.env.OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR = '0s';
  await pod.start();
  await until(async () => (await pod.probe('livenessProbe')) === 200, pod);
  await until(async () => (await pod.probe('readinessProbe')) === 200, pod);
  // What had ended before it came is the baseline.
  await runHello(surroundings);
  await pod.shows(HELLO);
  const { code, seconds } = await pod.end();
  if (code !== 0 || seconds > 10) throw new Error(`exit code ${code} after ${seconds} s\n${pod.said}`);
  await pod.start();
  await pod.shows(HELLO);
}

async function checkScrapes(steps, { prometheus, cluster, ...surroundings }, pod) {
  if (prometheus === undefined) {
    console.log('  - skipped: there is no Prometheus in PATH, and PROMETHEUS names none');
    return;
  }
  const server = await steps.step('Prometheus scrapes it', () =>
    WatchingPrometheus.start(prometheus, `http://127.0.0.1:${pod.port}/metrics`),
  );
  if (server === undefined) return;
  const timer = setInterval(() => void runHello({ cluster, ...surroundings }).catch(() => undefined), 700);
  try {
    await steps.step('a metric that is wrong is said, and the API server is started again', async () => {
      await cluster.requests.json('POST', `${API}/namespaces/argo/workflows`, wrongWorkflow());
      await new Promise(resolve => setTimeout(resolve, 3000));
      await cluster.restartApi();
    });
    const count = await steps.step(`${server.title}: every query of the dashboard has data`, () =>
      server.checkDashboard('argo_workflows_hello_total'),
    );
    if (count !== undefined) console.log(`      ${count} queries`);
    const firing = await steps.step(`${server.title}: takes the alerts`, () => server.checkAlerts());
    if (firing !== undefined) console.log(`      pending or firing: ${firing.join(', ') || 'none'}`);
    const mebibytes = await steps.step('the pod stays within what it asks for', () => memoryOf(pod));
    if (mebibytes !== undefined) console.log(`      ${mebibytes} MiB at most`);
  } finally {
    clearInterval(timer);
    await server.remove();
  }
}

/** Its peak, in MiB; small as the cluster is. */
function memoryOf({ pid, container }) {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const [, asked] = /^(\d+)Mi$/.exec(container.resources.requests.memory) ?? [];
  const mebibytes = Math.ceil(Number(kilobytes) / 1024);
  if (!(mebibytes <= Number(asked))) throw new Error(`${mebibytes} MiB, asked for ${asked}`);
  return mebibytes;
}

/** Its metric has no help. */
function wrongWorkflow() {
  const metric = { name: 'wrong_total', counter: { value: '1' } };
  const times = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
  const labels = { 'workflows.argoproj.io/workflow-template': 'nightly' };
  return {
    ...{
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'wrong', namespace: 'argo', labels },
    },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: {} }],
      metrics: { prometheus: [metric] },
    },
    status: { phase: 'Succeeded', ...times, nodes: {} },
  };
}
