// The public store: a MeterProvider over shared memory.
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { AggregationTemporalitySelector, ViewOptions } from '@opentelemetry/sdk-metrics';
import { meterOf, type BufferedMeter } from '../instruments/buffered-meter.js';
import type { MetricStore } from './store-interface.js';
import { BOUNDARIES_DEFAULT, LABEL_VALUE_LENGTH_DEFAULT } from '../limits.js';
import { attachCore, createCore, registerFacade, type StoreCore } from '../store/store-core.js';
import { readHandle, type StoreHandle } from '../store/store-handle.js';
import { checkObject, readOptions, type KeysOf } from '../guard/option-checks.js';
import type { Clock } from '../guard/guarded-clock.js';
import type { CardinalityReportOptions } from '../store/cardinality-reports.js';
import type { CardinalityReport } from '../store/definition/cardinality-report.js';
import {
  reportCardinality,
  reportStatistics,
  type CardinalitySummary,
  type StoreStatistics,
} from '../store/store-report.js';
import { flushReaders } from './flushing.js';
import { StoreMetricProducer } from './metric-producer.js';
import { toStoreViews } from './view.js';

/** Options of `createStore`. Sizes in bytes, times in milliseconds. */
export interface StoreOptions {
  /** false: one thread, no synchronisation cost. @defaultValue `true` */
  readonly shared?: boolean;
  /** The one memory budget, 64 KiB to 4 GiB. Untouched memory costs nothing. @defaultValue 256 MiB */
  readonly maxBytes?: number;
  /** Series, overflow series not counted. @defaultValue what a quarter of the budget holds */
  readonly maxSeries?: number;
  /** How many threads can be inside a record at one instant without sharing; not a limit on threads. @defaultValue max(4, 2 × cores), at most 16 */
  readonly stripes?: number;
  /** Instruments times Views. @defaultValue `1024` */
  readonly maxStreams?: number;
  /**
   * Boundaries of a histogram, 1 to 10,000; those that are advised, or in a View or a custom metric, come in any order. Too
   * many are an error, and such a histogram records nothing; the default ones always fit.
   * @defaultValue `256`
   */
  readonly maxBoundaries?: number;
  /**
   * Attributes of one record, 1 to 1000; own enumerable properties, those without a value not counted. More are cut, in the
   * caller's order and before a View sees them, and counted as `droppedAttributes`.
   * @defaultValue `128`
   */
  readonly maxAttributes?: number;
  /** Text of all labels and definitions together. @defaultValue a quarter of the budget */
  readonly maxLabelBytes?: number;
  /**
   * Characters of a label. A longer text or name is cut, and its end replaced by a hash of the whole, so that distinct
   * ones stay distinct; a list whose JSON is longer becomes that text, cut the same way. Each label that was cut counts as
   * `truncatedLabels`. A list with more items than this, or than 10,000, is left out.
   * @defaultValue `2048`
   */
  readonly maxLabelValueLength?: number;
  /**
   * Label sets that a thread finds without hashing: those that it recorded more than once lately, of all instruments together.
   * As many that were not used since are kept too; each half takes 2 KiB for a set at most. Sets with lists, or with more than 1024
   * characters, are not among them; 0: none is. Once sets are refused, 8 bytes more for each (64 KiB to 16 MiB) say which were.
   * @defaultValue `16384`
   */
  readonly handleCacheSize?: number;
  /** Distinct attribute sets of a stream, unless a View says otherwise. @defaultValue `2000` */
  readonly cardinalityLimit?: number;
  /**
   * After how long without a record a series leaves the collections and gives its place back; 0: never. Evaluated when
   * somebody collects. A record before the collection that leaves it out keeps the series; a later one begins it anew, at 0
   * and with a new start time. An up-down counter, a gauge that was last added to and a running clock never expire.
   * @defaultValue `0`
   */
  readonly seriesTtlMillis?: number;
  /** How long a collection waits for a writer that the operating system stopped inside a record. @defaultValue `1000` */
  readonly stallDeadlineMillis?: number;
  /** How long a collection waits for callbacks of observables, in whatever thread. @defaultValue `30000` */
  readonly callbackTimeoutMillis?: number;
  /** A delta reader idle for longer may lose its place to another one. @defaultValue `600000` */
  readonly readerLeaseMillis?: number;
  /**
   * The same objects as a MeterProvider's. Instruments of the store obey these; of custom metrics, limit, label policies,
   * seriesTtlMillis and drop apply.
   */
  readonly views?: readonly ViewOptions[];
  /** Used where no MeterProvider gives one. */
  readonly resource?: Resource;
  /**
   * The only source of time, in the thread that created the store. Must give finite Unix milliseconds; should it fail later,
   * the last time it gave goes on counting, with one warning.
   * @defaultValue `Date.now`
   */
  readonly clock?: Clock;
  /**
   * Constant attributes of what the creating thread records: each series has them, unless the caller gave another value of
   * that name. Cleaned, cut and seen by Views as those of a record. Custom metrics and `observeStore` do not have them, and
   * other threads do not inherit them: see {@link AttachStoreOptions.attributes}.
   */
  readonly attributes?: Attributes;
}

