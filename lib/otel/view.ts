// The SDK's ViewOptions as the store's Views.
import type { Attributes, Context } from '@opentelemetry/api';
import type { AggregationOption, IAttributesProcessor, ViewOptions } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { CARDINALITY_LIMIT_MAX } from '../limits.js';
import { DEFAULT_BOUNDARIES, readBoundaries } from '../store/definition/boundaries.js';
import type { AggregatingView } from '../store/definition/view-matching.js';
import {
  checkKeys,
  checkList,
  checkOption,
  checkWhole,
  hasMethod,
  ownValues,
  readable,
  readOptions,
  refuseOption,
  type KeysOf,
} from '../guard/option-checks.js';
import type { View, ViewSelector } from '../store/definition/view.js';
import { checkRules } from './label-policy.js';
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

/** What the SDK knows in a View. */
export const VIEW_KEYS: KeysOf<ViewOptions> = {
  name: true,
  description: true,
  attributesProcessors: true,
  aggregation: true,
  aggregationCardinalityLimit: true,
  instrumentType: true,
  instrumentName: true,
  instrumentUnit: true,
  meterName: true,
  meterVersion: true,
  meterSchemaUrl: true,
};

/** Options of a store that bound what its Views may say. */
export interface ViewBounds {
  readonly maxBoundaries: number;
  readonly maxLabelValueLength: number;
}

/** @throws MetricStoreError INVALID_OPTION for a View that the store cannot apply */
export function toStoreViews(
  views: readonly ViewOptions[] | undefined,
  bounds: ViewBounds,
): AggregatingView[] {
  if (views !== undefined) checkList('views', views);
  return (views ?? []).map((view, index) => toStoreView(view, index, bounds));
}

function toStoreView(
  given: ViewOptions,
  index: number,
  { maxBoundaries, maxLabelValueLength }: ViewBounds,
): AggregatingView {
  const options = ownView(given, index);
  const selector = selectorOf(options, index);
  const own = limitOf(given);
  const { isDryRun = false, labels: rules = [] } = own ?? {};
  const limit = own?.limit ?? options.aggregationCardinalityLimit;
  checkRules(`view ${index}`, rules, maxLabelValueLength);
  const labels = rules.length === 0 ? undefined : rules;
  if (limit !== undefined)
    checkWhole(`view ${index}: aggregationCardinalityLimit`, limit, 1, CARDINALITY_LIMIT_MAX);
  for (const text of ['name', 'description'] as const)
    checkOption(`view ${index}: ${text}`, options[text], 'string');
  return withoutUndefined({
    selector,
    name: options.name,
    description: options.description,
    limit,
    labels,
    ttlMillis: own?.ttlMillis,
    dryRun: isDryRun ? true : undefined,
    process: processOf(options.attributesProcessors ?? [], index),
    ...aggregationOf(options.aggregation, index, maxBoundaries),
  }) as unknown as AggregatingView;
}

/** The View's own properties. Of a limiting View the processors are those that it was made with. */
function ownView(given: ViewOptions, index: number): ViewOptions {
  const name = `view ${index}`;
  checkKeys(name, given, VIEW_KEYS);
  const limit = limitOf(given);
  if (limit === undefined) return readOptions(name, given, VIEW_KEYS);
  // Not read: a limiting View with a wildcard refuses a host that asks for them.
  const others = Object.keys(VIEW_KEYS).filter(key => key !== 'attributesProcessors');
  return { ...ownValues(given, others, name), attributesProcessors: [...limit.attributesProcessors] };
}

/** The SDK refuses the same Views: one that selects nothing in particular, and one name for several instruments. */
function selectorOf(view: ViewOptions, index: number): ViewSelector {
  const criteria = CRITERIA.filter(criterion => view[criterion] !== undefined && view[criterion] !== null);
  if (criteria.length === 0) throw invalid(index, `must have one of ${CRITERIA.join(', ')}`);
  for (const criterion of criteria) checkOption(`view ${index}: ${criterion}`, view[criterion], 'string');
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
  const { type, options } = readOptions<{ type: number; options?: object }>(
    `view ${index}: aggregation`,
    aggregation,
    { type: true, options: true },
  );
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
      const { boundaries, recordMinMax } = readOptions<BucketOptions>(
        `view ${index}: aggregation.options`,
        options ?? {},
        { boundaries: true, recordMinMax: true },
      );
      checkOption(`view ${index}: recordMinMax`, recordMinMax, 'boolean');
      return {
        boundaries:
          boundaries === undefined || boundaries === null
            ? DEFAULT_BOUNDARIES
            : boundariesOf(boundaries, index, maxBoundaries),
        ...(recordMinMax === false && { recordMinMax }),
      };
    }
    case AGGREGATION.EXPONENTIAL_HISTOGRAM:
      throw invalid(index, 'exponential histograms are not offered by the store: use explicit buckets');
    default:
      return refuseOption(`view ${index}: aggregation.type`, "one of the SDK's AggregationType", type);
  }
}

/** The SDK's options of explicit buckets. */
interface BucketOptions {
  readonly boundaries?: readonly number[] | null;
  readonly recordMinMax?: boolean;
}

/** As the SDK takes them: in any order, each once. */
function boundariesOf(given: unknown, index: number, maxBoundaries: number): readonly number[] {
  const read = readable(`view ${index}: boundaries`, () => readBoundaries(given, maxBoundaries));
  if ('problem' in read) throw invalid(index, `boundaries ${read.problem}`);
  return read.boundaries;
}

/** The View's processors in a row. A limiting View's own processor is for host providers only: the store limits itself. */
function processOf(processors: readonly IAttributesProcessor[], index: number): View['process'] {
  checkProcessors(`view ${index}: attributesProcessors`, processors);
  if (processors.length === 0) return undefined;
  return (attributes: Attributes, context?: Context) =>
    processors.reduce((result, processor) => processor.process(result, context as Context), attributes);
}

/** @throws MetricStoreError INVALID_OPTION */
export function checkProcessors(name: string, processors: unknown): void {
  checkList(name, processors, 'an array of objects with a method process()', each =>
    hasMethod(each, 'process'),
  );
}

function invalid(index: number, text: string): MetricStoreError {
  return new MetricStoreError('INVALID_OPTION', `view ${index}: ${text}`);
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
