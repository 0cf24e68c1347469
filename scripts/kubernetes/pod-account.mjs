// What a pod has of its ServiceAccount, without a kubelet: its files where they are in a pod, in a mount namespace of the process
// alone, and the address of the API server in its environment. It takes all of Kubernetes, Linux and root.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMESPACE = 'watching';
const NAME = 'watch';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** $1: the files; then the command. */
const ENTER = `
set -eu
mount -t tmpfs tmpfs /var/run/
mkdir -p /var/run/secrets/kubernetes.io
cp -r "$1" /var/run/secrets/kubernetes.io/serviceaccount
shift
exec "$@"
`;

export class PodAccount {
  /** One that may list and watch workflows, as that of `deploy/` may. */
  static async make(cluster, folder) {
    const { api, requests } = cluster;
    await cluster.ensureNamespace(NAMESPACE);
    const accounts = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
    const post = (path, object) => requests.json('POST', path, { metadata: { name: NAME }, ...object });
    await post(accounts, {});
    const rules = [{ apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['list', 'watch'] }];
    await post(`${RBAC}/clusterroles`, { rules });
    await post(`${RBAC}/clusterrolebindings`, {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    });
    const { status } = await post(`${accounts}/${NAME}/token`, { spec: { expirationSeconds: 86_400 } });
    const files = {
      token: status.token,
      'ca.crt': readFileSync(join(api.folder, 'ca.crt')),
      namespace: NAMESPACE,
    };
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return new PodAccount(folder, api.port);
  }

  constructor(folder, port) {
    this.folder = folder;
    this.env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${port}` };
  }

  /** A command as one that starts it with these files. */
  entered(command) {
    return ['unshare', '--mount', 'sh', '-c', ENTER, 'sh', this.folder, ...command];
  }
}
