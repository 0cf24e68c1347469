// A store as one thread has it: the shared memory and everything that stands on it. One per thread and store, whichever
// copy of this package asks; the facade, the meters, the readers and the custom metrics of that thread share it.
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { DiagLogger } from '@opentelemetry/api';
import { MetricStoreError } from '../errors.js';
import { endRecording, hasEnded, Recorder } from '../memory/recorder.js';
import { attachRegion, createRegion, type Region } from '../memory/region.js';
import { count, type StatisticName } from '../memory/statistics.js';
import { Swap } from '../memory/swap.js';
import { BoundedMap } from '../guard/bounded-map.js';
import { checkClock, GuardedClock, SYSTEM_CLOCK, type Clock } from '../guard/guarded-clock.js';
import { AttributeReader, canonicalizeLabels, type Labels } from './series/attributes.js';
import { readConstants } from './record/constant-attributes.js';
import { CardinalityReports } from './cardinality-reports.js';
import { CutQueue } from './collect/cut-queue.js';
import { diag } from '../guard/guarded-diag.js';
import { CacheGenerations } from './record/handle-cache.js';
import type { HeldLease } from './collect/delta-reader.js';
import { Observers } from './collect/observers.js';
import { ownValues, refuseOption } from '../guard/option-checks.js';
import { SeriesCatalog } from './series/series-catalog.js';
import { resolveOptions, type CoreOptions, type ResolvedOptions } from './definition/store-options.js';
import { Snapshots } from './collect/snapshots.js';
import { ValueKeeper } from './collect/value-keeper.js';
import { StoreReader } from './collect/store-reader.js';
import {
  HANDLE_TAG,
  readHandle,
  SHAPE,
  viewDataOf,
  viewsOf,
  type HandleData,
  type StoreHandle,
} from './store-handle.js';
import { policyOf } from './definition/label-rule.js';
import { policiesOf } from './record/stream-policies.js';
import { nextStoreNumber } from './store-number.js';
import { StreamRegistry, type RegisteredStream } from './series/stream-registry.js';
import type { LabelPolicies } from './record/label-policies.js';
import type { SeriesPlacesOptions } from './record/series-places.js';
import { StreamWriter } from './record/stream-writer.js';
import type { InstrumentKind, StreamDefinition, Temporality } from './definition/stream.js';
import { obeyedOf, type View } from './definition/view.js';

/** Subjects of warnings that a thread remembers: names of instruments may come without end. */
const WARNED_MAX = 1000;

export class StoreCore {
  readonly handle: StoreHandle;
  /** Unique in the process, and the same in all threads. */
  readonly number: string;
  readonly options: ResolvedOptions;
  readonly views: readonly View[];
  readonly clock: Clock;
  readonly region: Region;
  readonly registry: StreamRegistry;
  readonly catalog: SeriesCatalog;
  readonly recorder: Recorder;
  readonly swap: Swap;
  readonly cuts: CutQueue;
  readonly snapshots: Snapshots;
  readonly observers: Observers;
  readonly valueKeeper: ValueKeeper;
  readonly logger: DiagLogger;
  readonly attributeReader: AttributeReader;
  /** Attributes of everything that this thread records, but for custom metrics and what the store says of itself. */
  readonly constants: Labels;
  /** What this thread finds and admits series with. */
  readonly placesOptions: SeriesPlacesOptions;
  /** The SDK's resource that the store was created with; here, so that another copy of this package finds it. */
  resource: object | undefined;
  /** Where this thread reads deltas from, if another one holds the place; set before a reader is opened. */
  heldLease: HeldLease | undefined;
  readonly cardinalityReports = new CardinalityReports(this);
  readonly #generations: CacheGenerations;
  readonly #writers = new Map<number, StreamWriter>();
  readonly #warned = new BoundedMap<string, true>(WARNED_MAX);
  readonly #isCreator: boolean;
  #left = false;

