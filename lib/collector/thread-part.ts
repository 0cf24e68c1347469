// What runs in the collector thread: a reader with the exporter, and the endpoint, on a store of another thread. It needs that
// thread for a place of deltas when it begins, and for nothing without which it could not go on: so it does while the other one
// is busy for as long as it likes.
import type { MessagePort } from 'node:worker_threads';
import type { DiagLogger, DiagLogFunction } from '@opentelemetry/api';
import { keepAlive } from '../guard/deadline.js';
import { diag, sayThrough } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import { startPrometheusEndpoint, type PrometheusEndpoint } from '../exposition/prometheus-endpoint.js';
import { CollectorState } from '../memory/collector-state.js';
import { DoubleBufferedMetricReader } from '../otel/double-buffered-metric-reader.js';
import { HostProducer } from '../otel/host-producer.js';
import { attachStore } from '../otel/metric-store.js';
import { ReaderProducers } from '../otel/reader-producers.js';
import { ReaderSelection } from '../otel/reader-selection.js';
import type { MetricStore } from '../otel/store-interface.js';
import { exposeReader, type StoreMetricReader } from '../producers/exposed-reader.js';
import { cloneable } from '../producers/metric-pieces.js';
import { plainResource } from '../producers/resource.js';
import { attachCore, type StoreCore } from '../store/store-core.js';
import { readHandle, viewWithoutFunctions } from '../store/store-handle.js';
import type { View } from '../store/definition/view.js';
import {
  COLLECTOR_TAG,
  received,
  sendable,
  type ExporterSetting,
  type FromThread,
  type ThreadData,
  type ToThread,
} from './collector-messages.js';
import { loadExporter } from './exporter-module.js';
import { printSynchronously } from './printed-text.js';

/** Characters of what is said to the other thread's log. */
const SAID_MAX = 4000;

/** Whether a thread was started to be a collector thread. */
export function isThreadData(data: unknown): data is ThreadData {
  return (
    typeof data === 'object' && data !== null && (data as { tag?: unknown }).tag === (COLLECTOR_TAG as string)
  );
}

/** Never rejects: what fails is told to the other thread, and ends this one. */
export async function runCollectorThread(data: ThreadData): Promise<void> {
  const { port } = data;
  printSynchronously();
  sayThrough(loggerTo(port));
  const thread = new ThreadPart(data);
  port.on('message', (message: ToThread) => void thread.receive(message));
  try {
    port.postMessage({ type: 'ready', ...(await thread.begin()) } satisfies FromThread);
  } catch (error) {
    port.postMessage({ type: 'failed', error: sendable(error) } satisfies FromThread);
    process.exit(1);
  }
}

class ThreadPart {
  readonly #data: ThreadData;
  readonly #state: CollectorState;
  readonly #host: HostProducer;
  #core: StoreCore | undefined;
  #selection: ReaderSelection | undefined;
  #reader: DoubleBufferedMetricReader | undefined;
  #endpoint: PrometheusEndpoint | undefined;
  #onLease: ((message: ToThread & { type: 'lease' | 'refused' }) => void) | undefined;
  #onBegun: (() => void) | undefined;
  /** Never, if it fails: the thread ends then. */
  readonly #begun = new Promise<void>(resolve => (this.#onBegun = resolve));