const STORE_KEYS: KeysOf<StoreOptions> = {
  shared: true,
  maxBytes: true,
  maxSeries: true,
  stripes: true,
  maxStreams: true,
  maxBoundaries: true,
  maxLabelBytes: true,
  maxAttributes: true,
  maxLabelValueLength: true,
  handleCacheSize: true,
  cardinalityLimit: true,
  seriesTtlMillis: true,
  stallDeadlineMillis: true,
  callbackTimeoutMillis: true,
  readerLeaseMillis: true,
  views: true,
  resource: true,
  clock: true,
  attributes: true,
};

/** Options of `attachStore`, for the thread that calls it. */
export interface AttachStoreOptions {
  /** Needed only if one of the store's Views has a function; then all of them, in the same order. */
  readonly views?: readonly ViewOptions[];
  /** See {@link StoreOptions.clock}. @defaultValue `Date.now` */
  readonly clock?: Clock;
  /**
   * Constant attributes of what this thread records, such as `{ 'thread.name': 'parser' }`; see
   * {@link StoreOptions.attributes}. They cost nothing on a record whose attributes were used before. Whoever attaches the
   * same thread again gives the same ones, or none.
   */
  readonly attributes?: Attributes;
}

export const ATTACH_KEYS: KeysOf<AttachStoreOptions> = { views: true, clock: true, attributes: true };

class StoreFacade implements MetricStore {
  readonly #core: StoreCore;

  constructor(core: StoreCore) {
    this.#core = core;
    registerFacade(this, core);
  }

  /** Used where no MeterProvider gives one. */
  get resource(): Resource | undefined {
    return resourceOf(this.#core);
  }

  get handle(): StoreHandle {
    return this.#core.handle;
  }

  getMeter(name: string, version?: string, options?: { schemaUrl?: string }): BufferedMeter {
    if (this.#core.hasEnded)
      this.#core.warn('getMeterAfterShutdown', 'getMeter() after shutdown(): what it records is ignored');
    return meterOf(this.#core, name, version, options);
  }

  metricProducer(options?: {
    aggregationTemporalitySelector?: AggregationTemporalitySelector;
    zeroStartMillis?: number;
  }): StoreMetricProducer {
    return new StoreMetricProducer(this.#core, options, this.resource);
  }

  cardinality(): CardinalitySummary {
    return reportCardinality(this.#core);
  }

  cardinalityReport(options: CardinalityReportOptions = {}): Promise<CardinalityReport> {
    return this.#core.cardinalityReports.get(options);
  }

  statistics(): StoreStatistics {
    return reportStatistics(this.#core);
  }

  forceFlush(): Promise<void> {
    return flushReaders(this.#core);
  }

  shutdown(): Promise<void> {
    this.#core.shutdown();
    return Promise.resolve();
  }
}

/** The resource that the store was created with, in this thread. */
export function resourceOf(core: StoreCore): Resource | undefined {
  return core.resource as Resource | undefined;
}

/**
 * Creates a store. Any thread.
 *
 * @throws MetricStoreError INVALID_OPTION, BUDGET_TOO_SMALL, MEMORY_UNAVAILABLE, WEBASSEMBLY_UNAVAILABLE
 * @example
 * const store = createStore();
 * store.getMeter('controller').createCounter('jobs').add(1, { phase: 'Succeeded' });
 */
export function createStore(options: StoreOptions = {}): MetricStore {
  return makeStore(readOptions('the options of createStore()', options, STORE_KEYS));
}

function makeStore(options: StoreOptions): MetricStore {
  if (options.resource !== undefined) checkObject('resource', options.resource);
  const { maxBoundaries = BOUNDARIES_DEFAULT, maxLabelValueLength = LABEL_VALUE_LENGTH_DEFAULT } = options;
  const views = toStoreViews(options.views, { maxBoundaries, maxLabelValueLength });
  const core = createCore({ ...options, views });
  core.resource = options.resource;
  return new StoreFacade(core);
}

/**
 * Attaches the calling thread to a store of another thread of the process. Attaching twice gives the same per-thread state.
 *
 * @throws MetricStoreError NOT_A_STORE_HANDLE, NOT_SHARED, HANDLE_CROSSED_PROCESS, LAYOUT_MISMATCH, VIEW_MISSING,
 * VIEWS_MISMATCH, INVALID_OPTION, WEBASSEMBLY_UNAVAILABLE
 */
export function attachStore(handle: StoreHandle, options: AttachStoreOptions = {}): MetricStore {
  const {
    views: given,
    clock,
    attributes,
  } = readOptions('the options of attachStore()', options, ATTACH_KEYS);
  const { layout, maxLabelValueLength } = readHandle(handle).options;
  const views =
    given === undefined
      ? undefined
      : toStoreViews(given, { maxBoundaries: layout.maxBoundaries, maxLabelValueLength });
  return new StoreFacade(attachCore(handle, { views, clock, attributes }));
}
