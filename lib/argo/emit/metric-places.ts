// Step 7 of an emission: where it goes, if anywhere, by what the configuration and the Views of the store say. Nothing of
// the store is touched.
import { isDropped } from '../../instruments/custom-instrument.js';
import type { CustomInstrumentDefinition } from '../../instruments/custom-instrument.js';
import type { StoreCore } from '../../store/store-core.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import { isMetricName } from '../spec/compile-labels.js';
import { constructFailure } from '../spec/compile-value.js';
import { failAt } from './emission-failure.js';
import type { ModifierTable } from './metric-modifiers.js';
import type { FilledTexts, Labels } from './metric-texts.js';

/** Where a metric goes. */
export interface Place {
  /** Without the prefix. */
  readonly name: string;
  /** With the exposed name. */
  readonly definition: CustomInstrumentDefinition;
  readonly labels: Labels;
}

export class MetricPlaces {
  readonly #core: StoreCore;
  readonly #prefix: string;
  #modifiers: ModifierTable;

  constructor(core: StoreCore, prefix: string, modifiers: ModifierTable) {
    this.#core = core;
    this.#prefix = prefix;
    this.#modifiers = modifiers;
  }

  /** What the configuration says from now on. */
  configure(modifiers: ModifierTable): void {
    this.#modifiers = modifiers;
  }

  /** A definition of before as the configuration has it now: the buckets stay. `undefined` when nothing shall be shown of it. */
  restored({
    ttlMillis: _,
    ...definition
  }: CustomInstrumentDefinition): CustomInstrumentDefinition | undefined {
    const isOurs = definition.name.startsWith(this.#prefix);
    const modifier = isOurs ? this.#modifiers.get(definition.name.slice(this.#prefix.length)) : undefined;
    if (modifier?.disabled === true || isDropped(this.#core, definition)) return undefined;
    return modifier?.ttlMillis === undefined ? definition : { ...definition, ttlMillis: modifier.ttlMillis };
  }

  /** `undefined` when it is disabled, or dropped. Fails when the name is none. */
  find(metric: CompiledMetric, { name, labels, help }: FilledTexts): Place | undefined {
    if (!isMetricName(name)) {
      const reason = "metric name is invalid: names may only contain alphanumeric characters or '_'";
      failAt(metric, `${metric.path}.name`, 'NAME_INVALID', constructFailure(name, reason));
    }
    const modifier = this.#modifiers.get(name);
    if (modifier?.disabled) return undefined;
    const { value } = metric;
    const identity = {
      name: `${this.#prefix}${name}`,
      type: value.kind === 'realtime' ? 'gauge' : value.kind,
    } as const;
    if (isDropped(this.#core, identity)) return undefined;
    const definition = {
      ...identity,
      help,
      ...(value.kind === 'histogram' ? { boundaries: modifier?.boundaries ?? value.boundaries } : {}),
      ...(modifier?.ttlMillis === undefined ? {} : { ttlMillis: modifier.ttlMillis }),
    };
    return { name, definition, labels: modifier ? without(labels, modifier.disabledLabels) : labels };
  }
}

function without(labels: Labels, keys: ReadonlySet<string>): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.has(key)));
}
