import type { Attributes } from '@opentelemetry/api';
import { columnsOf, valueAt } from '../../lib/store/definition/columns.js';
import type { HistogramValue, PointColumns, StreamDefinition } from '../../lib/store/definition/stream.js';

/** A point as tests look at it. */
export interface Point {
  readonly attributes: Attributes;
  readonly startUnixMillis: number;
  readonly value: number | HistogramValue;
}

/** Columns turned back into points. */
export function pointsIn(columns: PointColumns | undefined): Point[] {
  if (columns === undefined) return [];
  const { series, starts } = columns;
  return series.map(({ attributes }, index) => ({
    attributes,
    startUnixMillis: starts[index] ?? Number.NaN,
    value: valueAt(columns, index),
  }));
}

/** Points turned into columns. */
export function columnsFrom(
  definition: Pick<StreamDefinition, 'kind' | 'boundaries'>,
  points: readonly Point[],
): PointColumns {
  return columnsOf(
    definition,
    points.map(({ attributes, ...point }) => ({ series: { attributes }, ...point })),
  );
}
