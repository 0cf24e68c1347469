// The manifests of the package in the hands of a user: overlays that docs/watch-deploy.md shows, applied by kubectl.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../steps.mjs';
import { MONITORING_RESOURCES } from './monitoring-resources.mjs';

/** kubectl, as the administrator of a cluster. */
export class Kubectl {
  constructor(program, kubeconfig, cwd) {
    Object.assign(this, { program, kubeconfig, cwd });
  }

  /** Resolves with what it printed; rejects when it failed. */
  async run(...args) {
    const { code, stdout, stderr } = await this.try(...args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${code}\n${stderr}${stdout}`);
    return stdout;
  }

  /** Resolves with { code, stdout, stderr }. */
  try(...args) {
    // What it knows of a server would be kept in the home folder.
    const cache = ['--cache-dir', join(this.cwd, '.kube-cache')];
    const options = { cwd: this.cwd, env: { KUBECONFIG: this.kubeconfig }, timeoutMillis: 60_000 };
    return run(this.program, [...args, ...cache], options);
  }

  async get(...args) {
    return JSON.parse(await this.run('get', ...args, '-o', 'json'));
  }

  /** Applies an overlay; a warning is an error too. Resolves with its objects. */
  async apply(folder) {
    const { code, stdout, stderr } = await this.try('apply', '--validate=strict', '-k', folder);
    if (code !== 0 || stderr !== '') throw new Error(`apply -k ${folder}: ${code}\n${stderr}${stdout}`);
    return stdout.trimEnd().split('\n');
  }

  async token(namespace, account) {
    return (await this.run('create', 'token', account, '-n', namespace)).trim();
  }
}

/** A folder with a kustomization of a user: that of the document with something else in it. */
export function writeOverlay(folder, name, kustomization) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'kustomization.yaml'), JSON.stringify(kustomization)); // JSON is YAML.
  return name;
}

const KINDS =
  'clusterroles,clusterrolebindings,configmaps,networkpolicies,services,serviceaccounts,statefulsets';
const IMAGES = [
  { name: 'otel-argo-metrics', newName: 'registry.example/otel-argo-metrics', newTag: '0.1.0' },
];
const overlay = (namespace, name, more = {}) => ({
  ...{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', namespace, images: IMAGES },
  ...{ resources: [`../package/deploy/${name}`], ...more },
});

/**
 * Applies everything, refuses what is wrong, and tries the rights. Resolves with what it takes to start the pods; undefined when
 * that failed.
 */
export async function checkManifests(steps, { cluster, kubectl: program, folder }) {
  const kubectl = new Kubectl(program, cluster.api.kubeconfig, folder);
  const crds = join(folder, 'crds.json');
  writeFileSync(crds, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: MONITORING_RESOURCES }));
  const isApplied = await steps.step(
    'the API server takes what the document applies, and warns of nothing',
    async () => {
      await kubectl.run('create', 'namespace', 'argo-metrics');
      await kubectl.run('label', 'namespace', 'argo-metrics', ...['enforce', 'warn'].map(restricted));
      expectKinds(
        await kubectl.apply('.'),
        'ClusterRole ClusterRoleBinding ConfigMap NetworkPolicy Service ServiceAccount StatefulSet',
      );
      return true;
    },
  );
  await steps.step('… a second time, and changes nothing', async () => {
    const versions = async () => {
      const { items } = await kubectl.get(
        KINDS,
        '-n',
        'argo-metrics',
        '-l',
        'app.kubernetes.io/name=otel-argo-metrics',
      );
      return items
        .map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`)
        .join('\n');
    };
    const before = await versions();
    await kubectl.apply('.');
    const after = await versions();
    if (before !== after || before.split('\n').length !== KINDS.split(',').length)
      throw new Error(`${before}\n→\n${after}`);
  });
  await steps.step('… own-namespace, which takes no right outside of it', async () => {
    await kubectl.run('create', 'namespace', 'team-a');
    await kubectl.run('label', 'namespace', 'team-a', ...['enforce', 'warn'].map(restricted));
    writeOverlay(folder, 'team-a', overlay('team-a', 'own-namespace'));
    expectKinds(
      await kubectl.apply('team-a'),
      'ConfigMap NetworkPolicy Role RoleBinding Service ServiceAccount StatefulSet',
    );
  });
  await steps.step('… what reads metricsConfig of the controller', async () => {
    await kubectl.run('create', 'namespace', 'argo');
    const args = ['apply', '--validate=strict', '-n', 'argo', '-k', 'package/deploy/metrics-config'];
    expectKinds((await kubectl.run(...args)).trimEnd().split('\n'), 'Role RoleBinding');
  });
  await steps.step('… and, with definitions written here, what the Prometheus Operator reads', async () => {
    await kubectl.run('apply', '-f', crds);
    await kubectl.run('wait', '--for=condition=Established', '--timeout=30s', '-f', crds);
    const components = ['../package/deploy/components/prometheus-operator'];
    writeOverlay(folder, 'operator', overlay('argo-metrics', 'all-namespaces', { components }));
    const applied = await retried(() => kubectl.apply('operator'));
    for (const kind of ['servicemonitor', 'prometheusrule'])
      if (!applied.some(line => line.startsWith(`${kind}.`))) throw new Error(applied.join('\n'));
    const { metadata } = await kubectl.get('service/otel-argo-metrics', '-n', 'argo-metrics');
    const left = Object.keys(metadata.annotations).filter(name => name.startsWith('prometheus.io'));
    if (left.length > 0) throw new Error(`it would be scraped twice: ${left.join()}`);
  });
  await checkRefusals(steps, kubectl, folder);
  if (isApplied === undefined) return undefined;
  return steps.step('accounts of the manifests have tokens', () => accountsOf(kubectl, cluster));
}

