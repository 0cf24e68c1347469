/*
 * The SDK's ViewOptions as the store's Views.
 */
import type { Attributes, Context } from '@opentelemetry/api';
import type { AggregationOption, ViewOptions } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { DEFAULT_BOUNDARIES, type AggregatingView } from '../store/view-matching.js';
import { textOf } from '../store/thrown.js';
import type { View, ViewSelector } from '../store/view.js';
import { limitOf } from './view-brand.js';
import { CRITERIA, hasWildcard } from './view-selector.js';

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
export function toStoreViews(
  views: readonly ViewOptions[] | undefined,
  maxBoundaries: number,
): AggregatingView[] {
  if (views !== undefined && !isArray(views))
    throw new MetricStoreError('INVALID_OPTION', `views must be an array, got ${typeof views}`);
  return (views ?? []).map((view, index) => toStoreView(view, index, maxBoundaries));
}

function toStoreView(options: ViewOptions, index: number, maxBoundaries: number): AggregatingView {
  const selector = selectorOf(options, index);
  const limit = limitOf(options)?.limit ?? options.aggregationCardinalityLimit;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw invalid(
      index,
      `aggregationCardinalityLimit must be a whole number of at least 1, got ${String(limit)}`,
    );
  return withoutUndefined({
    selector,
    name: options.name,
    description: options.description,
    limit,
    process: processOf(options, index),
    ...aggregationOf(options.aggregation, index, maxBoundaries),
  }) as unknown as AggregatingView;
}

/** The SDK refuses the same Views: one that selects nothing in particular, and one name for several instruments. */
function selectorOf(options: unknown, index: number): ViewSelector {
  if (typeof options !== 'object' || options === null)
    throw invalid(index, `must be an object, got ${options === null ? 'null' : typeof options}`);
  const view = options as ViewOptions;
  const criteria = CRITERIA.filter(criterion => view[criterion] !== undefined && view[criterion] !== null);
  if (criteria.length === 0) throw invalid(index, `must have one of ${CRITERIA.join(', ')}`);
  for (const criterion of criteria)
    if (typeof view[criterion] !== 'string')
      throw invalid(index, `${criterion} must be a string, got ${typeof view[criterion]}`);
  if (view.name !== undefined && hasWildcard(view))
    throw invalid(
      index,
      `the name "${view.name}" would be given to several instruments: select one by instrumentName, without * and ?`,
    );
  return Object.fromEntries(criteria.map(criterion => [criterion, view[criterion]]));
}

function aggregationOf(
  aggregation: AggregationOption | undefined,
  index: number,
  maxBoundaries: number,
): Partial<AggregatingView> {
  if (aggregation === undefined) return {};
  const type: number = aggregation.type;
  switch (type) {
    case AGGREGATION.DEFAULT:
      return {};
    case AGGREGATION.DROP:
      return { drop: true };
    case AGGREGATION.SUM:
      return { aggregation: 'sum' };
    case AGGREGATION.LAST_VALUE:
      return { aggregation: 'last value' };
    case AGGREGATION.EXPLICIT_BUCKET_HISTOGRAM: {
      const { boundaries = DEFAULT_BOUNDARIES, recordMinMax = true } =
        (aggregation as { options?: { boundaries?: readonly number[]; recordMinMax?: boolean } }).options ??
        {};
      if (typeof recordMinMax !== 'boolean')
        throw invalid(index, `recordMinMax must be a boolean, got ${textOf(recordMinMax)}`);
      return {
        boundaries: boundariesOf(boundaries, index, maxBoundaries),
        ...(!recordMinMax && { recordMinMax }),
      };
    }
    case AGGREGATION.EXPONENTIAL_HISTOGRAM:
      throw invalid(index, 'exponential histograms are not offered by the store: use explicit buckets');
    default:
      throw invalid(index, `aggregation.type must be one of the SDK's AggregationType, got ${String(type)}`);
  }
}

/** Infinity as the last one is the bucket that exists anyway. */
function boundariesOf(boundaries: readonly number[], index: number, maxBoundaries: number): number[] {
  const isAscending =
    isArray(boundaries) &&
    boundaries.every(
      (bound: unknown, i) => Number(bound) === bound && (i === 0 || bound > Number(boundaries[i - 1])),
    );
  if (!isAscending || boundaries.length > maxBoundaries)
    throw invalid(
      index,
      `boundaries must be at most ${maxBoundaries} ascending numbers (maxBoundaries), got ${String(boundaries?.length)}: ` +
        String(boundaries).slice(0, 200),
    );
  return boundaries.filter(Number.isFinite);
}

/** The View's processors in a row. A limiting View's own processor is for host providers only: the store limits itself. */
function processOf(options: ViewOptions, index: number): View['process'] {
  const processors = (limitOf(options) ?? options).attributesProcessors ?? [];
  if (processors.length === 0) return undefined;
  for (const processor of processors)
    if (typeof processor?.process !== 'function')
      throw invalid(index, 'every one of attributesProcessors must have a method process()');
  return (attributes: Attributes, context?: Context) =>
    processors.reduce((result, processor) => processor.process(result, context as Context), attributes);
}

/** `Array.isArray` as a plain question: its narrowing would make `any` of the elements. */
function isArray(value: unknown): boolean {
  return Array.isArray(value);
}

function invalid(index: number, text: string): MetricStoreError {
  return new MetricStoreError('INVALID_OPTION', `view ${index}: ${text}`);
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
