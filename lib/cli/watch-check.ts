// `watch --check`: whether what the command needs is there, each thing tried once, as it will be asked for.
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { textAt } from '../guard/json-value.js';
import { textOf } from '../guard/thrown.js';
import type { ApiClient } from '../kubernetes/api-client.js';
import { ApiError } from '../kubernetes/api-error.js';
import { ListPage } from '../kubernetes/list-page.js';
import { ObjectWatch } from '../kubernetes/object-watch.js';
import type { Failure } from '../kubernetes/retries.js';
import type { ConfigMapName } from './config/metrics-config-type.js';
import { ExitCode } from './exit-code.js';
import { metricsConfigOfConfigMap, readMetricsConfig } from './metrics-config-file.js';
import { printable } from './printable-text.js';
import type { RunContext } from './run-context.js';
import type { WatchConfig } from './watch-config.js';
import { pathOf, reasonOf, selectorOf } from './workflows-request.js';

/** One thing that is needed. */
interface Need {
  readonly what: string;
  /** Rejects when it is not there. */
  readonly attempt: (signal: AbortSignal) => Promise<unknown>;
  /** What an API server has to allow for it; undefined: it is not asked. */
  readonly right?: Right;
}

interface Right {
  readonly verb: string;
  readonly resource: string;
  /** Undefined: of all of them. */
  readonly namespace: string | undefined;
}

const RESOURCE = 'workflows.argoproj.io';
/** A watch that is answered is ended at once. */
const ANSWER_MILLIS = 30_000;

/** Says of each thing whether it is there, on the standard output, and ends with 0 when all are. */
export async function checkWatch(
  config: WatchConfig,
  client: ApiClient,
  { stdout, signal }: Pick<RunContext, 'stdout' | 'signal'>,
): Promise<ExitCode> {
  let isAllThere = true;
  // Beside each other: each may take as long as a server that does not answer.
  const needs = needsOf(config, client);
  const outcomes = needs.map(async need => problemOf(need, signal));
  for (const [index, { what }] of needs.entries()) {
    const problem = await outcomes[index];
    isAllThere &&= problem === undefined;
    stdout.write(`${problem === undefined ? 'ok    ' : 'failed'} ${printable(`${what}${problem ?? ''}`)}\n`);
  }
  return isAllThere ? ExitCode.ok : ExitCode.failed;
}

/** All that the configuration asks for. */
function needsOf({ namespaces, instanceId, metricsConfig, state }: WatchConfig, client: ApiClient): Need[] {
  const needs = (namespaces === 'all' ? [undefined] : namespaces).flatMap(namespace =>
    needsOfNamespace(namespace, selectorOf(instanceId), client),
  );
  if (metricsConfig !== undefined && 'file' in metricsConfig) {
    const { file } = metricsConfig;
    needs.push({ what: `metricsConfig in ${file}`, attempt: () => readMetricsConfig(file) });
  }
  if (metricsConfig !== undefined && 'configMap' in metricsConfig)
    for (const need of needsOfConfigMap(metricsConfig.configMap, client)) needs.push(need);
  const { dir } = state;
  if (dir !== undefined) needs.push({ what: `state in ${dir}`, attempt: () => tryFolder(dir) });
  return needs;
}

function needsOfNamespace(namespace: string | undefined, labelSelector: string, client: ApiClient): Need[] {
  const urlOf = (parameters: Readonly<Record<string, string>>): string =>
    `${pathOf(namespace)}?${new URLSearchParams({ ...parameters, labelSelector }).toString()}`;
  const needOf = (verb: string, attempt: Need['attempt']): Need => {
    const where = namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
    return {
      what: `${verb} ${RESOURCE} of ${where}`,
      attempt,
      right: { verb, resource: RESOURCE, namespace },
    };
  };
  return [
    needOf('list', signal => tryList(client, urlOf({ limit: '1' }), signal)),
    needOf('watch', signal => tryWatch(client, urlOf({ watch: '1', timeoutSeconds: '1' }), signal)),
  ];
}

