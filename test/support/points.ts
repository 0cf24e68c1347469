import type { Attributes } from '@opentelemetry/api';
import { columnsOf, valueAt } from '../../lib/store/definition/columns.js';
import type {
  HistogramValue,
  PointColumns,
  SeriesLabels,
  StreamDefinition,
} from '../../lib/store/definition/stream.js';

/** A point as tests look at it. */
export interface Point {
  readonly attributes: Attributes;
  readonly startUnixMillis: number;
  readonly value: number | HistogramValue;
}

/** Who the points are of. */
export function labelsIn({ length, series }: PointColumns): SeriesLabels[] {
  return Array.from({ length }, (_, index) => series.at(index) ?? { attributes: {} });
}

/** Columns turned back into points. */
export function pointsIn(columns: PointColumns | undefined): Point[] {
  if (columns === undefined) return [];
  return labelsIn(columns).map(({ attributes }, index) => ({
    attributes,
    startUnixMillis: columns.starts[index] ?? Number.NaN,
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