  constructor(region: Region, data: HandleData, own: OwnOptions, isCreator: boolean) {
    const { views, clock, attributes } = own;
    this.handle = data as unknown as StoreHandle;
    this.number = data.number;
    this.options = data.options;
    this.views = views;
    this.clock = new GuardedClock(clock, detail => this.say('warn', 'clock', detail));
    this.region = region;
    this.registry = new StreamRegistry(region);
    this.catalog = new SeriesCatalog(region, this.registry);
    this.recorder = new Recorder(region, data.options.shared);
    this.swap = new Swap(region);
    this.cuts = new CutQueue(this.swap, data.options.stallDeadlineMillis, () => this.clock.now());
    this.snapshots = new Snapshots(region, this.catalog);
    this.observers = new Observers(region, data.id, data.options.callbackTimeoutMillis);
    const { registry, cuts } = this;
    this.valueKeeper = new ValueKeeper({ region, registry, cuts, now: () => this.clock.now() });
    this.logger = diag.createComponentLogger({ namespace: 'otel-argo-metrics' });
    this.#generations = new CacheGenerations(data.options.handleCacheSize);
    this.#isCreator = isCreator;
    this.attributeReader = new AttributeReader(data.options.maxAttributes);
    this.placesOptions = {
      region,
      now: () => this.clock.now(),
      refuse: (cause, detail) => {
        this.count(cause);
        this.warn(cause, detail);
      },
    };
    const { labels, faults } = readConstants(attributes, data.options);
    this.constants = labels;
    for (const fault of faults) {
      this.count(fault);
      this.warn(fault, 'a constant attribute is not what an attribute may be, or one too many, or too long');
    }
  }

  /** Whether this thread's part in the store is over. */
  get hasEnded(): boolean {
    return this.#left || hasEnded(this.region);
  }

  /** @throws MetricStoreError TOO_MANY_DELTA_READERS */
  openReader(temporalityOf: (kind: InstrumentKind) => Temporality, zeroStartMillis = 0): StoreReader {
    return new StoreReader(this, temporalityOf, zeroStartMillis);
  }

  /** Finds a stream or registers it; undefined when the store has no room for it, which is counted and said. */
  stream(definition: StreamDefinition): RegisteredStream | undefined {
    const ttlMillis = definition.ttlMillis ?? this.options.seriesTtlMillis;
    const stream = this.registry.register({ ...definition, ttlMillis }, this.clock.now());
    if (stream === undefined)
      this.warn(
        'streams',
        `no room for the stream ${definition.name} (maxStreams ${this.region.layout.maxStreams}): it records nothing`,
      );
    return stream;
  }

  /** The writer of a stream in this thread; undefined when the store has no room for the stream. */
  writer(
    definition: StreamDefinition,
    process?: View['process'],
    labels: View['labels'] = [],
  ): StreamWriter | undefined {
    const policies = labels.length === 0 ? {} : { policies: labels.map(policyOf) };
    const stream = this.stream({ ...definition, ...policies });
    if (stream === undefined) return undefined;
    const known = this.#writers.get(stream.index);
    if (known !== undefined) return known;
    const writer = new StreamWriter(stream, process, {
      ...this.placesOptions,
      generations: this.#generations,
      policies: this.policiesOf(stream, labels),
      maxLabelValueLength: this.options.maxLabelValueLength,
      reader: this.attributeReader,
      constants: definition.verbatim ? NONE : this.constants,
      drop: dropped => this.dropAttributes(definition.name, dropped),
    });
    this.#writers.set(stream.index, writer);
    return writer;
  }

  /** Policies of a stream's labels as this thread applies them; undefined without any. */
  policiesOf(stream: RegisteredStream, labels: NonNullable<View['labels']>): LabelPolicies | undefined {
    if (labels.length === 0) return undefined;
    const { placesOptions } = this;
    const { maxLabelValueLength } = this.options;
    const register = (definition: StreamDefinition) => this.stream(definition);
    return policiesOf(stream, labels, { placesOptions, maxLabelValueLength, register });
  }

  count(name: StatisticName): void {
    count(this.region, name);
  }

  /** Counts attributes that are too many in one set. */
  dropAttributes(name: string, dropped: number): void {
    count(this.region, 'droppedAttributes', dropped);
    const { max } = this.attributeReader;
    this.warn(
      'droppedAttributes',
      `${name} was given ${dropped} attributes too many in one set: the first ${max} count (maxAttributes)`,
    );
  }

  /** Counts a value of an observable gauge that is not shown, because another thread's has its attributes. */
  overwritten(name: string): void {
    count(this.region, 'overwrittenObservations');
    this.warn(
      'overwrittenObservations',
      `several threads observe ${name} with equal attributes, of which a collection shows one value: give each thread ` +
        'attributes of its own, attachStore(handle, { attributes })',
    );
  }

  /** Says a cause once per thread: a record path that goes wrong a million times must not fill a log. */
  warn(cause: string, detail: string): void {
    this.say('warn', cause, `${detail} (said once; store.statistics() counts)`);
  }

