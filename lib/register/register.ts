// `node --import otel-argo-metrics/register`: one store for the process is the global MeterProvider of each of its threads. The first
// thread makes it, and starts what shows it when somebody wants a meter: a parent like npm, which has this file preloaded too,
// wants none, and then listens to nothing. Worker threads inherit it.
import {
  BroadcastChannel,
  getEnvironmentData,
  isMainThread,
  receiveMessageOnPort,
  setEnvironmentData,
} from 'node:worker_threads';
import { DiagConsoleLogger, metrics } from '@opentelemetry/api';
import { actBeforeSignal, atProcessEnd } from '../collector/process-end.js';
import type { ThreadKeeper } from '../collector/thread-keeper.js';
import { keepAlive } from '../guard/deadline.js';
import { diag, sayThrough } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import { inheritedStore, shareWithWorkers } from '../otel/inherited-store.js';
import { createStore } from '../otel/metric-store.js';
import { observeProcess } from '../otel/observe-process.js';
import type { MetricStore } from '../otel/store-interface.js';
import { plainResource } from '../producers/resource.js';
import { isSet } from './api-globals.js';
import { beforeEndingSignals } from './ending-signals.js';
import { Environment } from './environment.js';
import { startExporterThreads } from './exporter-threads.js';
import { hideExporter } from './hidden-exporter.js';
import { RegisteredProvider, type Registration } from './registered-provider.js';
import { RuntimeInstrumentation } from './runtime-instrumentation.js';
import { readSettings, type Settings } from './settings.js';

const KEY = Symbol.for('otel-argo-metrics.registered');

/** On which a thread says that it wants a meter. */
const CHANNEL = 'otel-argo-metrics.wanted';

/** In the data of worker threads: a thread before them has said why there are no metrics. */
const GIVEN_UP = 'otel-argo-metrics.given-up';

/** Once in a thread, whatever form of the package is preloaded how often. Never throws: what is wrong is said, and the application runs without metrics. */
export function register(): void {
  const shared = globalThis as { [KEY]?: true };
  if (shared[KEY] || getEnvironmentData(GIVEN_UP) === true) return;
  shared[KEY] = true;
  const environment = new Environment(process.env);
  if (environment.flag('OTEL_SDK_DISABLED')) return;
  const settings = readSettings(environment);
  if (!isSet('diag')) sayThrough(new DiagConsoleLogger(), settings.logLevel);
  try {
    begin(environment, settings);
  } catch (error) {
    setEnvironmentData(GIVEN_UP, true);
    diag.error(`otel-argo-metrics: there are no metrics: ${textOf(error)}`);
  }
}

function begin(environment: Environment, settings: Settings): void {
  if (isSet('metrics'))
    throw new Error(
      'another MeterProvider is the global one already: preload otel-argo-metrics/register before whatever sets it',
    );
  const inherited = inheritedStore();
  const isFirst = isMainThread || inherited === undefined;
  if (isFirst) for (const warning of environment.warnings) diag.warn(`otel-argo-metrics: ${warning}`);
  const store = inherited ?? createStore({ resource: plainResource(settings.resource) });
  const registration = isFirst ? new FirstThread(store, settings) : new OtherThread();
  if (!metrics.setGlobalMeterProvider(new RegisteredProvider(store, registration)))
    throw new Error('@opentelemetry/api does not take a MeterProvider');
  if (inherited === undefined) shareWithWorkers(store);
  hideExporter();
  registration.begin();
}

/** Shows what all threads record. */
class FirstThread implements Registration {
  readonly #store: MetricStore;
  readonly #settings: Settings;
  readonly #runtime = new RuntimeInstrumentation();
  #channel: BroadcastChannel | undefined;
  #forgetEnd: (() => void) | undefined;
  #keepers: ThreadKeeper[] | undefined;

  constructor(store: MetricStore, settings: Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  begin(): void {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => this.wanted('');
    (channel as unknown as { unref(): void }).unref();
    this.#channel = channel;
    // A thread may have said so in vain: this one was busy, and is at its end now.
    const begin = (): void => {
      if (receiveMessageOnPort(channel as never) !== undefined) this.wanted('');
    };
    this.#forgetEnd = atProcessEnd({ begin, finish: () => undefined });
  }

  wanted(meterName: string): void {
    this.#runtime.noteMeter(meterName);
    if (this.#keepers !== undefined) return;
    this.#keepers = [];
    this.#channel?.close();
    this.#keepers = startExporterThreads(this.#store, this.#settings);
    this.#forgetEnd?.();
    if (isMainThread && this.#settings.exporters.some(name => name !== 'prometheus'))
      beforeEndingSignals(actBeforeSignal);
    observeProcess({ store: this.#store });
    if (this.#settings.runtime) this.#runtime.turnOn(metrics.getMeterProvider());
  }

  async forceFlush(): Promise<void> {
    await keepAlive(Promise.all((this.#keepers ?? []).map(keeper => keeper.call('flush'))));
  }

  async shutdown(): Promise<void> {
    this.#channel?.close();
    this.#forgetEnd?.();
    const keepers = this.#keepers ?? [];
    this.#keepers = [];
    await keepAlive(Promise.all(keepers.map(keeper => keeper.shutdown())));
  }
}

/** Records, and has the first thread begin. */
class OtherThread implements Registration {
  #isWanted = false;

  begin(): void {
    // Nothing to do before somebody wants a meter.
  }

  wanted(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage('');
    channel.close();
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
