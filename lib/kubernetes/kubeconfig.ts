// A kubeconfig is read by the package of the Kubernetes project that knows all of its ways: exec plugins, OIDC, client
// certificates, proxies. Of that package nothing else is used, and it is loaded only where there is a kubeconfig.
import { delimiter } from 'node:path';
import type { RequestOptions } from 'node:https';
import { MetricStoreError } from '../errors.js';
import { isRecord } from '../guard/json-value.js';
import { textOf } from '../guard/thrown.js';
import type { Access, Credentials } from './api-client.js';

export const KUBECONFIG_PACKAGE: string = '@kubernetes/client-node';

/** What is used of its `KubeConfig`, in the versions 1.4 and 2. */
interface KubeConfig {
  loadFromFile(path: string): void;
  mergeConfig(other: KubeConfig): void;
  getCurrentCluster(): { readonly server: string; readonly proxyUrl?: string } | null;
  getCurrentContext(): string;
  getContextObject(name: string): { readonly namespace?: string } | null;
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

type NewKubeConfig = new () => KubeConfig;

/**
 * @param paths one file, or several as `KUBECONFIG` names them, of which earlier ones win
 * @param load the package
 * @throws MetricStoreError KUBECONFIG_UNSUPPORTED where the package is missing, INVALID_OPTION where a file is no kubeconfig
 */
export async function kubeconfigAccess(
  paths: string,
  load: () => Promise<unknown> = () => import(KUBECONFIG_PACKAGE),
): Promise<Access> {
  const Config = await loadKubeConfig(load);
  const config = new Config();
  try {
    const [first = '', ...others] = paths.split(delimiter).filter(path => path !== '');
    config.loadFromFile(first);
    for (const path of others) {
      const other = new Config();
      other.loadFromFile(path);
      config.mergeConfig(other);
    }
  } catch (cause) {
    throw new MetricStoreError('INVALID_OPTION', `the kubeconfig ${paths} cannot be used: ${textOf(cause)}`, {
      cause,
    });
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server))
    throw new MetricStoreError(
      'INVALID_OPTION',
      `the kubeconfig ${paths} has no current context with a server`,
    );
  return {
    server: new URL(cluster.server),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    credentials: () => credentialsOf(config, cluster.proxyUrl !== undefined),
    // An exec plugin is asked again when what it gave has run out.
    refused: () => Promise.resolve(false),
  };
}

async function loadKubeConfig(load: () => Promise<unknown>): Promise<NewKubeConfig> {
  let loaded: unknown;
  try {
    loaded = await load();
  } catch (cause) {
    throw unsupported(`cannot be loaded: ${textOf(cause)}`, cause);
  }
  const found = isRecord(loaded) ? loaded['KubeConfig'] : undefined;
  const has = (method: string): boolean =>
    typeof found === 'function' && typeof (found.prototype as Record<string, unknown>)[method] === 'function';
  if (!['loadFromFile', 'mergeConfig', 'getCurrentCluster', 'applyToHTTPSOptions'].every(has))
    throw unsupported('is of a version that is not known: 1.4 and 2 are');
  return found as NewKubeConfig;
}

function unsupported(why: string, cause?: unknown): MetricStoreError {
  return new MetricStoreError(
    'KUBECONFIG_UNSUPPORTED',
    `a kubeconfig is read by the package ${KUBECONFIG_PACKAGE}, which ${why}. ` +
      `Install it beside this one (npm install ${KUBECONFIG_PACKAGE}; on Node 20 its version 1.4), ` +
      'or start kubectl proxy and say --server http://127.0.0.1:8001',
    { cause },
  );
}

async function credentialsOf(config: KubeConfig, isBehindProxy: boolean): Promise<Credentials> {
  const options: RequestOptions & { headers: Record<string, string> } = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const { agent, ...rest } = options;
  // Its own agent keeps no connections, and is another one each time. It knows proxies.
  return { ...rest, ...(isBehindProxy && typeof agent === 'object' && { agent }) } as Credentials;
}