  /** Says something about a subject once per thread. */
  say(level: 'error' | 'warn', subject: string, message: string): void {
    if (this.#warned.has(subject)) return;
    this.#warned.set(subject, true);
    this.logger[level](message);
  }

  /** The creator ends recording in all threads; an attached thread only leaves. Idempotent. */
  shutdown(): void {
    if (this.#left) return;
    this.#left = true;
    this.observers.close();
    if (this.#isCreator) endRecording(this.region);
    cores().delete((this.handle as unknown as HandleData).id);
  }
}

const NONE: Labels = new Map();

/** What a thread gives for itself, beside what all have in common. */
interface OwnOptions {
  readonly views: readonly View[];
  readonly clock: Clock;
  readonly attributes?: object | undefined;
}

/** Every store of this thread by its id. On the global object, so that a second copy of this package finds it too. */
function cores(): Map<string, WeakRef<StoreCore>> {
  const key = Symbol.for(`otel-argo-metrics.cores.${SHAPE}`);
  const scope = globalThis as Record<symbol, unknown>;
  scope[key] ??= new Map<string, WeakRef<StoreCore>>();
  return scope[key] as Map<string, WeakRef<StoreCore>>;
}

/**
 * Creates a store.
 *
 * @throws MetricStoreError INVALID_OPTION, BUDGET_TOO_SMALL, MEMORY_UNAVAILABLE, WEBASSEMBLY_UNAVAILABLE
 */
export function createCore(given: CoreOptions = {}): StoreCore {
  const options: CoreOptions = ownValues(given, Object.keys(given));
  const resolved = resolveOptions(options, availableParallelism());
  const clock = checkClock(options.clock ?? SYSTEM_CLOCK);
  const region = createRegion(resolved.layout);
  const views = options.views ?? [];
  for (const [index, view] of views.entries()) checkPlaces(index, view, region.layout.maxSeries);
  const data: HandleData = {
    tag: HANDLE_TAG,
    shape: SHAPE,
    id: randomUUID(),
    number: nextStoreNumber(),
    processId: process.pid,
    memory: region.memory,
    options: resolved,
    views: views.map(viewDataOf),
  };
  const core = new StoreCore(region, data, { views, clock, attributes: options.attributes }, true);
  cores().set(data.id, new WeakRef(core));
  return core;
}

/** @throws MetricStoreError INVALID_OPTION for a View that lets in more values than there can be series */
function checkPlaces(index: number, view: View, maxSeries: number): void {
  const { labels = [] } = obeyedOf(view);
  const values = labels.reduce((sum, { maxValues = 0 }) => sum + maxValues, 0);
  if (values > maxSeries)
    refuseOption(
      `view ${index}: maxValues of all labels`,
      `at most ${maxSeries} together (maxSeries)`,
      values,
    );
}

/**
 * Attaches this thread to a store. A second call in one thread gives the first one's core.
 *
 * @throws MetricStoreError NOT_A_STORE_HANDLE, NOT_SHARED, HANDLE_CROSSED_PROCESS, LAYOUT_MISMATCH, VIEW_MISSING,
 * VIEWS_MISMATCH, INVALID_OPTION, WEBASSEMBLY_UNAVAILABLE
 */
export function attachCore(
  handle: unknown,
  options: Partial<{ [Key in keyof OwnOptions]: OwnOptions[Key] | undefined }> = {},
): StoreCore {
  const data = readHandle(handle);
  const clock = checkClock(options.clock ?? SYSTEM_CLOCK);
  const known = cores().get(data.id)?.deref();
  if (known !== undefined) {
    checkSameConstants(known, options.attributes);
    return known;
  }
  if (!data.options.shared)
    throw new MetricStoreError(
      'NOT_SHARED',
      'this store was created with shared: false and belongs to one thread',
    );
  const region = attachRegion(data.memory, data.options.layout);
  const own = { views: viewsOf(data, options.views), clock, attributes: options.attributes };
  const core = new StoreCore(region, data, own, false);
  cores().set(data.id, new WeakRef(core));
  return core;
}

/** Series that were recorded keep the attributes that they have: others from now on would be two answers to one question. */
function checkSameConstants(core: StoreCore, attributes: object | undefined): void {
  if (attributes === undefined) return;
  const wanted = readConstants(attributes, core.options).text;
  const first = canonicalizeLabels(core.constants, core.options.maxLabelValueLength).text;
  if (wanted !== first)
    refuseOption('attributes', `what this thread was attached with first, ${first}`, wanted);
}

const facades = new WeakMap<object, StoreCore>();

/** Says which core a public store object stands on. */
export function registerFacade(facade: object, core: StoreCore): void {
  facades.set(facade, core);
}

/** @throws MetricStoreError NOT_A_STORE_HANDLE when the object is not a store of this package */
export function coreOf(store: object): StoreCore {
  const core = facades.get(store);
  if (core !== undefined) return core;
  // A store of another copy of this package: its handle leads to this thread's core.
  if (typeof store === 'object' && store !== null && 'handle' in store) return attachCore(store.handle);
  throw new MetricStoreError(
    'NOT_A_STORE_HANDLE',
    'expected a store that createStore() or attachStore() returned',
  );
}
