// What a store says about itself, as metrics: read when somebody collects, so it costs the record path nothing. All
// numbers stand in shared memory already; a meter of the store itself is as good as any, because reading them records
// nothing. docs/self-observability.md has the table of names.
import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { MetricStoreError } from '../errors.js';
import { reportOnce } from '../instruments/observable-instrument.js';
import { readOptions, type KeysOf } from '../guard/option-checks.js';
import { coreOf, type StoreCore } from '../store/store-core.js';
import { reportDuration, reportStatistics, reportStreams } from '../store/store-report.js';
import type { RefusalCause, StoreStatistics, StreamUsage } from '../store/store-report.js';
import type { MetricStore } from './store-interface.js';

/** Options of {@link observeStore}. */
export interface ObserveStoreOptions {
  readonly store: MetricStore;
  /** Of a MeterProvider, or of the store itself. */
  readonly meter: Meter;
  /**
   * Attribute `otel.component.name`, which tells stores apart.
   * @defaultValue `'otel_argo_metrics.store/N'`, N counting the stores that the main thread created; T.N those of thread T
   */
  readonly name?: string;
}

const OBSERVE_KEYS: KeysOf<ObserveStoreOptions> = { store: true, meter: true, name: true };

const PREFIX = 'otel_argo_metrics';
const COMPONENT_TYPE = `${PREFIX}.store`;

/** What was left out or sent to an overflow series, and why. The other statistics have metrics of their own. */
const REFUSALS: readonly RefusalCause[] = [
  'notANumber',
  'negative',
  'notFinite',
  'unsafeInteger',
  'ended',
  'attributes',
  'truncatedLabels',
  'droppedAttributes',
  'overwrittenObservations',
  'streams',
  'overflowedSeries',
  'slotsExhausted',
  'histogramsExhausted',
  'labelBytesExhausted',
];

interface Figure {
  readonly name: string;
  readonly kind: 'counter' | 'upDownCounter';
  readonly unit: string;
  readonly description: string;
}

interface StoreFigure extends Figure {
  readonly read: (statistics: StoreStatistics, core: StoreCore) => number;
}

interface StreamFigure extends Figure {
  readonly read: (usage: StreamUsage) => number;
}

function level(name: string, unit: string, description: string): Figure {
  return { name: `${PREFIX}.${name}`, kind: 'upDownCounter', unit, description };
}

function count(name: string, unit: string, description: string): Figure {
  return { name: `${PREFIX}.${name}`, kind: 'counter', unit, description };
}

const STORE_FIGURES: readonly StoreFigure[] = [
  { ...level('store.series', '{series}', 'Series in use.'), read: ({ series }) => series },
  { ...level('store.series.limit', '{series}', 'maxSeries.'), read: ({ maxSeries }) => maxSeries },
  {
    ...count('store.series.reclaimed', '{series}', 'Series that gave their place back.'),
    read: ({ reclaimedSeries }) => reclaimedSeries,
  },
  {
    ...level('store.policy_values', '{value}', 'Values of labels that have a place, under maxValues.'),
    read: ({ policyValues }) => policyValues,
  },
  { ...level('store.streams', '{stream}', 'Streams in use.'), read: ({ streams }) => streams },
  { ...level('store.streams.limit', '{stream}', 'maxStreams.'), read: ({ maxStreams }) => maxStreams },
  { ...level('store.labels.usage', 'By', 'Text of labels.'), read: ({ labelBytes }) => labelBytes },
  { ...level('store.labels.limit', 'By', 'maxLabelBytes.'), read: ({ maxLabelBytes }) => maxLabelBytes },
  { ...level('store.memory.limit', 'By', 'maxBytes.'), read: ({ maxBytes }) => maxBytes },
  {
    ...level('store.stripes.stuck', '{stripe}', "Stripes that this thread's last collection passed over."),
    read: ({ stuckStripes }) => stuckStripes,
  },
  { ...count('store.swaps', '{swap}', 'Swaps of hot and cold.'), read: ({ swaps }) => swaps },
  {
    ...count(
      'store.swap.wait.time',
      's',
      'Time that collections waited for writers to leave the cold banks.',
    ),
    read: (_, core) => reportDuration(core, 'swapWait') / 1000,
  },
  {
    ...count('store.drain.time', 's', 'Time that collections spent moving cold banks into totals.'),
    read: (_, core) => reportDuration(core, 'drain') / 1000,
  },
  {
    ...count('store.collections.stalled', '{collection}', 'Collections that showed the previous cut.'),
    read: ({ stalledCuts }) => stalledCuts,
  },
  {
    ...count(
      'store.records.contended',
      '{record}',
      'Records, and new series, that waited in vain for other threads.',
    ),
    read: ({ refused }) => refused.contended,
  },
  {
    ...count(
      'store.callbacks.failed',
      '{callback}',
      'Runs of observable callbacks that failed or were late.',
    ),
    read: ({ refused }) => refused.callbackErrors,
  },
  {
    ...count('store.exports.failed', '{export}', "Failed exports of the store's readers, in all threads."),
    read: ({ refused }) => refused.failedExports,
  },
  {
    ...count(
      'store.delta_batches.in_doubt',
      '{batch}',
      'Batches of deltas given up without knowing whether they arrived.',
    ),
    read: ({ deltaBatchesInDoubt }) => deltaBatchesInDoubt,
  },
];

