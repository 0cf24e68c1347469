// Points as columns, made from point objects and read one by one. Pure: any thread.
import type {
  CollectedPoint,
  HistogramValue,
  PointColumns,
  SeriesLabels,
  StreamDefinition,
} from './stream.js';

/** What stands before the buckets of a histogram in `cells`: count, sum, min, max. */
export const CELL_HEAD = 4;

/** A column that a stream has not. */
export const NO_NUMBERS = new Float64Array(0);

/** How many doubles of `cells` a point has; 0 unless the stream is a histogram. */
export function cellWidthOf({ kind, boundaries }: Pick<StreamDefinition, 'kind' | 'boundaries'>): number {
  return kind === 'HISTOGRAM' ? CELL_HEAD + boundaries.length + 1 : 0;
}

/** Columns with an object for each series. */
export interface ListedColumns extends PointColumns {
  readonly series: readonly SeriesLabels[];
}

/** Gathers points one after the other. */
export class ColumnsBuilder {
  readonly #width: number;
  readonly #series: SeriesLabels[] = [];
  readonly #starts: number[] = [];
  readonly #numbers: number[] = [];

  constructor(definition: Pick<StreamDefinition, 'kind' | 'boundaries'>) {
    this.#width = cellWidthOf(definition);
  }

  add(series: SeriesLabels, startUnixMillis: number, value: number | HistogramValue): void {
    this.#series.push(series);
    this.#starts.push(startUnixMillis);
    if (typeof value === 'number') this.#numbers.push(value);
    else this.#addCell(value);
  }

  #addCell({ count, sum, min, max, counts }: HistogramValue): void {
    this.#numbers.push(count, sum, min, max);
    for (let bucket = 0; bucket < this.#width - CELL_HEAD; bucket++) this.#numbers.push(counts[bucket] ?? 0);
  }

  build(): ListedColumns {
    const values = Float64Array.from(this.#numbers);
    return {
      length: this.#series.length,
      series: this.#series,
      starts: Float64Array.from(this.#starts),
      numbers: this.#width === 0 ? values : NO_NUMBERS,
      cells: this.#width === 0 ? NO_NUMBERS : values,
    };
  }
}

/** Columns of points that stand alone: of observed series, or of the SDK's metrics. */
export function columnsOf(
  definition: Pick<StreamDefinition, 'kind' | 'boundaries'>,
  points: Iterable<CollectedPoint>,
): ListedColumns {
  const builder = new ColumnsBuilder(definition);
  for (const { series, startUnixMillis, value } of points) builder.add(series, startUnixMillis, value);
  return builder.build();
}

/** The value at a position. */
export function valueAt(
  { length, numbers, cells }: Pick<PointColumns, 'length' | 'numbers' | 'cells'>,
  index: number,
): number | HistogramValue {
  if (cells.length === 0) return numbers[index] ?? Number.NaN;
  const width = cells.length / length;
  const at = index * width;
  return {
    count: (cells[at] ?? 0) + 0,
    sum: cells[at + 1] ?? 0,
    min: cells[at + 2] ?? 0,
    max: cells[at + 3] ?? 0,
    counts: Array.from(cells.subarray(at + CELL_HEAD, at + width)),
  };
}

/** Writes the value at a position of columns that nobody has yet. */
export function putValue(
  { length, numbers, cells }: PointColumns,
  index: number,
  value: number | HistogramValue,
): void {
  if (typeof value === 'number') {
    numbers[index] = value;
    return;
  }
  const { count, sum, min, max, counts } = value;
  const width = cells.length / length;
  cells.set([count, sum, min, max], index * width);
  cells.set(counts.slice(0, width - CELL_HEAD), index * width + CELL_HEAD);
}
