import type { Series } from '../series/known-series.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import type { SeriesValue } from './series-values.js';
import { ColumnsBuilder } from '../definition/columns.js';
import type { CollectedPoint, CollectedStream, PointColumns, Temporality } from '../definition/stream.js';

/** Gathers points by stream, in the order in which the streams were registered. */
export class StreamPoints {
  readonly #temporalityOf: (stream: RegisteredStream) => Temporality;
  readonly #columns = new Map<RegisteredStream, ColumnsBuilder>();
  readonly #made = new Map<RegisteredStream, PointColumns>();

  constructor(temporalityOf: (stream: RegisteredStream) => Temporality) {
    this.#temporalityOf = temporalityOf;
  }

  push(stream: RegisteredStream, { series, startUnixMillis, value }: CollectedPoint): void {
    let columns = this.#columns.get(stream);
    if (columns === undefined) this.#columns.set(stream, (columns = new ColumnsBuilder(stream.definition)));
    columns.add(series, startUnixMillis, value);
  }

  /** A series without a value has no point. */
  pushSeries(series: Series, startUnixMillis: number, value: SeriesValue): void {
    if (value !== undefined) this.push(series.stream, { series, startUnixMillis, value });
  }

  /** Columns that were made elsewhere, of a stream that has no points here. */
  putColumns(stream: RegisteredStream, columns: PointColumns): void {
    this.#made.set(stream, columns);
  }

  streams(): CollectedStream[] {
    const gathered = [...this.#columns].map(([stream, columns]) => [stream, columns.build()] as const);
    return [...this.#made, ...gathered]
      .sort(([a], [b]) => a.index - b.index)
      .map(([stream, points]) => ({
        definition: stream.definition,
        temporality: this.#temporalityOf(stream),
        points,
      }));
  }
}