  constructor(data: ThreadData) {
    this.#data = data;
    this.#state = new CollectorState(data.state);
    const { isThere, maxAgeMillis, resource } = data.host;
    this.#host = new HostProducer({
      isThere,
      maxAgeMillis,
      resource: plainResource(resource ?? data.resource),
      timeoutMillis: readHandle(data.handle).options.callbackTimeoutMillis,
      ask: (id, timeoutMillis) => this.#post({ type: 'wantsHost', id, timeoutMillis }),
    });
  }

  /** Returns where the endpoint is, if there is one, and what the exporter wishes for. */
  async begin(): Promise<Omit<FromThread & { type: 'ready' }, 'type'>> {
    const { handle, resource, prometheus, exporter, life, host } = this.#data;
    this.#core = attachCore(handle, { views: viewsWithoutFunctions(handle) });
    this.#core.resource = plainResource(resource);
    const store = attachStore(handle);
    // A first answer, before somebody collects while the other thread is busy again.
    if (host.isThere) void this.#host.collect();
    if (exporter !== undefined) this.#reader = await this.#openReader(store, exporter);
    if (prometheus !== undefined)
      this.#endpoint = await startPrometheusEndpoint({ ...prometheus, reader: this.#exposed(store) });
    this.#state.begin(life);
    this.#onBegun?.();
    const aggregations = cloneable(this.#selection?.aggregations) as Record<string, unknown> | undefined;
    return { url: this.#endpoint?.url, aggregations };
  }

  async receive(message: ToThread): Promise<void> {
    switch (message.type) {
      case 'lease':
      case 'refused':
        return this.#onLease?.(message);
      case 'host':
        return this.#tellHost(message.isThere);
      case 'hostPiece':
        return this.#host.take(message.id, message.piece);
      case 'hostEnd': {
        const errors = message.answer.errors.map(error => received(error, 'CALLBACK_FAILED'));
        return this.#host.end({ ...message.answer, errors });
      }
      case 'flush':
        return this.#answer(message.id, async () => this.#reader?.forceFlush());
      case 'shutdown':
        return this.#answer(message.id, () => this.#shutdown());
      case 'end':
        return this.#end(message);
    }
  }

  async #openReader(store: MetricStore, setting: ExporterSetting): Promise<DoubleBufferedMetricReader> {
    const exporter = await loadExporter(setting);
    this.#selection = new ReaderSelection({ exporter });
    if (this.#core !== undefined && this.#selection.hasDelta) {
      const token = this.#data.lease ?? (await this.#askForLease());
      this.#core.heldLease = { token, notes: this.#state };
    }
    const reader = new DoubleBufferedMetricReader({ ...setting.times, store, exporter });
    // The MeterProvider of the other thread takes the place of one of this thread.
    reader.setMetricProducer(this.#host);
    return reader;
  }

  /** What the endpoint shows: totals, also where the exporter's reader has deltas of the store. */
  #exposed(store: MetricStore): StoreMetricReader {
    const producers = new ReaderProducers([], false);
    producers.register(this.#host);
    const reader = { store, collect: () => this.#host.collect() };
    exposeReader(reader, producers.provide);
    return reader;
  }

  #tellHost(isThere: boolean): void {
    this.#host.tell(isThere);
    if (isThere && this.#selection?.hasDelta === true)
      diag.warn(
        'otel-argo-metrics: the exporter asks for deltas. It gets those of the store; instruments of the MeterProvider that has ' +
          'collector.reader are exported as totals (cumulative)',
      );
  }

  /** The place of deltas belongs to the other thread, so that it is there for the next one when this thread has ended. */
  #askForLease(): Promise<ThreadData['lease'] & object> {
    return new Promise((resolve, reject) => {
      this.#onLease = message => {
        if (message.type === 'lease') resolve(message.token);
        else reject(received(message.error, 'COLLECTOR_FAILED'));
      };
      this.#post({ type: 'wantsLease' });
    });
  }

  async #answer(id: number, work: () => Promise<void>): Promise<void> {
    let failure: unknown;
    await this.#begun;
    try {
      await work();
    } catch (error) {
      failure = error ?? 'nothing';
    }
    this.#post({ type: 'done', id, error: failure === undefined ? undefined : sendable(failure) });
  }

  /** Both, whatever fails. */
  async #shutdown(): Promise<void> {
    const ends = [this.#reader?.shutdown(), this.#endpoint?.shutdown()].map(end => end ?? Promise.resolve());
    for (const result of await Promise.allSettled(ends))
      if (result.status === 'rejected') throw result.reason;
  }

  /** The other thread is blocked until this is done, so nobody else is asked for anything. */
  async #end({ request, timeoutMillis, isLast }: ToThread & { type: 'end' }): Promise<void> {
    // It may have come while the exporter was being loaded.
    await this.#begun;
    const asked = [this.#core?.observers, this.#host];
    for (const one of asked) one?.silence();
    try {
      const limit = { timeoutMillis };
      await keepAlive(
        (isLast ? this.#reader?.shutdown(limit) : this.#reader?.forceFlush(limit)) ?? Promise.resolve(),
      );
    } catch (error) {
      diag.error('otel-argo-metrics: the last export, at the end of the process, failed', textOf(error));
    } finally {
      if (!isLast) for (const one of asked) one?.resume();
      this.#state.flushed(request);
    }
  }

  #post(message: FromThread): void {
    this.#data.port.postMessage(message);
  }
}

/** A handle cannot carry functions of Views. Who records needs them; who collects does not. */
function viewsWithoutFunctions(handle: unknown): View[] {
  return readHandle(handle).views.map(viewWithoutFunctions);
}

/** What this thread says goes into the log of the thread that started it. */
function loggerTo(port: MessagePort): DiagLogger {
  const to =
    (level: keyof DiagLogger): DiagLogFunction =>
    (message, ...details) => {
      const text = [message, ...details].map(textOf).join(' ').slice(0, SAID_MAX);
      port.postMessage({ type: 'said', level, text } satisfies FromThread);
    };
  return {
    error: to('error'),
    warn: to('warn'),
    info: to('info'),
    debug: to('debug'),
    verbose: to('verbose'),
  };
}
