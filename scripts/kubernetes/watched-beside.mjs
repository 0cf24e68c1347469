// Our list and watch in this process, beside those of the Kubernetes project's own package: the same events of the same server. And
// what becomes of a list whose pages expire.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RECIPES } from '../recipes-folder.mjs';
import { interleaved } from './recorded-cases.mjs';
import { workflow } from './written-workflow.mjs';

const PATH = '/apis/argoproj.io/v1alpha1/workflows';
const PATIENCE_MILLIS = 30_000;
const PAGE_SIZE = 10;

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

async function until(isTrue, what) {
  for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await pause(20))
    if (isTrue()) return;
  throw new Error(`never: ${what}`);
}

/** Not in the package's entries: what is tested here is behind the command. */
async function ours() {
  const [{ ApiClient }, { kubeconfigAccess }, { ListWatch }] = await Promise.all(
    ['api-client', 'kubeconfig', 'list-watch'].map(name => import(`../../dist/kubernetes/${name}.js`)),
  );
  return { ApiClient, kubeconfigAccess, ListWatch };
}

export function clientNode() {
  return import(pathToFileURL(join(RECIPES, 'node_modules/@kubernetes/client-node/dist/index.js')).href);
}

const nameOf = ({ metadata: { name, namespace, resourceVersion } }) =>
  `${namespace}/${name}@${resourceVersion}`;

/** Lists, and then watches, until it is ended. */
async function startOurs(kubeconfig, target, options = {}) {
  const { ApiClient, kubeconfigAccess, ListWatch } = await ours();
  const access = await kubeconfigAccess(kubeconfig, clientNode);
  const client = new ApiClient(access, 'test');
  const end = new AbortController();
  let begun;
  const listed = new Promise(resolve => (begun = resolve));
  const all = { client, path: PATH, labelSelector: '', onFailure: () => undefined, ...options };
  const done = new ListWatch({ ...all, target: { listed: begun, ...target } }).run(end.signal);
  return {
    listed,
    end: async () => {
      end.abort();
      await done;
      client.close();
    },
  };
}

/** The same stream: each event and each version, in the same order; and what an informer tells of it. */
export async function checkBesideInformer({ cases, cluster, written }) {
  const { CustomObjectsApi, KubeConfig, makeInformer, Watch } = await clientNode();
  const { kubeconfig } = cluster.api;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const seen = { ours: [], watch: [], informer: [] };
  const took = await startOurs(kubeconfig, {
    list: async objects => {
      for await (const object of objects) void object;
    },
    event: ({ type, object }) => seen.ours.push(`${type} ${nameOf(object)}`),
  });
  await took.listed;
  const custom = config.makeApiClient(CustomObjectsApi);
  const list = () =>
    custom.listClusterCustomObject({ group: 'argoproj.io', version: 'v1alpha1', plural: 'workflows' });
  const { metadata } = await list();
  const request = await new Watch(config).watch(
    PATH,
    { resourceVersion: metadata.resourceVersion },
    (type, object) => seen.watch.push(`${type} ${nameOf(object)}`),
    () => undefined,
  );
  const informer = makeInformer(config, PATH, list);
  for (const [event, type] of [
    ['add', 'ADDED'],
    ['update', 'MODIFIED'],
    ['delete', 'DELETED'],
  ])
    informer.on(event, object => seen.informer.push(`${type} ${nameOf(object)}`));
  await informer.start();
  const before = seen.informer.length;
  try {
    for (const event of interleaved(cases, 'beside', Math.random)) await written.write(event);
    await written.mark();
    const total = written.count;
    await until(
      () => Object.values(seen).every(({ length }) => length >= total),
      `${total} events are seen; ${JSON.stringify(seen, (_, value) => value.length ?? value)}`,
    );
  } finally {
    request.abort();
    await informer.stop();
    await took.end();
  }
  seen.informer = seen.informer.slice(before);
  for (const other of ['watch', 'informer']) {
    const [index] = seen.ours.map((event, at) => (event === seen[other][at] ? -1 : at)).filter(at => at >= 0);
    if (index !== undefined || seen[other].length !== seen.ours.length)
      throw new Error(`event ${index}: ${seen.ours[index]}, but ${seen[other][index]} of the ${other}`);
  }
  return `${seen.ours.length} events`;
}

/** Of a list that takes so long that its next page is gone: it is taken again, and has all there is. */
export async function checkExpiredPages({ cluster, written }) {
  const flags = cluster.api.flags;
  // Out of its memory the server would give every page.
  await cluster.restartApi({ flags: [...flags, '--watch-cache=false'] });
  const write = name => written.write({ type: 'ADDED', object: workflow(name, { namespace: 'pages' }) });
  try {
    for (let index = 10; index < 45; index++) await write(`w${index}`);
    const lists = [];
    const took = await startOurs(
      cluster.api.kubeconfig,
      {
        list: async objects => {
          const names = [];
          lists.push({ names });
          for await (const { metadata } of objects) {
            names.push(metadata.name);
            if (lists.length > 1 || names.length !== 1) continue;
            await write('x');
            await write('y');
            await cluster.etcd.compact();
          }
          lists.at(-1).isComplete = true;
        },
        event: () => undefined,
      },
      { pageSize: PAGE_SIZE },
    );
    await until(() => lists.at(-1)?.isComplete === true, 'the list is complete').finally(() => took.end());
    const [first, last] = [lists[0], lists.at(-1)];
    if (first.names.length !== PAGE_SIZE || lists.length !== 2 || new Set(last.names).size !== 37)
      throw new Error(`it took ${lists.map(({ names }) => names.join(' ')).join('\n')}`);
    return `${first.names.length} objects, then ${last.names.length}`;
  } finally {
    await cluster.restartApi({ flags });
  }
}
