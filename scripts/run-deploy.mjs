// Does what docs/watch-deploy.md says, with the packed package in an empty folder: lays out the image by the Dockerfile's own lines,
// applies the manifests to a real API server, tries what their accounts may do, starts the pod as a kubelet would, lets a real
// Prometheus scrape it, and asks that for every panel of the dashboard and every alert. Programs come from KUBE_APISERVER, ETCD,
// KUBECTL, PROMETHEUS and PROMTOOL (paths, in the form of PATH) and from PATH; what lacks one is left out, and said.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutImage } from './deploy/image.mjs';
import { checkManifests } from './deploy/manifests.mjs';
import { whyNoPod } from './deploy/pod.mjs';
import { checkImage, checkPods } from './deploy/pods.mjs';
import { checkRules } from './deploy/rules.mjs';
import { writeFiles } from './documents.mjs';
import { findPrograms } from './export-peers.mjs';
import { Cluster } from './kubernetes/api-server.mjs';
import { packInto, ROOT, runOrThrow, Steps } from './steps.mjs';

const skip = reason => console.log(`  - skipped: ${reason}`);

/** The folder of a user who did what the document says first: the package, and the files beside it. */
async function preparedFolder(folder) {
  const tarball = await packInto(folder);
  await runOrThrow('tar', ['-xzf', tarball], { cwd: folder });
  writeFiles(readFileSync(join(ROOT, 'docs/watch-deploy.md'), 'utf8'), folder);
  return folder;
}

async function laidOut(folder) {
  const context = join(folder, 'package');
  const dockerfile = readFileSync(join(context, 'deploy/Dockerfile'), 'utf8');
  return layOutImage({ dockerfile, context, folder: join(folder, 'image') });
}

/** What takes an API server. */
async function checkCluster(steps, { folder, image, noPod, programs }) {
  const { etcd, apiServer, kubectl, prometheus } = programs;
  const cluster = await steps.step('an API server starts', () => Cluster.start({ etcd, apiServer }));
  if (cluster === undefined) return;
  try {
    const applied = await checkManifests(steps, { cluster, kubectl, folder });
    if (applied === undefined || image === undefined) return;
    if (noPod !== undefined) skip(`no pod: ${noPod}`);
    else await checkPods(steps, { cluster, folder, image, applied, prometheus });
  } finally {
    await cluster.remove();
  }
}

const [etcd] = findPrograms('ETCD', 'etcd');
const [apiServer] = findPrograms('KUBE_APISERVER', 'kube-apiserver');
const [kubectl] = findPrograms('KUBECTL', 'kubectl');
const [prometheus] = findPrograms('PROMETHEUS', 'prometheus');
const [promtool] = findPrograms('PROMTOOL', 'promtool');
const programs = { etcd, apiServer, kubectl, prometheus };

// The real path: on some systems the temporary folder is a link.
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
const steps = new Steps();
try {
  const folder = join(temporary, 'user');
  mkdirSync(folder);
  const isPrepared = await steps.step(
    'npm packs, and the package is unpacked beside the files of the document',
    () => preparedFolder(folder),
  );
  const image = isPrepared && (await steps.step('the Dockerfile lays out an image', () => laidOut(folder)));
  const noPod = await whyNoPod();
  if (image !== undefined && noPod === undefined) await checkImage(steps, image, join(temporary, 'try'));
  if (promtool === undefined) skip('there is no promtool in PATH, and PROMTOOL names none');
  else await checkRules(steps, promtool, temporary);
  const missing = ['etcd', 'apiServer', 'kubectl'].filter(name => programs[name] === undefined);
  if (missing.length > 0) skip(`there is no ${missing.join(', ')} in PATH, and no variable names one`);
  else if (isPrepared !== undefined) await checkCluster(steps, { folder, image, noPod, programs });
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
steps.finish();
