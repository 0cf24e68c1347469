import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../kubernetes/api-client.js';
import { inClusterAccess, isInCluster } from '../kubernetes/in-cluster.js';
import { kubeconfigAccess } from '../kubernetes/kubeconfig.js';
import { proxyAccess } from '../kubernetes/proxy-access.js';
import type { RunContext } from './run-context.js';
import type { WatchOptions } from './watch-options.js';

/**
 * Which API server, and who asks: what the command line says, then the environment, then the home folder, as kubectl.
 *
 * @throws MetricStoreError KUBECONFIG_UNSUPPORTED, INVALID_OPTION; Error
 */
export function watchAccess(
  { kubeconfig, server }: Pick<WatchOptions, 'kubeconfig' | 'server'>,
  env: RunContext['env'],
): Promise<Access> {
  if (server !== undefined) return Promise.resolve(proxyAccess(server));
  const named = kubeconfig ?? (env['KUBECONFIG'] || undefined);
  if (named !== undefined) return kubeconfigAccess(named);
  if (isInCluster(env)) return inClusterAccess(env);
  const home = env['HOME'] ?? env['USERPROFILE'];
  const file = home === undefined ? undefined : join(home, '.kube', 'config');
  if (file !== undefined && existsSync(file)) return kubeconfigAccess(file);
  const reason =
    'this is no pod, and there is no kubeconfig. Say --kubeconfig FILE, or --server URL of kubectl proxy';
  return Promise.reject(new Error(`which API server? ${reason}`));
}
