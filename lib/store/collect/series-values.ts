// The value of a series as a point of a delta reader shows it: of its plane. One per reader; under the right.
import type { Plane } from '../../memory/planes.js';
import type { Region } from '../../memory/region.js';
import { readGauge } from '../../memory/totals.js';
import type { HistogramValue, StreamDefinition } from '../definition/stream.js';
import type { Series } from '../series/known-series.js';
import { secondsSince } from './snapshot-rows.js';

/** Undefined: nothing was recorded. */
export type SeriesValue = number | HistogramValue | undefined;

/** What it needs of the store of its thread. */
interface ValueContext {
  readonly region: Region;
  warn(cause: string, detail: string): void;
}

export class SeriesValues {
  readonly #region: Region;
  readonly #context: ValueContext;

  constructor(context: ValueContext) {
    this.#region = context.region;
    this.#context = context;
  }

  /** @param at the time of the collection, Unix milliseconds: a running gauge is measured to it */
  delta(series: Series, plane: Plane, at: number): SeriesValue {
    const { kind, boundaries } = series.stream.definition;
    if (kind === 'GAUGE') return this.gauge(series, at);
    if (kind === 'HISTOGRAM') return plane.readHistogram(series.histogram, boundaries.length + 1);
    return this.#sum(series, plane.readSum(series.slot));
  }

  /** A gauge is the same in both temporalities. */
  gauge(series: Series, at: number): number | undefined {
    const gauge = readGauge(this.#region, series.slot);
    if (gauge === undefined) return undefined;
    if (gauge.kind !== 'elapsed') return gauge.value;
    return secondsSince(gauge.value, at, series.stream.definition.valueType);
  }

  #sum({ stream }: Series, value: number | undefined): number | undefined {
    if (Math.abs(value ?? 0) === Number.MAX_VALUE) warnOfSaturation(this.#context, stream.definition);
    return value;
  }
}

export function warnOfSaturation(
  context: Pick<ValueContext, 'warn'>,
  { name }: Pick<StreamDefinition, 'name'>,
): void {
  context.warn('saturated', `a sum of ${name} was cut off at the largest number there is`);
}
