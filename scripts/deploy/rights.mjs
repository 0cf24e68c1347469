// What an account of the manifests may do, tried as this account: a request each, and the status that must come.
import { request } from 'node:https';

const PATIENCE_MILLIS = 10_000;
const workflows = namespace =>
  `/apis/argoproj.io/v1alpha1${namespace === undefined ? '' : `/namespaces/${namespace}`}/workflows`;

/** The status of an answer. A watch is not waited for. */
export function statusAs({ server, ca, token }, method, path, body) {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, server), {
      ...{ method, ca, agent: false, timeout: PATIENCE_MILLIS },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    asked.on('response', response => {
      response.destroy();
      resolve(response.statusCode);
    });
    asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer`)));
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Of a namespace where it may read workflows. */
function needed(namespace) {
  const path = workflows(namespace);
  return [
    ['GET', `${path}?limit=1`, 200],
    // Served at once, and ended at once.
    ['GET', `${path}?watch=true&timeoutSeconds=1&resourceVersion=0`, 200],
  ];
}

/** Everything else, of a namespace with one workflow. */
function refused(namespace, name) {
  const one = `${workflows(namespace)}/${name}`;
  const core = kind => `/api/v1/namespaces/${namespace}/${kind}`;
  return [
    ['GET', one, 403],
    ['PUT', one, 403, {}],
    ['PATCH', one, 403, {}],
    ['DELETE', one, 403],
    ['POST', workflows(namespace), 403, {}],
    ['DELETE', workflows(namespace), 403],
    ['GET', core('secrets'), 403],
    ['GET', core('configmaps'), 403],
    ['GET', core('pods'), 403],
    ['POST', core('pods'), 403, {}],
    ['POST', core('events'), 403, {}],
    ['GET', `${core('serviceaccounts')}/otel-argo-metrics`, 403],
    ['POST', `${core('serviceaccounts')}/otel-argo-metrics/token`, 403, {}],
    ['GET', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, 403],
    ['GET', `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/workflowtemplates`, 403],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles', 403],
    ['GET', '/api/v1/namespaces', 403],
    ['GET', '/api/v1/nodes', 403],
  ];
}

/** Throws what came in the place of what must come. */
async function checkRequests(account, requests) {
  const wrong = [];
  for (const [method, path, expected, body] of requests) {
    const status = await statusAs(account, method, path, body);
    if (status !== expected) wrong.push(`${method} ${path}: ${status}, expected ${expected}`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** @param where { own, other, name }: its namespace, another one, and the name of a workflow in each */
export async function checkRights(steps, { cluster, namespaced, stranger }, { own, other, name }) {
  await steps.step('the account of all-namespaces: what it needs works', () =>
    checkRequests(cluster, [...needed(undefined), ...needed(other)]),
  );
  await steps.step('the account of all-namespaces: everything else is 403', () =>
    checkRequests(cluster, [...refused(other, name), ...refused('argo-metrics', name)]),
  );
  await steps.step('the account of own-namespace: what it needs works', () =>
    checkRequests(namespaced, needed(own)),
  );
  await steps.step(
    'the account of own-namespace: everything else is 403, and so is every other namespace',
    () =>
      checkRequests(namespaced, [
        ...refused(own, name),
        ...[...needed(undefined), ...needed(other)].map(([method, path]) => [method, path, 403]),
      ]),
  );
  await steps.step('the account with metrics-config: one ConfigMap of the controller, and no other', () => {
    const configMaps = '/api/v1/namespaces/argo/configmaps';
    const name = 'workflow-controller-configmap';
    const watched = `${configMaps}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3D`;
    return checkRequests(cluster, [
      ['GET', `${configMaps}/${name}`, 404],
      ['GET', `${watched}${name}`, 200],
      ['GET', `${configMaps}/other`, 403],
      ['GET', `${watched}other`, 403],
      ['GET', `${configMaps}?watch=true&timeoutSeconds=1`, 403],
      ['PATCH', `${configMaps}/${name}`, 403, {}],
      ['DELETE', `${configMaps}/${name}`, 403],
    ]);
  });
  await steps.step('an account without rights is refused, and a wrong token is', async () => {
    await checkRequests(
      stranger,
      needed(own).map(([method, path]) => [method, path, 403]),
    );
    await checkRequests({ ...cluster, token: `${cluster.token}x` }, [['GET', workflows(own), 401]]);
  });
}
