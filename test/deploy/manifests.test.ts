// Goal: the manifests of deploy/ agree with the command, with the documents and with each other. Method: parse them and compare.
// scripts/run-deploy.mjs lets a real API server say what it thinks of them.
import { posix } from 'node:path';
import { expect } from 'chai';
import { WATCH_KEYS } from '../../lib/cli/config/watch-keys.js';
import { readWatchConfig, type WatchConfig } from '../../lib/cli/watch-config.js';
import { codeBlocks } from '../../scripts/documents.mjs';
import { runInMemory } from '../cli/run-in-memory.js';
import { listFiles, readText } from '../support/source-tree.js';
import { at, listAt, onlyOf, parsed, readManifests } from './manifests.js';

const CONFIG = 'deploy/base/watch.yaml';
const APP = { 'app.kubernetes.io/name': 'otel-argo-metrics' };
/** What the process has beside its series, with a hundred thousand Workflows. */
const PROCESS_BYTES_MAX = 230 * 2 ** 20;

const statefulSet = onlyOf('StatefulSet');
const pod = at(statefulSet, 'spec', 'template', 'spec');
const container = at(pod, 'containers', 0);

function configured(): WatchConfig {
  const { config, problems } = readWatchConfig({ file: { name: CONFIG, text: readText(CONFIG) } });
  expect(problems).to.deep.equal([]);
  if (config === undefined) throw new Error('no configuration');
  return config;
}

function seconds(text: unknown): number {
  const [, number] = /^(\d+)s$/.exec(String(text)) ?? [];
  return Number(number);
}

function mebibytes(text: unknown): number {
  const [, number] = /^(\d+)Mi$/.exec(String(text)) ?? [];
  return Number(number) * 2 ** 20;
}

