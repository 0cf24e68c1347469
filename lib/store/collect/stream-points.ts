import type { Series } from '../series/series-catalog.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import type { SeriesValue } from './series-values.js';
import type { CollectedPoint, CollectedStream, Temporality } from '../definition/stream.js';

/** Gathers points by stream, in the order in which the streams were registered. */
export class StreamPoints {
  readonly #temporalityOf: (stream: RegisteredStream) => Temporality;
  readonly #points = new Map<RegisteredStream, CollectedPoint[]>();

  constructor(temporalityOf: (stream: RegisteredStream) => Temporality) {
    this.#temporalityOf = temporalityOf;
  }

  push(stream: RegisteredStream, point: CollectedPoint): void {
    const points = this.#points.get(stream);
    if (points === undefined) this.#points.set(stream, [point]);
    else points.push(point);
  }

  /** A series without a value has no point. */
  pushSeries({ stream, attributes }: Series, startUnixMillis: number, value: SeriesValue): void {
    if (value !== undefined) this.push(stream, { attributes, startUnixMillis, value });
  }

  streams(): CollectedStream[] {
    return [...this.#points]
      .sort(([a], [b]) => a.index - b.index)
      .map(([stream, points]) => ({
        definition: stream.definition,
        temporality: this.#temporalityOf(stream),
        points,
      }));
  }
}
