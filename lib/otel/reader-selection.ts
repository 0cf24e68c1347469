import type { AggregationOption, AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { CARDINALITY_LIMIT_DEFAULT } from '../limits.js';
import { shown } from '../guard/option-checks.js';
import { textOf } from '../guard/thrown.js';
import type { DoubleBufferedMetricReaderOptions } from './reader-options.js';
import { CUMULATIVE, DELTA } from '../producers/sdk-enums.js';

/** Values of the SDK's enums, the same in all versions. */
const AGGREGATION_TYPE_MAX = 5;
const DEFAULT_AGGREGATION = { type: 0 } as AggregationOption;
const INSTRUMENT_TYPES = [
  'COUNTER',
  'GAUGE',
  'HISTOGRAM',
  'UP_DOWN_COUNTER',
  'OBSERVABLE_COUNTER',
  'OBSERVABLE_GAUGE',
  'OBSERVABLE_UP_DOWN_COUNTER',
] as const;

/** What the store does with its instruments, by the SDK's AggregationType, beside the default. */
const STORE_AGGREGATIONS: Readonly<Record<string, number>> = {
  GAUGE: 3,
  HISTOGRAM: 4,
  COUNTER: 2,
  UP_DOWN_COUNTER: 2,
};
const AGGREGATION_NAMES = [
  'DEFAULT',
  'DROP',
  'SUM',
  'LAST_VALUE',
  'EXPLICIT_BUCKET_HISTOGRAM',
  'EXPONENTIAL_HISTOGRAM',
] as const;

interface Selected {
  readonly temporality: AggregationTemporality;
  readonly aggregation: AggregationOption;
  /** Whether the exporter chose the aggregation. */
  readonly isExporters: boolean;
  readonly cardinalityLimit: number;
}

type Options = Omit<DoubleBufferedMetricReaderOptions, 'store'>;

/**
 * What a reader chooses for each kind of instrument: the option's word, else the exporter's, else the default. Asked once,
 * at construction, where a wrong answer can be refused: the SDK asks when somebody makes an instrument, who must not suffer.
 */
export class ReaderSelection {
  readonly #selected: ReadonlyMap<string, Selected>;

  /** @throws MetricStoreError INVALID_OPTION with what was selected, for which kind, and what may be */
  constructor(options: Options) {
    this.#selected = new Map(
      INSTRUMENT_TYPES.map(type => [type, selectFor(options, type as InstrumentType)]),
    );
  }

  temporality(type: InstrumentType): AggregationTemporality {
    return this.#selected.get(type)?.temporality ?? CUMULATIVE;
  }

  aggregation(type: InstrumentType): AggregationOption {
    return this.#selected.get(type)?.aggregation ?? DEFAULT_AGGREGATION;
  }

  cardinalityLimit(type: InstrumentType): number {
    return this.#selected.get(type)?.cardinalityLimit ?? CARDINALITY_LIMIT_DEFAULT;
  }

  /** By kind of instrument: what the exporter wishes for the SDK's own. */
  get aggregations(): Readonly<Record<string, AggregationOption>> {
    return Object.fromEntries([...this.#selected].map(([type, { aggregation }]) => [type, aggregation]));
  }

  /** What the exporter wishes for and the store does not do, e.g. `EXPONENTIAL_HISTOGRAM for HISTOGRAM`. */
  get unmetWishes(): string[] {
    const kinds = new Map<string, string[]>();
    for (const [type, { aggregation, isExporters }] of this.#selected) {
      const kind: number = aggregation.type;
      const own = STORE_AGGREGATIONS[type.replace('OBSERVABLE_', '')];
      if (!isExporters || kind === 0 || (kind === own && !hasBoundaries(aggregation))) continue;
      const name = AGGREGATION_NAMES[kind] ?? String(kind);
      kinds.set(name, [...(kinds.get(name) ?? []), type]);
    }
    return [...kinds].map(([name, types]) => `${name} for ${types.join(', ')}`);
  }

  /** Whether something is gone once it was collected, unless it arrives. */
  get hasDelta(): boolean {
    return [...this.#selected.values()].some(({ temporality }) => temporality === DELTA);
  }
}

function selectFor(options: Options, type: InstrumentType): Selected {
  const { exporter } = options;
  const temporality = ask('aggregationTemporalitySelector', type, () => {
    const chosen = options.aggregationTemporalitySelector?.(type);
    return chosen ?? exporter?.selectAggregationTemporality?.(type) ?? CUMULATIVE;
  });
  if (temporality !== CUMULATIVE && temporality !== DELTA)
    throw refuse('aggregationTemporalitySelector', type, temporality, '0 (delta) or 1 (cumulative)');
  const chosen = ask('aggregationSelector', type, () => options.aggregationSelector?.(type));
  const aggregation = ask(
    'aggregationSelector',
    type,
    () => chosen ?? exporter?.selectAggregation?.(type) ?? DEFAULT_AGGREGATION,
  );
  const kind: number = aggregation.type;
  if (!Number.isInteger(kind) || kind < 0 || kind > AGGREGATION_TYPE_MAX)
    throw refuse(
      'aggregationSelector',
      type,
      kind,
      `an object with a type from 0 to ${AGGREGATION_TYPE_MAX}`,
    );
  const cardinalityLimit = ask(
    'cardinalitySelector',
    type,
    () => options.cardinalitySelector?.(type) ?? CARDINALITY_LIMIT_DEFAULT,
  );
  if (!Number.isInteger(cardinalityLimit) || cardinalityLimit < 1)
    throw refuse('cardinalitySelector', type, cardinalityLimit, 'a whole number of at least 1');
  return { temporality, aggregation, isExporters: (chosen ?? undefined) === undefined, cardinalityLimit };
}

function hasBoundaries(aggregation: AggregationOption): boolean {
  return (aggregation as { options?: { boundaries?: unknown } }).options?.boundaries !== undefined;
}

function ask<T>(selector: string, type: InstrumentType, answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    throw new MetricStoreError('INVALID_OPTION', `${selector} failed for ${type} with ${textOf(error)}`, {
      cause: error,
    });
  }
}

function refuse(selector: string, type: InstrumentType, value: unknown, bound: string): MetricStoreError {
  return new MetricStoreError(
    'INVALID_OPTION',
    `${selector} must select ${bound}, got ${shown(value)} for ${type}`,
  );
}