const STREAM_FIGURES: readonly StreamFigure[] = [
  { ...level('stream.series', '{series}', 'Series, overflow not counted.'), read: ({ series }) => series },
  { ...level('stream.series.limit', '{series}', 'Its cardinality limit.'), read: ({ limit }) => limit },
  {
    ...count('stream.overflowed', '{attribute_set}', 'Attribute sets sent to the overflow series.'),
    read: ({ overflowed }) => overflowed,
  },
];

const REFUSED = count(
  'store.refused',
  '{event}',
  'Values and labels that were left out, and series refused.',
);

/**
 * Reports the store's own state through a meter, until `stop()`: series and limits by stream, overflow, refusals by cause,
 * swaps and their times, failed exports. The counts are the whole store's, so one thread that observes is enough; through
 * meters of stores several may, and a collection has the figures once. Observing a store twice through one meter is
 * observing it once, until both were stopped. What is reported does not itself make series of the store.
 *
 * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE
 * @example
 * const observation = observeStore({ store, meter: provider.getMeter('otel-argo-metrics') });
 */
export function observeStore(options: ObserveStoreOptions): { stop(): void } {
  const { store, meter, name } = readOptions('the options of observeStore()', options, OBSERVE_KEYS);
  const core = coreOf(store);
  if (typeof meter?.addBatchObservableCallback !== 'function')
    throw new MetricStoreError('INVALID_OPTION', 'meter must be a Meter of a MeterProvider or of a store');
  if (name !== undefined && (typeof name !== 'string' || name === ''))
    throw new MetricStoreError('INVALID_OPTION', `name must be a string with text, got ${typeof name}`);
  const component = name ?? `${COMPONENT_TYPE}/${core.number}`;
  const running = observationsThrough(meter);
  const key = JSON.stringify([core.number, component]);
  const observation = running.get(key) ?? { users: 0, stop: startObserving(core, meter, component) };
  running.set(key, observation);
  observation.users++;
  let isStopped = false;
  return {
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      if (--observation.users > 0) return;
      running.delete(key);
      observation.stop();
    },
  };
}

interface Observation {
  users: number;
  readonly stop: () => void;
}

const observations = new WeakMap<Meter, Map<string, Observation>>();

function observationsThrough(meter: Meter): Map<string, Observation> {
  const known = observations.get(meter) ?? new Map<string, Observation>();
  observations.set(meter, known);
  return known;
}

/** Returns what stops it. */
function startObserving(core: StoreCore, meter: Meter, name: string): () => void {
  const component = { 'otel.component.type': COMPONENT_TYPE, 'otel.component.name': name };
  const storeFigures = STORE_FIGURES.map(figure => ({ ...figure, observable: create(meter, figure) }));
  const streamFigures = STREAM_FIGURES.map(figure => ({ ...figure, observable: create(meter, figure) }));
  const refused = create(meter, REFUSED);

  const report = (result: BatchObservableResult): void => {
    const statistics = reportStatistics(core);
    for (const { observable, read } of storeFigures)
      result.observe(observable, read(statistics, core), component);
    for (const cause of REFUSALS)
      result.observe(refused, statistics.refused[cause], { ...component, 'error.type': cause });
    for (const usage of reportStreams(core)) {
      // Observables have no series in the store: this also keeps these metrics from reporting themselves.
      if (usage.kind.startsWith('OBSERVABLE_')) continue;
      const attributes = { ...component, ...identityOf(usage) };
      for (const { observable, read } of streamFigures) result.observe(observable, read(usage), attributes);
    }
  };
  const observables = [...storeFigures, ...streamFigures].map(({ observable }) => observable).concat(refused);
  reportOnce(report, JSON.stringify([COMPONENT_TYPE, core.number, name]));
  meter.addBatchObservableCallback(report, observables);
  return () => meter.removeBatchObservableCallback(report, observables);
}

function create(meter: Meter, { name, kind, unit, description }: Figure): Observable {
  return kind === 'counter'
    ? meter.createObservableCounter(name, { unit, description })
    : meter.createObservableUpDownCounter(name, { unit, description });
}

function identityOf({ name, scopeName }: StreamUsage): Attributes {
  return { [`${PREFIX}.stream.name`]: name, 'otel.scope.name': scopeName };
}
