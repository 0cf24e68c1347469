// What `watch` says about itself. It stands in a store of its own: no View and no limit of the user's applies to it, it is in no
// journal, and begins at 0 with each process. Parts of `watch` count here, or say where a number is to be had. Of a part that
// does neither, nothing is shown.
import type { BatchObservableResult, Observable } from '@opentelemetry/api';
import { createStore } from '../otel/metric-store.js';
import { observeStore } from '../otel/observe-store.js';
import type { MetricStore } from '../otel/store-interface.js';
import { MEBIBYTE } from '../limits.js';
import type { MetricProducer } from '../producers/metric-producers.js';
import {
  WATCH_FIGURES,
  type ReconnectReason,
  type WatchCounts,
  type WatchFigure,
  type WatchSources,
} from './watch-figures.js';

/** The scope of the metrics, and what their names begin with: the same for who asks for names in UTF-8, as Prometheus 3 does. */
const SCOPE = 'otel-argo-metrics';
const PREFIX = 'otel_argo_metrics_';

/** Templates that are told apart. What comes after them counts for `other`. */
const TEMPLATES_MAX = 500;
const OTHER_TEMPLATE = 'other';
/** Of one metric: all templates with all codes. Nothing of it takes a place of the store. */
const POINTS_MAX = 50_000;

export class WatchMetrics {
  readonly #store: MetricStore;
  readonly #templates = new Set<string>();
  #sources: WatchSources = {};
  readonly #counts: WatchCounts = {
    events: new Map(['ADDED', 'MODIFIED', 'DELETED'].map(type => [type, 0])),
    reconnects: new Map(),
    relists: 0,
    diagnostics: new Map(),
    isReloaded: undefined,
  };

  constructor() {
    this.#store = createStore({
      ...{ shared: false, stripes: 1, maxBytes: 4 * MEBIBYTE, cardinalityLimit: POINTS_MAX },
    });
    const meter = this.#store.getMeter(SCOPE);
    const observables = WATCH_FIGURES.map(figure => this.#create(figure));
    meter.addBatchObservableCallback(result => this.#report(result, observables), observables);
  }

  /** Takes over where numbers are to be had, beside those that were said before. */
  observe(sources: WatchSources): void {
    this.#sources = { ...this.#sources, ...sources };
  }

  /** The store of the custom metrics, as `observeStore` says it. */
  observeStore(store: MetricStore): void {
    observeStore({ store, meter: this.#store.getMeter(SCOPE), name: 'otel_argo_metrics.watch' });
  }

  /** One for each who collects. */
  producer(): MetricProducer {
    return this.#store.metricProducer();
  }

  close(): Promise<void> {
    return this.#store.shutdown();
  }

  event(type: 'ADDED' | 'MODIFIED' | 'DELETED'): void {
    add(this.#counts.events, type);
  }

  /** A watch ended, and is begun again. */
  reconnected(reason: ReconnectReason): void {
    add(this.#counts.reconnects, reason);
  }

  /** A list follows a gap in the history. */
  relisted(): void {
    this.#counts.relists++;
  }

  /** @param template what the workflow was made of */
  diagnostic(code: string, template: string): void {
    const known = this.#templates;
    if (known.size < TEMPLATES_MAX) known.add(template);
    const { diagnostics } = this.#counts;
    const byTemplate = diagnostics.get(code) ?? new Map<string, number>();
    diagnostics.set(code, byTemplate);
    add(byTemplate, known.has(template) ? template : OTHER_TEMPLATE);
  }

  /** Whether the configuration that was read last is the one in use. */
  configReloaded(isSuccess: boolean): void {
    this.#counts.isReloaded = isSuccess;
  }

  #create({ name, kind, unit, description }: WatchFigure): Observable {
    const meter = this.#store.getMeter(SCOPE);
    const options = { unit, description };
    return kind === 'counter'
      ? meter.createObservableCounter(`${PREFIX}${name}`, options)
      : meter.createObservableGauge(`${PREFIX}${name}`, options);
  }

  #report(result: BatchObservableResult, observables: readonly Observable[]): void {
    for (const [index, { points }] of WATCH_FIGURES.entries())
      for (const [value, attributes] of points(this.#counts, this.#sources))
        result.observe(observables[index] as Observable, value, attributes);
  }
}

function add<Key>(counts: Map<Key, number>, key: Key, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
