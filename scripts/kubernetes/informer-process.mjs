// An informer of the Kubernetes project's own package, in a process of its own: says when it has begun, and when it knows all
// workflows. argv: the kubeconfig.
import { clientNode } from './watched-beside.mjs';

const { CustomObjectsApi, KubeConfig, makeInformer } = await clientNode();
const config = new KubeConfig();
config.loadFromFile(process.argv[2]);
const custom = config.makeApiClient(CustomObjectsApi);
const resource = { group: 'argoproj.io', version: 'v1alpha1', plural: 'workflows' };
const informer = makeInformer(config, '/apis/argoproj.io/v1alpha1/workflows', () =>
  custom.listClusterCustomObject(resource),
);
console.log('begun');
const start = performance.now();
let failure;
informer.on('error', error => (failure = error));
await informer.start();
if (failure !== undefined) throw new Error(String(failure));
console.log(`${informer.list().length} known in ${Math.round(performance.now() - start)} ms`);
process.stdin.resume();
