import { CustomMetrics } from '../argo/emit/custom-metrics.js';
import type { MetricsConfig } from '../argo/spec/metrics-spec.js';
import { startGatedEndpoint } from '../exposition/prometheus-endpoint.js';
import { keepAlive } from '../guard/deadline.js';
import { textOf } from '../guard/thrown.js';
import { ApiClient, type Access } from '../kubernetes/api-client.js';
import { ApiError } from '../kubernetes/api-error.js';
import { ListWatch } from '../kubernetes/list-watch.js';
import type { Failure } from '../kubernetes/retries.js';
import { limitViews } from '../otel/cardinality-limited-view.js';
import { createStore } from '../otel/metric-store.js';
import type { StoreReference } from '../store/store-handle.js';
import { monotonicMillis } from '../waiting.js';
import { ExitCode } from './exit-code.js';
import { readMetricsConfig } from './metrics-config-file.js';
import { printWatchConfig } from './print-watch-config.js';
import type { RunContext } from './run-context.js';
import { runTogether } from './run-together.js';
import { StateKeeper } from './state-keeper.js';
import { watchAccess } from './watch-access.js';
import type { WatchConfig } from './watch-config.js';
import { WatchLog } from './watch-log.js';
import { WatchMetrics } from './watch-metrics.js';
import type { WatchOptions } from './watch-options.js';
import { readWatchSetup } from './watch-setup.js';
import { WorkflowFeed } from './workflow-feed.js';

const API = '/apis/argoproj.io/v1alpha1';
const INSTANCE_ID = 'workflows.argoproj.io/controller-instanceid';

/** Watches the workflows of a cluster, and serves their custom metrics until it is told to end. */
export async function watch(
  options: WatchOptions & { readonly version: string },
  context: RunContext,
): Promise<ExitCode> {
  const { config, exitCode } = await readWatchSetup(options, context);
  if (config === undefined) return exitCode;
  if (options.printsConfig) {
    context.stdout.write(printWatchConfig(config));
    return ExitCode.ok;
  }
  const log = new WatchLog(context, config.log);
  const { metricsConfig, name: metricsConfigName } = await metricsConfigOf(config);
  const access = await watchAccess(options, context.env);
  const { cardinalityLimit, maxBytes, objectBytes } = config.limits;
  const client = new ApiClient(access, `otel-argo-metrics/${options.version}`, { objectBytes });
  const keeper = new StateKeeper(config, access.server, context.clock, log);
  const store = createStore({
    ...{ shared: false, clock: keeper.clock, cardinalityLimit, maxBytes },
    views: limitViews([], config.views),
  });
  const metrics = new WatchMetrics();
  metrics.observeStore(store);
  try {
    const customMetrics = new CustomMetrics({
      store,
      metricsConfig,
      // The others are returned by the observers, who know whose they are.
      onDiagnostic: diagnostic => {
        if (diagnostic.path.startsWith('metricsConfig')) log.diagnostic(metricsConfigName, diagnostic);
      },
    });
    metrics.observe({ emissions: () => customMetrics.target.counts.emissions });
    await serve({ config, context, log, access, client, keeper, store, customMetrics, metrics });
    return ExitCode.ok;
  } finally {
    client.close();
    await keepAlive(keeper.close());
    log.finish();
    await store.shutdown();
    await metrics.close();
  }
}

interface Watching {
  readonly config: WatchConfig;
  readonly context: RunContext;
  readonly log: WatchLog;
  readonly access: Access;
  readonly client: ApiClient;
  readonly keeper: StateKeeper;
  readonly store: StoreReference;
  readonly customMetrics: CustomMetrics;
  readonly metrics: WatchMetrics;
}

