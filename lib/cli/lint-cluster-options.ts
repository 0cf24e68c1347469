import type { LintedCluster } from './lint.js';
import { UsageError } from './usage-error.js';
import { apiServerOf, type WatchValues } from './watch-options.js';

/** Those of the command line that mean something only with `--cluster`. */
const OF_CLUSTER = ['all-namespaces', 'namespace', 'kubeconfig', 'server'] as const;
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

export interface LintClusterValues extends Pick<WatchValues, (typeof OF_CLUSTER)[number]> {
  readonly cluster?: boolean | undefined;
  readonly ignore?: readonly string[] | undefined;
}

/**
 * Undefined: it is files that are linted.
 *
 * @throws UsageError
 */
export function lintedCluster(
  paths: readonly string[],
  values: LintClusterValues,
): LintedCluster | undefined {
  if (values.cluster !== true) {
    const foreign = OF_CLUSTER.find(name => values[name] !== undefined);
    if (foreign !== undefined) throw new UsageError(`--${foreign} of lint goes with --cluster.`);
    return undefined;
  }
  const [path] = paths;
  if (path !== undefined)
    throw new UsageError(`lint reads files or, with --cluster, a cluster, not both; what is "${path}"?`);
  if (values.ignore !== undefined) throw new UsageError('--ignore is for files, not for --cluster.');
  const namespaces = [...new Set(values.namespace ?? [])];
  if (values['all-namespaces'] === true && namespaces.length > 0)
    throw new UsageError('--all-namespaces and --namespace exclude each other.');
  const wrong = namespaces.find(name => !NAMESPACE.test(name));
  if (wrong !== undefined)
    throw new UsageError(
      `--namespace is "${wrong}", expected the name of a namespace: lower case letters, digits and -`,
    );
  return { namespaces, ...apiServerOf(values) };
}
