// Lets the command `watch` watch a real API server of Kubernetes, over TLS and with a kubeconfig, while recordings of a
// controller are played into it; kills one of them or both; and compares what it shows with what `replay` makes of the same
// events. etcd and the API server come from ETCD and from APISERVER (the one for custom resources alone) or KUBE_APISERVER (all
// of Kubernetes), paths in the form of PATH, or are in PATH; without them the script says so and ends. KUBERNETES_KILLS says how often
// to kill, and names among the arguments which steps to run. The last step needs a Prometheus too: PROMETHEUS.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPrograms } from './export-peers.mjs';
import { Cluster } from './kubernetes/api-server.mjs';
import {
  checkExpired,
  checkKilledServer,
  checkReady,
  checkRestored,
  checkRetriedUnseen,
  checkStoodStill,
} from './kubernetes/fault-cases.mjs';
import { checkKilled, checkLostHistory, checkUnbroken, Run } from './kubernetes/killed-watch.mjs';
import { readCases } from './kubernetes/recorded-cases.mjs';
import { checkIncreases, isScraped } from './kubernetes/scraped-watch.mjs';
import { checkBesideInformer, checkExpiredPages } from './kubernetes/watched-beside.mjs';
import { installLibrary, installPackages, RECIPES } from './recipes-folder.mjs';
import { Steps } from './steps.mjs';

const KILLS = Number(process.env.KUBERNETES_KILLS ?? 8);

const cases = readCases();

/** By the names of their steps. */
const CHECKS = {
  'shows what replay does, without a break': checkUnbroken,
  'sees the events that client-node sees': checkBesideInformer,
  'takes a list again whose pages are gone': checkExpiredPages,
  'goes on when the server is killed': run => checkKilledServer(run),
  'takes a list when it stood still and the history is gone': checkStoodStill,
  'shows the same when it is killed at any moment, and workflows are deleted': run => checkKilled(run, KILLS),
  'shows the same when it comes back and the history is gone': run => checkLostHistory(run, KILLS),
  'counts what was retried by hand while it was away': checkRetriedUnseen,
  'is ready when it has caught up': run => checkReady(run),
  'goes on when the cluster comes back from a backup': run => checkRestored(run, false),
  'goes on when the cluster came back from a backup while it was away': run => checkRestored(run, true),
  'shows nothing that expired while it was away': checkExpired,
  'is scraped by Prometheus, which sees all increases, whatever ends it': checkIncreases,
};

async function check(steps, title, cluster, command) {
  for (const [name, run] of Object.entries(CHECKS)) {
    if (wanted.length > 0 && !wanted.some(part => name.includes(part))) continue;
    if (run === checkIncreases && !isScraped()) {
      console.log(`  - skipped: watch ${name}: there is no prometheus in PATH, and PROMETHEUS names none`);
      continue;
    }
    const what = await steps.step(`${title}: watch ${name}`, async () => {
      const all = new Run({ cluster, command, cases });
      try {
        return await run(all);
      } finally {
        await all.end();
      }
    });
    if (what !== undefined) console.log(`      ${what}`);
  }
}

const wanted = process.argv.slice(2);
const [etcd] = findPrograms('ETCD', 'etcd');
const [apiServer] = findPrograms('APISERVER', 'apiextensions-apiserver');
const [whole] = findPrograms('KUBE_APISERVER', 'kube-apiserver');
const servers = Object.entries({ 'custom resources': apiServer, Kubernetes: whole }).filter(
  ([, program]) => program !== undefined,
);
if (etcd === undefined) console.log('  - skipped: there is no etcd in PATH, and ETCD names none');
else if (servers.length === 0)
  console.log('  - skipped: there is no apiextensions-apiserver in PATH, and APISERVER names none');
else {
  const steps = new Steps();
  // Its certificates are read by a package that is installed there.
  if (!existsSync(join(RECIPES, 'node_modules/@kubernetes/client-node')))
    await steps.step('npm installs what reads a kubeconfig', installPackages);
  const library = await steps.step('npm packs the library, as a user has it', installLibrary);
  if (library !== undefined)
    for (const [title, program] of servers) {
      const cluster = await steps.step(`${title}: an API server starts`, () =>
        // etcd is compacted when a step says so.
        Cluster.start({ etcd, apiServer: program }, ['--etcd-compaction-interval=0']),
      );
      if (cluster === undefined) continue;
      try {
        await check(steps, title, cluster, join(library, 'dist/esm/bin.js'));
      } finally {
        await cluster.remove();
      }
    }
  steps.finish();
}