describe('the files of deploy/', () => {
  it('should all be used by a kustomization, and all that is named is there', () => {
    const yaml = listFiles('deploy').filter(path => path.endsWith('.yaml'));
    const kustomizations = yaml.filter(path => path.endsWith('/kustomization.yaml'));
    const named = kustomizations.flatMap(path => {
      const value = parsed(path);
      const patches = ((at(value, 'patches') ?? []) as { path: string }[]).map(patch => patch.path);
      const generated = ((at(value, 'configMapGenerator') ?? []) as { files: string[] }[]).flatMap(
        ({ files }) => files,
      );
      return [...((at(value, 'resources') ?? []) as string[]), ...patches, ...generated].map(name => {
        const target = posix.join(posix.dirname(path), name);
        return target.endsWith('.yaml') ? target : `${target}/kustomization.yaml`;
      });
    });
    const entries = [
      'all-namespaces',
      'own-namespace',
      'metrics-config',
      'components/prometheus-operator',
    ].map(name => `deploy/${name}/kustomization.yaml`);
    expect([...new Set([...named, ...entries])].sort()).to.deep.equal(yaml);
  });

  it('should select the pod by its labels, and nothing by an empty selector', () => {
    const selectors = [
      at(statefulSet, 'spec', 'selector', 'matchLabels'),
      at(statefulSet, 'spec', 'template', 'metadata', 'labels'),
      at(onlyOf('Service'), 'spec', 'selector'),
      at(onlyOf('NetworkPolicy'), 'spec', 'podSelector', 'matchLabels'),
      at(onlyOf('ServiceMonitor'), 'spec', 'selector', 'matchLabels'),
    ];
    for (const selector of selectors) expect(selector).to.deep.equal(APP);
    const written = readManifests().filter(({ value }) => /[sS]elector":\{\}/.test(JSON.stringify(value)));
    expect(written).to.deep.equal([]);
  });

  it('should give the rights that docs/watch.md says, and no others', () => {
    const [rules] = codeBlocks(readText('docs/watch.md'))
      .filter(({ code }) => code.startsWith('rules:'))
      .map(({ code }) => code);
    const told = rules?.replaceAll(/\s|[[\]]/g, '');
    for (const [kind, folder] of Object.entries({ ClusterRole: 'all-namespaces', Role: 'own-namespace' })) {
      const role = onlyOf(kind, `deploy/${folder}`);
      expect(at(role, 'rules')).to.deep.equal([
        { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['list', 'watch'] },
      ]);
      const text = readText(`deploy/${folder}/rights.yaml`);
      const own = /^rules:\n(?: .*\n)+/m.exec(text)?.[0].replaceAll(/\s|[[\]]/g, '');
      expect(own).to.equal(told);
      expect(at(onlyOf(`${kind}Binding`, `deploy/${folder}`), 'subjects')).to.deep.equal([
        { kind: 'ServiceAccount', name: at(onlyOf('ServiceAccount'), 'metadata', 'name') },
      ]);
    }
    expect(at(onlyOf('Role', 'deploy/metrics-config'), 'rules')).to.deep.equal([
      {
        ...{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['workflow-controller-configmap'] },
        verbs: ['get', 'watch'],
      },
    ]);
    expect(readManifests().filter(({ kind }) => /Role$/.test(kind)).length).to.equal(3);
  });
});

describe('the pod of deploy/', () => {
  it('should start the command with options and a configuration that it has', async () => {
    const mount = listAt(container, 'volumeMounts').find(found => at(found, 'name') === 'config');
    const path = posix.join(String(at(mount, 'mountPath')), 'watch.yaml');
    const args = listAt(container, 'args').map(String);
    expect(args).to.include(path);
    const { exitCode, stderr, stdout } = await runInMemory([
      ...args.map(arg => (arg === path ? CONFIG : arg)),
      '--print-config',
    ]);
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/dir: \/state +# from --state/);
  });

  it('should refuse an option that it has not', async () => {
    const { exitCode } = await runInMemory(['watch', '--sate', '/state', '--print-config']);
    expect(exitCode).to.equal(2);
  });

  it('should keep its state on the volume, and write nowhere else', () => {
    const args = listAt(container, 'args');
    const dir = args[args.indexOf('--state') + 1];
    const mounts = listAt(container, 'volumeMounts');
    const state = mounts.find(mount => at(mount, 'mountPath') === dir);
    const [claim] = listAt(statefulSet, 'spec', 'volumeClaimTemplates');
    expect(at(state, 'name')).to.equal(at(claim, 'metadata', 'name'));
    expect(mounts.filter(mount => mount !== state && at(mount, 'readOnly') !== true)).to.deep.equal([]);
    expect(at(container, 'securityContext', 'readOnlyRootFilesystem')).to.equal(true);
    expect(at(statefulSet, 'spec', 'replicas'), 'two would count twice').to.equal(1);
  });

  it('should be what Pod Security calls restricted', () => {
    const id = 65532;
    expect(at(pod, 'securityContext')).to.deep.equal({
      ...{ runAsNonRoot: true, runAsUser: id, runAsGroup: id, fsGroup: id },
      ...{ fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(at(container, 'securityContext')).to.deep.equal({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    });
  });

  it('should have one port, by the same number and name everywhere', () => {
    const { port } = configured().endpoint;
    expect(at(container, 'ports')).to.deep.equal([{ name: 'metrics', containerPort: port }]);
    const service = onlyOf('Service');
    expect(at(service, 'spec', 'ports')).to.deep.equal([{ name: 'metrics', port, targetPort: 'metrics' }]);
    expect(at(service, 'metadata', 'annotations', 'prometheus.io/port')).to.equal(`${port}`);
    expect(at(onlyOf('NetworkPolicy'), 'spec', 'ingress')).to.deep.equal([
      { ports: [{ port: 'metrics', protocol: 'TCP' }] },
    ]);
    expect(at(onlyOf('ServiceMonitor'), 'spec', 'endpoints', 0, 'port')).to.equal('metrics');
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(at(container, probe, 'httpGet', 'port')).to.equal('metrics');
    expect(readText('deploy/Dockerfile')).to.match(new RegExp(`^EXPOSE ${port}$`, 'm'));
  });

  it('should be given longer to end than it takes', () => {
    expect(at(pod, 'terminationGracePeriodSeconds')).to.be.greaterThan(10);
  });

  it('should have memory for as many series as it may have', () => {
    const limit = mebibytes(at(container, 'resources', 'limits', 'memory'));
    expect(configured().limits.maxBytes + PROCESS_BYTES_MAX).to.be.at.most(limit);
    expect(at(container, 'resources', 'limits', 'cpu'), 'a limit of the CPU').to.equal(undefined);
  });

  it('should show new counters as 0 for longer than a scrape takes to come', () => {
    const interval = seconds(at(onlyOf('ServiceMonitor'), 'spec', 'endpoints', 0, 'interval'));
    expect(configured().endpoint.zeroStartMillis / 1000).to.be.at.least(interval + 15);
  });

  it('should be told its own namespace by a variable that there is', () => {
    const value = parsed('deploy/own-namespace/namespace.yaml');
    const [variable] = listAt(value, 'spec', 'template', 'spec', 'containers', 0, 'env');
    expect(WATCH_KEYS.namespaces.variables.map(({ name }) => name)).to.include(at(variable, 'name'));
    expect(at(value, 'spec', 'template', 'spec', 'containers', 0, 'name')).to.equal(at(container, 'name'));
  });
});
