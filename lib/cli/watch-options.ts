import { UsageError } from './usage-error.js';

/** What `watch` was told on the command line. */
export interface WatchOptions {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Undefined: of workflows that name no controller. */
  readonly instanceId: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly metricsConfigFile: string | undefined;
  readonly kubeconfig: string | undefined;
  /** That of `kubectl proxy`. */
  readonly server: URL | undefined;
}

/** As the command line has them. */
export interface WatchValues {
  readonly 'all-namespaces'?: boolean | undefined;
  readonly namespace?: readonly string[] | undefined;
  readonly 'instance-id'?: string | undefined;
  readonly listen?: string | undefined;
  readonly 'metrics-config'?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly server?: string | undefined;
}

/** Each is a list and a watch of its own; for more of them there is all. */
const NAMESPACES_MAX = 50;
const PORT_MAX = 65_535;
/** What is made for a pod is scraped from outside of it. */
const [HOST_DEFAULT, PORT_DEFAULT] = ['0.0.0.0', 9464];

/** As Kubernetes has names of namespaces, and values of labels. */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const ADDRESS = /^(\[[\da-fA-F:.]+\]|[\w.-]*):(\d{1,5})$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws UsageError */
export function watchOptionsOf(values: WatchValues): WatchOptions {
  const { 'metrics-config': metricsConfigFile, kubeconfig, server } = values;
  if (metricsConfigFile === '') throw new UsageError('--metrics-config needs a file.');
  if (kubeconfig === '') throw new UsageError('--kubeconfig needs a file.');
  if (kubeconfig !== undefined && server !== undefined)
    throw new UsageError('--kubeconfig and --server exclude each other: each says which API server.');
  return {
    namespaces: namespacesOf(values),
    instanceId: instanceIdOf(values['instance-id']),
    ...addressOf(values.listen),
    ...{ metricsConfigFile, kubeconfig },
    server: server === undefined ? undefined : serverOf(server),
  };
}

function namespacesOf({ namespace = [], 'all-namespaces': isAll = false }: WatchValues): string[] {
  if (isAll && namespace.length > 0)
    throw new UsageError('--all-namespaces and --namespace exclude each other.');
  const wrong = namespace.find(name => !NAMESPACE.test(name));
  if (wrong !== undefined)
    throw new UsageError(
      `--namespace is "${wrong}", expected the name of one namespace; it may be said several times.`,
    );
  const names = new Set(namespace);
  if (names.size > NAMESPACES_MAX)
    throw new UsageError(
      `--namespace is said for ${names.size} namespaces, expected 1 to ${NAMESPACES_MAX}. For more, say --all-namespaces.`,
    );
  return [...names];
}

function instanceIdOf(text: string | undefined): string | undefined {
  if (text !== undefined && !LABEL_VALUE.test(text))
    throw new UsageError(`--instance-id is "${text}", expected what instanceID of the controller may be.`);
  return text;
}

function addressOf(text: string | undefined): { host: string; port: number } {
  if (text === undefined) return { host: HOST_DEFAULT, port: PORT_DEFAULT };
  const [, host, port] = ADDRESS.exec(text) ?? [];
  if (host === undefined || Number(port) > PORT_MAX)
    throw new UsageError(`--listen is "${text}", expected an address such as 0.0.0.0:9464 or [::1]:9464.`);
  return { host: host.replace(/^\[(.*)\]$/, '$1') || HOST_DEFAULT, port: Number(port) };
}

/** Nothing is said there of who asks, so it must be a proxy that knows, on this machine. */
function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isProxy = url?.protocol === 'http:' && LOOPBACK.test(url.hostname) && url.username === '';
  if (url === undefined || !isProxy)
    throw new UsageError(
      `--server is for kubectl proxy on this machine, expected a URL such as http://127.0.0.1:8001. ` +
        'For an API server elsewhere, say --kubeconfig.',
    );
  return url;
}
