/*
 * The SDK's ViewOptions as the store's Views.
 */
import type { Attributes, Context } from '@opentelemetry/api';
import type { AggregationOption, ViewOptions } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import type { View } from '../store/view.js';
import { limitOf } from './view-brand.js';

/** The SDK's `AggregationType`, whose values are the same in all versions. */
const AGGREGATION = {
  DEFAULT: 0,
  DROP: 1,
  SUM: 2,
  LAST_VALUE: 3,
  EXPLICIT_BUCKET_HISTOGRAM: 4,
  EXPONENTIAL_HISTOGRAM: 5,
};

/** @throws MetricStoreError INVALID_OPTION for a View that the store cannot apply */
export function toStoreViews(views: readonly ViewOptions[] | undefined, maxBoundaries: number): View[] {
  return (views ?? []).map((view, index) => toStoreView(view, index, maxBoundaries));
}

function toStoreView(options: ViewOptions, index: number, maxBoundaries: number): View {
  const limit = limitOf(options)?.limit ?? options.aggregationCardinalityLimit;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw new MetricStoreError(
      'INVALID_OPTION',
      `view ${index}: aggregationCardinalityLimit must be a whole number of at least 1, got ${limit}`,
    );
  const selector = {
    instrumentName: options.instrumentName,
    instrumentType: options.instrumentType,
    instrumentUnit: options.instrumentUnit,
    meterName: options.meterName,
    meterVersion: options.meterVersion,
    meterSchemaUrl: options.meterSchemaUrl,
  };
  const process = processOf(options);
  return withoutUndefined({
    selector: withoutUndefined(selector),
    name: options.name,
    description: options.description,
    limit,
    process,
    ...aggregationOf(options.aggregation, index, maxBoundaries),
  }) as unknown as View;
}

function aggregationOf(
  aggregation: AggregationOption | undefined,
  index: number,
  maxBoundaries: number,
): Partial<View> {
  if (aggregation === undefined) return {};
  const type: number = aggregation.type;
  if (type === AGGREGATION.DROP) return { drop: true };
  if (type === AGGREGATION.EXPONENTIAL_HISTOGRAM)
    throw new MetricStoreError(
      'INVALID_OPTION',
      `view ${index}: exponential histograms are not offered by the store; use explicit buckets`,
    );
  if (type !== AGGREGATION.EXPLICIT_BUCKET_HISTOGRAM) return {};
  const boundaries = (aggregation as { options?: { boundaries?: readonly number[] } }).options?.boundaries;
  if (boundaries === undefined) return {};
  const isAscending = boundaries.every(
    (bound, i) => typeof bound === 'number' && (i === 0 || bound > (boundaries[i - 1] ?? bound)),
  );
  if (!isAscending || boundaries.length > maxBoundaries)
    throw new MetricStoreError(
      'INVALID_OPTION',
      `view ${index}: boundaries must be at most ${maxBoundaries} ascending numbers (maxBoundaries), got ${boundaries.length}: ${boundaries.slice(0, 20).join(', ')}`,
    );
  return { boundaries: boundaries.filter(Number.isFinite) };
}

/** The View's processors in a row. A limiting View's own processor is for host providers only: the store limits itself. */
function processOf(options: ViewOptions): View['process'] {
  const processors = (limitOf(options) ?? options).attributesProcessors ?? [];
  if (processors.length === 0) return undefined;
  return (attributes: Attributes, context?: Context) =>
    processors.reduce((result, processor) => processor.process(result, context as Context), attributes);
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