function needsOfConfigMap({ namespace, name }: ConfigMapName, client: ApiClient): Need[] {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const query = new URLSearchParams({
    ...{ watch: '1', timeoutSeconds: '1' },
    fieldSelector: `metadata.name=${name}`,
  });
  const needOf = (verb: string, attempt: Need['attempt']): Need => ({
    what: `${verb} configmaps ${name} of namespace ${namespace}`,
    attempt,
    right: { verb, resource: 'configmaps', namespace },
  });
  return [
    needOf('get', signal => tryConfigMap(client, { path, name }, signal)),
    needOf('watch', signal => tryWatch(client, `${path}?${query.toString()}`, signal)),
  ];
}

/** Behind what is needed; undefined: it is there. */
async function problemOf({ attempt, right }: Need, signal: AbortSignal): Promise<string | undefined> {
  try {
    await attempt(signal);
    return undefined;
  } catch (error) {
    const isForbidden = error instanceof ApiError && error.status === 403;
    if (right === undefined || !isForbidden) {
      const isOfWorkflows = !(error instanceof ApiError) || right?.resource === RESOURCE;
      return `: ${isOfWorkflows ? reasonOf(error) : error.message}`;
    }
    const { verb, resource, namespace } = right;
    const role = namespace === undefined ? 'a ClusterRole' : `a Role in namespace ${namespace}`;
    return `: ${error.message}. What lacks is the verb ${verb} on ${resource} in ${role} that is bound to this account`;
  }
}

async function tryList(client: ApiClient, url: string, signal: AbortSignal): Promise<void> {
  const page = new ListPage(client.limits.objectBytes);
  for await (const piece of client.page(url, signal)) page.push(piece);
  if (!textAt(page.end(), 'kind').endsWith('List')) throw new Error('the answer is no list of Kubernetes');
}

async function tryConfigMap(
  client: ApiClient,
  of: { readonly path: string; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const answer = { retried: undefined as unknown };
  const end = new AbortController();
  const endAll = (): void => end.abort();
  signal.addEventListener('abort', endAll);
  const onFailure = ({ error }: Failure): void => {
    answer.retried = error;
    end.abort();
  };
  try {
    const object = await new ObjectWatch({ client, ...of, onFailure }).read(end.signal);
    metricsConfigOfConfigMap(object, `configmaps ${of.name}`);
  } catch (error) {
    throw answer.retried ?? error;
  } finally {
    signal.removeEventListener('abort', endAll);
  }
}

/** Its answer is enough: it may be long before something comes. */
async function tryWatch(client: ApiClient, url: string, signal: AbortSignal): Promise<void> {
  const end = new AbortController();
  let isAnswered = false;
  const answered = (): void => {
    isAnswered = true;
    end.abort();
  };
  const endAll = (): void => end.abort();
  signal.addEventListener('abort', endAll);
  if (signal.aborted) endAll();
  try {
    for await (const piece of client.stream(url, ANSWER_MILLIS, end.signal, answered)) void piece;
  } catch (error) {
    if (!isAnswered) throw error;
  } finally {
    signal.removeEventListener('abort', endAll);
  }
}

/** What is made is taken away again: who has the state does not notice. */
async function tryFolder(dir: string): Promise<void> {
  const made = await mkdtemp(join(await existing(resolve(dir)), '.check-'));
  try {
    const file = await open(join(made, 'file'), 'wx');
    try {
      await file.write('x');
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** The folder, or the one that it would be made in. */
async function existing(dir: string): Promise<string> {
  try {
    const found = await stat(dir);
    if (!found.isDirectory()) throw new Error(`${dir} is no folder`);
    return dir;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing || dirname(dir) === dir) throw error instanceof Error ? error : new Error(textOf(error));
    return existing(dirname(dir));
  }
}
