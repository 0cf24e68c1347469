import { CustomMetrics } from '../argo/emit/custom-metrics.js';
import { WorkflowParser } from '../argo/workflow/written-workflow.js';
import { startGatedEndpoint } from '../exposition/prometheus-endpoint.js';
import { keepAlive } from '../guard/deadline.js';
import { ApiClient, type Access } from '../kubernetes/api-client.js';
import { ApiError } from '../kubernetes/api-error.js';
import { ListWatch, type ListWatchStep } from '../kubernetes/list-watch.js';
import type { Failure } from '../kubernetes/retries.js';
import { limitViews } from '../otel/cardinality-limited-view.js';
import { createStore } from '../otel/metric-store.js';
import type { MetricStore } from '../otel/store-interface.js';
import { monotonicMillis } from '../waiting.js';
import { ConfigReload } from './config-reload.js';
import { ExitCode } from './exit-code.js';
import { OtlpExport } from './otlp-export.js';
import { printWatchConfig } from './print-watch-config.js';
import type { RunContext } from './run-context.js';
import { reconnectReasonOf } from './reconnect-reason.js';
import { runTogether } from './run-together.js';
import { StateKeeper } from './state-keeper.js';
import { watchAccess } from './watch-access.js';
import { checkWatch } from './watch-check.js';
import type { WatchConfig } from './watch-config.js';
import { WatchHealth, type WatchPulse } from './watch-health.js';
import { WatchLog } from './watch-log.js';
import { WatchMetrics } from './watch-metrics.js';
import type { WatchOptions } from './watch-options.js';
import { readWatchSetup } from './watch-setup.js';
import { WorkflowFeed } from './workflow-feed.js';
import { pathOf, reasonOf, selectorOf } from './workflows-request.js';

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
  const otlp = await keepAlive(OtlpExport.make(config, context, log));
  const access = await watchAccess(options, context.env);
  const { cardinalityLimit, maxBytes, objectBytes } = config.limits;
  const client = new ApiClient(access, `otel-argo-metrics/${options.version}`, { objectBytes });
  if (options.isCheck)
    try {
      return await keepAlive(checkWatch(config, client, context));
    } finally {
      client.close();
    }
  const reload = await keepAlive(ConfigReload.begin({ config, options, context, client, log }));
  const keeper = new StateKeeper(config, access.server, context.clock, log);
  const store = createStore({
    ...{ shared: false, clock: keeper.clock, cardinalityLimit, maxBytes },
    views: limitViews([], config.views),
    ...(otlp !== undefined && { resource: otlp.resource }),
  });
  const metrics = new WatchMetrics();
  metrics.observeStore(store);
  try {
    const customMetrics = new CustomMetrics({
      store,
      metricsConfig: reload.metricsConfig,
      // The others are returned by the observers, who know whose they are.
      onDiagnostic: diagnostic => {
        if (diagnostic.path.startsWith('metricsConfig')) log.diagnostic(reload.metricsConfigName, diagnostic);
      },
    });
    metrics.observe({ emissions: () => customMetrics.target.counts.emissions });
    await serve({
      config,
      context,
      log,
      access,
      client,
      keeper,
      store,
      customMetrics,
      metrics,
      reload,
      otlp,
      // One for all namespaces: they may have the same templates.
      parser: new WorkflowParser(),
    });
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
  readonly store: MetricStore;
  readonly customMetrics: CustomMetrics;
  readonly metrics: WatchMetrics;
  readonly reload: ConfigReload;
  readonly otlp: OtlpExport | undefined;
  readonly parser: WorkflowParser;
}

/** Until it is told to end. */
async function serve(watching: Watching): Promise<void> {
  const { access, config, context, customMetrics, keeper, log, metrics, otlp, reload, store } = watching;
  const { host, port, zeroStartMillis } = config.endpoint;
  const { namespaces } = config;
  const feeds = (namespaces === 'all' ? [undefined] : namespaces).map(
    namespace => new WorkflowFeed(customMetrics, namespace, log, metrics, keeper.state),
  );
  for (const { observer } of feeds) observer.keepFinished(config.limits.finishedKept);
  metrics.observe({
    workflows: () => workflowsOf(feeds),
    forgotten: () => sumOf(feeds, ({ observer }) => observer.forgotten),
    lost: () => sumOf(feeds, ({ observer }) => observer.lost),
  });
  // The address first: who cannot have it must not take the state from whoever has.
  const { mayBeShown } = observedState(keeper, metrics);
  const health = new WatchHealth();
  metrics.observe({ isReady: () => health.unreadyReason() === undefined, lagMillis: () => health.lagMillis });
  const checks = new Map([
    ['/healthz', health.stillReason],
    ['/readyz', health.unreadyReason],
  ]);
  const endpoint = await startGatedEndpoint(
    { store, host, port, targetInfo: false, zeroStartMillis, metricProducers: [metrics.producer()] },
    { opened: keeper.begun, mayBeShown, checks },
  );
  try {
    log.say('info', `watching workflows at ${access.server.origin}, metrics at ${endpoint.url}`);
    const from = await keepAlive(keeper.begin({ store, customMetrics, observer: feeds[0]?.observer }));
    otlp?.begin({ store, metricProducers: [metrics.producer()], mayBeShown });
    const ends = AbortSignal.any([context.signal, keeper.taken]);
    const places = feeds.map(({ where }) => where);
    const pulses = health.begin(places, [context.signal, keeper.taken]);
    // Neither sockets nor timers of the library do.
    await keepAlive(
      runTogether(
        [
          ...feeds.map(
            (feed, index) => (end: AbortSignal) =>
              watchOne(feed, watching, { from, pulse: pulses[index] }, end),
          ),
          end => reload.run(watching, end),
        ],
        ends,
      ),
    );
  } finally {
    await keepAlive(Promise.all([endpoint.shutdown(), otlp?.shutdown()]));
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
  return {
    running: sumOf(feeds, ({ observer }) => observer.count().running),
    finished: sumOf(feeds, ({ observer }) => observer.count().finished),
  };
}

function sumOf(feeds: readonly WorkflowFeed[], numberOf: (feed: WorkflowFeed) => number): number {
  return feeds.reduce((sum, feed) => sum + numberOf(feed), 0);
}

/** @param from the version that everything was seen up to; undefined: it begins with a list */
async function watchOne(
  feed: WorkflowFeed,
  { client, config: { instanceId, limits }, log, metrics, parser }: Watching,
  { from, pulse }: { from: string | undefined; pulse: WatchPulse | undefined },
  end: AbortSignal,
): Promise<void> {
  const { namespace, where } = feed;
  const labelSelector = selectorOf(instanceId);
  const { pageSize } = limits;
  const onFailure = (failure: Failure): void => sayFailure(failure, where, log);
  const onStep = (step: ListWatchStep): void => {
    pulse?.step(step);
    if (step.kind === 'gap') metrics.relisted();
    else if (step.kind === 'disconnected') metrics.reconnected(reconnectReasonOf(step.error));
  };
  const parse = (bytes: Buffer): unknown => parser.parse(bytes);
  const told = { target: feed, parse, onFailure, onStep };
  try {
    await new ListWatch({ client, path: pathOf(namespace), labelSelector, pageSize, from, ...told }).run(end);
  } catch (cause) {
    throw new Error(`workflows of ${where}: ${reasonOf(cause)}`, { cause });
  }
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