/** Until it is told to end. */
async function serve(watching: Watching): Promise<void> {
  const { access, config, context, customMetrics, keeper, log, metrics, store } = watching;
  const { host, port, zeroStartMillis } = config.endpoint;
  const { namespaces } = config;
  const feeds = (namespaces === 'all' ? [undefined] : namespaces).map(
    namespace => new WorkflowFeed(customMetrics, namespace, log, metrics, keeper.state),
  );
  metrics.observe({ workflows: () => workflowsOf(feeds) });
  // The address first: who cannot have it must not take the state from whoever has.
  const { mayBeShown } = observedState(keeper, metrics);
  const endpoint = await startGatedEndpoint(
    { store, host, port, targetInfo: false, zeroStartMillis, metricProducers: [metrics.producer()] },
    { opened: keeper.begun, mayBeShown },
  );
  try {
    log.say('info', `watching workflows at ${access.server.origin}, metrics at ${endpoint.url}`);
    const from = await keepAlive(keeper.begin({ store, customMetrics, observer: feeds[0]?.observer }));
    const ends = AbortSignal.any([context.signal, keeper.taken]);
    // Neither sockets nor timers of the library do.
    await keepAlive(
      runTogether(
        feeds.map(feed => end => watchOne(feed, watching, from, end)),
        ends,
      ),
    );
  } finally {
    await keepAlive(endpoint.shutdown());
  }
  keeper.throwIfTaken();
}

/** What is asked before anything is shown, with what is known of the disk then. */
function observedState(
  { state, mayBeShown }: StateKeeper,
  metrics: WatchMetrics,
): Pick<StateKeeper, 'mayBeShown'> {
  if (state === undefined || mayBeShown === undefined) return { mayBeShown };
  let durableAt = monotonicMillis();
  metrics.observe({
    state: () => ({ bytes: state.bytes, errors: state.errors, ageMillis: monotonicMillis() - durableAt }),
  });
  return {
    mayBeShown: async () => {
      const isDurable = await mayBeShown();
      if (isDurable) durableAt = monotonicMillis();
      return isDurable;
    },
  };
}

function workflowsOf(feeds: readonly WorkflowFeed[]): { running: number; finished: number } {
  const counts = feeds.map(({ observer }) => observer.count());
  const sumOf = (state: 'running' | 'finished'): number => counts.reduce((sum, each) => sum + each[state], 0);
  return { running: sumOf('running'), finished: sumOf('finished') };
}

/** @param from the version that everything was seen up to; undefined: it begins with a list */
async function watchOne(
  feed: WorkflowFeed,
  { client, config: { instanceId, limits }, log }: Watching,
  from: string | undefined,
  end: AbortSignal,
): Promise<void> {
  const { namespace, where } = feed;
  const path = `${API}${namespace === undefined ? '' : `/namespaces/${namespace}`}/workflows`;
  // The controller takes no others either.
  const labelSelector = instanceId === undefined ? `!${INSTANCE_ID}` : `${INSTANCE_ID}=${instanceId}`;
  const { pageSize } = limits;
  const onFailure = (failure: Failure): void => sayFailure(failure, where, log);
  try {
    await new ListWatch({ client, path, labelSelector, pageSize, from, target: feed, onFailure }).run(end);
  } catch (cause) {
    throw new Error(`workflows of ${where}: ${reasonOf(cause)}`, { cause });
  }
}

/** As it stands in the configuration, or in the file that this names. */
async function metricsConfigOf({
  metricsConfig,
}: WatchConfig): Promise<{ metricsConfig: MetricsConfig; name: string }> {
  if (metricsConfig === undefined) return { metricsConfig: {}, name: '' };
  if ('inline' in metricsConfig) return { metricsConfig: metricsConfig.inline, name: '' };
  const { file } = metricsConfig;
  return { metricsConfig: await readMetricsConfig(file), name: file };
}

function sayFailure({ verb, error, waitMillis }: Failure, where: string, log: WatchLog): void {
  const key = JSON.stringify([verb, where, error instanceof ApiError ? error.status : 0]);
  const seconds = Math.ceil(waitMillis / 1000);
  log.sayOnce(
    'warning',
    key,
    `${verb} of workflows of ${where}: ${reasonOf(error)}; tried again ${seconds === 0 ? 'at once' : `in ${seconds} s`}`,
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? reasonOfNode(error) : textOf(error);
  const hint =
    error.status === 403
      ? '. Does this account have the verbs list and watch on workflows.argoproj.io there?'
      : error.status === 404
        ? '. Are the CRDs of Argo Workflows installed?'
        : '';
  return `${error.message}${hint}`;
}

function reasonOfNode({ message, name, code }: Error & { readonly code?: string }): string {
  if (code === 'ECONNRESET') return 'the connection broke';
  // Of a host with several addresses Node says nothing but the code.
  return message || code || name;
}
