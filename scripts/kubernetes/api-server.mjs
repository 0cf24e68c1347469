// A real etcd and a real Kubernetes API server over it, on loopback: killed, started again, compacted, and put back to what
// they were. The API server is the one for custom resources alone, or all of Kubernetes.
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePort, Peer } from '../export-peers.mjs';
import { ApiRequests } from './api-requests.mjs';
import { kubeconfigOf, makeCertificates } from './certificates.mjs';

/** Where a sync costs nothing: what is killed here is never the machine. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const PATIENCE_MILLIS = 60_000;

const ADMISSION_OF_OTHERS =
  'NamespaceLifecycle,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,ValidatingAdmissionPolicy,MutatingAdmissionPolicy';

const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

export class Etcd extends Peer {
  data = mkdtempSync(join(MEMORY, 'etcd-'));

  async prepare() {
    const [port, peerPort] = [await freePort(), await freePort()];
    this.url = `http://127.0.0.1:${port}`;
    this.peerUrl = `http://127.0.0.1:${peerPort}`;
    this.readyUrl = `${this.url}/health`;
  }

  args() {
    const urls = ['--listen-client-urls', this.url, '--advertise-client-urls', this.url];
    const peers = ['--listen-peer-urls', this.peerUrl, '--initial-advertise-peer-urls', this.peerUrl];
    const cluster = ['--name', 'run', '--initial-cluster', `run=${this.peerUrl}`];
    return ['--data-dir', join(this.data, 'now'), ...urls, ...peers, ...cluster, '--log-level', 'error'];
  }

  async isReady() {
    const ready = await fetch(this.readyUrl).catch(() => undefined);
    return ready !== undefined && (await ready.text()).includes('"true"');
  }

  /** What was written before now is not in the history any more. */
  async compact() {
    const { header } = await this.#ask('range', { key: 'AA==' });
    await this.#ask('compaction', { revision: header.revision, physical: true });
  }

  /** What is kept as it is now; only while it does not run. */
  backUp() {
    cpSync(join(this.data, 'now'), join(this.data, 'backup'), { recursive: true });
  }

  restore() {
    rmSync(join(this.data, 'now'), { recursive: true });
    cpSync(join(this.data, 'backup'), join(this.data, 'now'), { recursive: true });
  }

  async remove() {
    await super.remove();
    rmSync(this.data, { recursive: true, force: true });
  }

  async #ask(what, body) {
    const response = await fetch(`${this.url}/v3/kv/${what}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`etcd: ${what}: ${JSON.stringify(answer)}`);
    return answer;
  }
}

export class ApiServer extends Peer {
  /** Those of one start. */
  flags = [];

  constructor(program, etcd) {
    super(program);
    this.etcd = etcd;
    /** All of Kubernetes: it has namespaces. */
    this.isWhole = basename(program).startsWith('kube-');
    this.kubeconfig = join(this.folder, 'kubeconfig');
  }

  async prepare() {
    this.port = await freePort();
    makeCertificates(this.folder);
    writeFileSync(this.kubeconfig, kubeconfigOf(this.folder, this.port));
    this.requests = new ApiRequests(this.folder, this.port);
  }

  args() {
    const certificates = ['--tls-cert-file', 'server.crt', '--tls-private-key-file', 'server.key'];
    const address = ['--bind-address', '127.0.0.1', '--secure-port', `${this.port}`];
    const etcd = ['--etcd-servers', this.etcd.url, '--client-ca-file', 'ca.crt'];
    const own = this.isWhole ? this.#argsOfAll() : this.#argsOfCustomResources();
    return [...etcd, ...address, ...certificates, ...own, ...this.flags];
  }

  #argsOfCustomResources() {
    const { kubeconfig } = this;
    return [
      ...['--kubeconfig', kubeconfig, '--authentication-kubeconfig', kubeconfig],
      ...['--authorization-kubeconfig', kubeconfig, '--authentication-skip-lookup'],
      ...['--enable-priority-and-fairness=false', '--disable-admission-plugins', ADMISSION_OF_OTHERS],
    ];
  }

  #argsOfAll() {
    return [
      ...['--authorization-mode', 'RBAC', '--service-account-issuer', `https://127.0.0.1:${this.port}`],
      ...['--service-account-key-file', 'accounts.pub', '--service-account-signing-key-file', 'accounts.key'],
      ...['--service-cluster-ip-range', '10.0.0.0/24', '--endpoint-reconciler-type', 'none'],
      ...['--disable-admission-plugins', 'ServiceAccount', '--cert-dir', this.folder],
    ];
  }

  /** The server for custom resources alone waits for Services without end. */
  async isReady() {
    return (await this.requests.status('/readyz?exclude=informer-sync')) === 200;
  }

  async remove() {
    this.requests?.close();
    await super.remove();
  }
}

/** Both, with the resource that Argo's controller has. */
export class Cluster {
  #namespaces = new Set();

  /** @param flags of the API server, more than it needs */
  static async start({ etcd, apiServer }, flags = []) {
    const cluster = new Cluster(etcd, apiServer);
    try {
      await cluster.#begin(flags);
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  constructor(etcd, apiServer) {
    this.etcd = new Etcd(etcd);
    this.api = new ApiServer(apiServer, this.etcd);
  }

  get requests() {
    return this.api.requests;
  }

  async #begin(flags) {
    await this.etcd.prepare();
    await this.api.prepare();
    await this.etcd.start();
    await this.startApi(flags);
    await this.requests.json('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', WORKFLOWS);
    await this.#served();
  }

  /** Custom resources come later than everything else. */
  async #served() {
    const end = performance.now() + PATIENCE_MILLIS;
    while ((await this.requests.status('/apis/argoproj.io/v1alpha1/workflows?limit=1')) !== 200) {
      if (performance.now() > end) throw new Error(`workflows are not served\n${this.api.output}`);
      await pause(20);
    }
  }

  async startApi(flags = this.api.flags) {
    this.api.flags = flags;
    await this.api.start();
  }

  /** Kills it in the middle of whatever it does, and starts it again. */
  async restartApi({ flags = this.api.flags, between = () => Promise.resolve() } = {}) {
    await this.api.end('SIGKILL');
    await between();
    await this.startApi(flags);
    await this.#served();
  }

  /** As the cluster is now: for {@link restore}. */
  async backUp() {
    await this.#stopped(() => this.etcd.backUp());
  }

  async restore() {
    await this.#stopped(() => this.etcd.restore());
  }

  async #stopped(act) {
    await this.restartApi({
      between: async () => {
        await this.etcd.end('SIGTERM');
        act();
        await this.etcd.start();
      },
    });
  }

  async ensureNamespace(name) {
    if (!this.api.isWhole || this.#namespaces.has(name)) return;
    await this.requests.json('POST', '/api/v1/namespaces', { metadata: { name } });
    this.#namespaces.add(name);
  }

  async remove() {
    await this.api.remove();
    await this.etcd.remove();
  }
}

const WORKFLOWS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'workflows.argoproj.io' },
  spec: {
    group: 'argoproj.io',
    names: { kind: 'Workflow', listKind: 'WorkflowList', plural: 'workflows', singular: 'workflow' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: Object.fromEntries(
              ['spec', 'status'].map(key => [
                key,
                { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              ]),
            ),
          },
        },
      },
    ],
  },
};
