// The value of a series as a point shows it: of its totals, or of a delta reader's plane. One per reader; under the right.
import type { Plane } from '../../memory/planes.js';
import type { Region } from '../../memory/region.js';
import { readGauge, readHistogram, readSum } from '../../memory/totals.js';
import type { HistogramValue } from '../definition/stream.js';
import type { Series } from '../series/series-catalog.js';

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
  total(series: Series, at: number): SeriesValue {
    const { kind, boundaries } = series.stream.definition;
    if (kind === 'GAUGE') return this.gauge(series, at);
    if (kind === 'HISTOGRAM') return readHistogram(this.#region, series.histogram, boundaries.length + 1);
    return this.#sum(series, readSum(this.#region, series.slot));
  }

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
    // A start in the future, by another thread's clock, is no time at all and not a negative one.
    const seconds = Math.max(0, (at - gauge.value) / 1000);
    return series.stream.definition.valueType === 0 ? Math.trunc(seconds) : seconds;
  }

  #sum({ stream }: Series, value: number | undefined): number | undefined {
    if (Math.abs(value ?? 0) === Number.MAX_VALUE)
      this.#context.warn(
        'saturated',
        `a sum of ${stream.definition.name} was cut off at the largest number there is`,
      );
    return value;
  }
}