const restricted = what => `pod-security.kubernetes.io/${what}=restricted`;

/** @param lines of kubectl apply */
function expectKinds(lines, expected) {
  const kinds = lines.map(line => line.split(/[./]/)[0]).sort();
  const wanted = expected.toLowerCase().split(' ').sort();
  if (kinds.join() !== wanted.join()) throw new Error(`applied ${kinds.join()}, expected ${wanted.join()}`);
}

/** Discovery of new resources comes late. */
async function retried(act) {
  for (let tries = 0; ; tries++)
    try {
      return await act();
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise(resolve => setTimeout(resolve, 250));
    }
}

async function checkRefusals(steps, kubectl, folder) {
  const text = await kubectl.run('kustomize', '.');
  const typos = {
    capabilities: ['capabilites', 'capabilites'],
    readOnlyRootFilesystem: ['readOnlyRootFileSystem', 'readOnlyRootFileSystem'],
    'verbs:': ['verb:', 'verb'],
  };
  for (const [right, [wrong, named]] of Object.entries(typos))
    await steps.step(`the API server refuses ${wrong}`, async () => {
      writeFileSync(join(folder, 'typo.yaml'), text.replace(right, wrong));
      const args = ['apply', '--validate=strict', '--dry-run=server', '-f', 'typo.yaml'];
      const { code, stderr } = await kubectl.try(...args);
      if (code === 0 || !stderr.includes(`unknown field`) || !stderr.includes(named)) throw new Error(stderr);
    });
  await steps.step('Pod Security takes the pod as restricted, and not one that may be root', async () => {
    const { spec } = await kubectl.get('statefulset/otel-argo-metrics', '-n', 'argo-metrics');
    const { spec: template } = spec.template;
    const volumes = [...template.volumes, { name: 'state', emptyDir: {} }];
    const pod = more => ({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tried', namespace: 'argo-metrics' } },
      spec: { ...template, volumes, ...more },
    });
    const tried = async object => {
      writeFileSync(join(folder, 'pod.json'), JSON.stringify(object));
      return kubectl.try('create', '--dry-run=server', '-f', 'pod.json');
    };
    const taken = await tried(pod({}));
    if (taken.code !== 0) throw new Error(taken.stderr);
    const refused = await tried(pod({ securityContext: { runAsUser: 0 } }));
    if (refused.code === 0 || !refused.stderr.includes('violates PodSecurity'))
      throw new Error(refused.stderr);
  });
}

/** Tokens of the accounts, and what else it takes to ask as them. */
async function accountsOf(kubectl, { api }) {
  const ca = readFileSync(join(api.folder, 'ca.crt'), 'utf8');
  const server = `https://127.0.0.1:${api.port}`;
  const account = async (namespace, name) => ({
    server,
    ca,
    namespace,
    token: await kubectl.token(namespace, name),
  });
  await kubectl.run('create', 'serviceaccount', 'stranger', '-n', 'team-a');
  return {
    kubectl,
    cluster: await account('argo-metrics', 'otel-argo-metrics'),
    namespaced: await account('team-a', 'otel-argo-metrics'),
    stranger: await account('team-a', 'stranger'),
  };
}
