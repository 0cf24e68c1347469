// Step 9 of an emission: the series. Here the store is touched.
import { defineCustomInstrument, restoreCustomSeries } from '../../instruments/custom-instrument.js';
import type {
  CustomInstrument,
  CustomInstrumentDefinition,
  CustomInstrumentResult,
  CustomSeries,
} from '../../instruments/custom-instrument.js';
import type { SavedSeries } from '../../store/restore.js';
import type { StoreCore } from '../../store/store-core.js';
import type { ObjectWork } from '../budget/object-work.js';
import { charge, DEFINITION_COST } from './emission-cost.js';
import { failAt } from './emission-failure.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import { constructFailure } from '../spec/compile-value.js';
import type { Place } from './metric-places.js';

export class MetricInstruments {
  readonly #core: StoreCore;
  #ttlMillis: number;
  readonly #isExact: boolean;
  readonly #known = new Map<string, CustomInstrument>();

  /** @param ttlMillis how long a series lives that nobody touches, unless its place says otherwise; 0 is as the store has it */
  constructor(core: StoreCore, ttlMillis: number, isExact: boolean) {
    this.#core = core;
    this.#ttlMillis = ttlMillis;
    this.#isExact = isExact;
  }

  /** Of metrics that come from now on. */
  configure(ttlMillis: number): void {
    this.#ttlMillis = ttlMillis;
  }

  /** The series at a place. Fails where the store has no room for the metric, or knows it as another one. */
  series(metric: CompiledMetric, place: Place, work: ObjectWork, holder?: string): CustomSeries {
    const { definition } = place;
    const known = this.#find(definition);
    if (known === undefined) charge(metric, work, DEFINITION_COST);
    const defined = known === undefined ? this.define(definition) : { instrument: known };
    if ('instrument' in defined) return defined.instrument.series(place.labels, holder);
    return refuse(metric, place, defined);
  }

  /**
   * One that is there again after a restart.
   *
   * @throws MetricStoreError RESTORE_TOO_LATE, INVALID_OPTION
   */
  restore(
    definition: CustomInstrumentDefinition,
    saved: readonly SavedSeries[],
  ): CustomInstrumentResult & { readonly restored: number } {
    const restored = restoreCustomSeries(this.#core, this.#withTtl(definition), saved);
    return { ...this.define(definition), restored };
  }

  /** Asking the store is a search by name and scope; what it said about a definition that won stays true. */
  #find({ name, help, type }: CustomInstrumentDefinition): CustomInstrument | undefined {
    const known = this.#known.get(name);
    return known?.definition.help === help && known.definition.type === type ? known : undefined;
  }

  /** With the time to live that the configuration gives it. */
  define(definition: CustomInstrumentDefinition): CustomInstrumentResult {
    const result = defineCustomInstrument(this.#core, this.#withTtl(definition));
    if ('instrument' in result) this.#known.set(definition.name, result.instrument);
    return result;
  }

  #withTtl(definition: CustomInstrumentDefinition): CustomInstrumentDefinition {
    return { ...this.#ttlOf(definition.type), ...definition };
  }

  #ttlOf(type: CustomInstrumentDefinition['type']): { readonly ttlMillis?: number } {
    if (this.#isExact && type === 'histogram') return { ttlMillis: 0 };
    return this.#ttlMillis > 0 ? { ttlMillis: this.#ttlMillis } : {};
  }
}

type Refusal = Exclude<CustomInstrumentResult, { readonly instrument: CustomInstrument }>;

function refuse(metric: CompiledMetric, { name, definition }: Place, refusal: Refusal): never {
  const { path } = metric;
  if ('full' in refusal) {
    const message = constructFailure(name, 'the store has no room for another metric');
    return failAt(metric, `${path}.name`, 'DEFINITIONS_FULL', message, 'Raise maxStreams of the store.');
  }
  if ('boundariesMax' in refusal) {
    const message = constructFailure(name, `there may be ${refusal.boundariesMax} buckets (maxBoundaries)`);
    const hint = 'Raise maxBoundaries of the store.';
    return failAt(metric, `${path}.histogram.buckets`, 'BUCKETS_INVALID', message, hint);
  }
  const { conflict } = refusal;
  const { help, type } = definition;
  if (conflict.type === type) {
    const reason = `help for metric ${name} is already set to ${conflict.help}, it cannot be changed`;
    const hint = `Give all metrics of this name the same help: ${JSON.stringify(help)} differs.`;
    return failAt(metric, `${path}.help`, 'HELP_CONFLICT', constructFailure(name, reason), hint);
  }
  const reason = `found existing ${conflict.type} for custom metric ${name} of type ${type}`;
  return failAt(metric, `${path}.${type}`, 'TYPE_CONFLICT', constructFailure(name, reason));
}
