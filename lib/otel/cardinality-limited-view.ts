// Views that limit cardinality. The same object serves a store, which applies the limit itself, and a MeterProvider of the
// SDK, whose own limit starts anew with each collection: there it is applied by an attributes processor.
import type { Attributes, Context } from '@opentelemetry/api';
import type { IAttributesProcessor, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { LabelRule } from '../store/definition/label-rule.js';
import { AdmittedSets } from './admitted-sets.js';
import { MetricStoreError } from '../errors.js';
import { CARDINALITY_LIMIT_MAX } from '../limits.js';
import { canonicalize, canonicalizeLabels, parseAttributes } from '../store/series/attributes.js';
import { diag } from '../guard/guarded-diag.js';
import {
  checkKeys,
  checkList,
  checkOption,
  checkWhole,
  ownValues,
  readOptions,
  refuseOption,
  shown,
  type KeysOf,
} from '../guard/option-checks.js';
import { OVERFLOW_ATTRIBUTES, OVERFLOW_TEXT } from '../store/definition/overflow.js';
import { textOf } from '../guard/thrown.js';
import { HostLabels } from './host-labels.js';
import { checkRuleCount, readLabelPolicies, type LabelPolicy } from './label-policy.js';
import { brandWithLimit, limitOf } from './view-brand.js';
import { checkProcessors, VIEW_KEYS } from './view.js';
import { CRITERIA, hasWildcard, matchesEverything, mayShareStream, selectorText } from './view-selector.js';

/** Options of `cardinalityLimitedView`: those of a View, with an exact limit. */
export interface CardinalityLimitedViewOptions extends Omit<ViewOptions, 'aggregationCardinalityLimit'> {
  /** Distinct attribute sets of the stream, overflow not counted. A whole number of at least 1. */
  readonly limit: number;
  /**
   * `'view'`: on a MeterProvider, all instruments that a selector with a wildcard matches share one limit. In a store each
   * stream has its own limit, whatever this says.
   */
  readonly scope?: 'view';
  /**
   * What may become of labels, by their names; at most 16. After the `attributesProcessors` and before the limit. In a store
   * the values of `maxValues` are counted exactly, all threads together; on a MeterProvider each thread counts for itself, never
   * forgets a value, and observable instruments are left as they are. Whoever attaches to a store must give the Views again
   * if one has a `map`.
   */
  readonly labels?: Readonly<Record<string, LabelPolicy>>;
  /**
   * Milliseconds after which a series that nobody records into expires; 0: never. In a store only, where it wins over the
   * store's own `seriesTtlMillis` and, as there, has no effect on up-down counters. Of a custom metric its `metricsConfig` wins.
   * @defaultValue the store's
   */
  readonly seriesTtlMillis?: number;
  /**
   * true: `limit`, `labels` and `seriesTtlMillis` are only tried. Nothing is rewritten, limited or let go by them, and
   * `store.cardinalityReport()` says how many of the series that there are they would leave (`dryRun`). On a MeterProvider the
   * View does nothing but its `attributesProcessors`. @defaultValue `false`
   */
  readonly dryRun?: boolean;
}

const LIMITED_VIEW_KEYS: KeysOf<CardinalityLimitedViewOptions> = {
  instrumentName: true,
  instrumentType: true,
  instrumentUnit: true,
  meterName: true,
  meterVersion: true,
  meterSchemaUrl: true,
  name: true,
  description: true,
  attributesProcessors: true,
  aggregation: true,
  limit: true,
  scope: true,
  labels: true,
  seriesTtlMillis: true,
  dryRun: true,
};

/** The SDK overflows at one below its limit and counts the overflow set too, so its own limit must stay out of the way. */
const HOST_MARGIN = 2;

/**
 * A View whose stream has at most `limit` distinct attribute sets; records of others go to the series
 * `otel.metric.overflow`. For `createStore({ views })` and for a MeterProvider. There, observable instruments are not
 * limited, the sets admitted are never forgotten, and a selector with a wildcard is refused when the provider reads the
 * View, unless `scope: 'view'`. In a store it also limits custom metrics, selected by the name that they are exposed under
 * (`argo_workflows_…`). Any thread; each counts for itself on a MeterProvider, all together in a store.
 *
 * @throws MetricStoreError INVALID_OPTION
 * @example
 * const views = [cardinalityLimitedView({ instrumentName: 'http.requests', limit: 100 })];
 */
export function cardinalityLimitedView(options: CardinalityLimitedViewOptions): ViewOptions {
  return limitedView(readLimitedView(options));
}

/** Options that were read, and the rules that `labels` are. */
interface ReadView extends Omit<CardinalityLimitedViewOptions, 'labels'> {
  readonly rules: readonly LabelRule[];
}

function limitedView(options: ReadView): ViewOptions {
  const {
    limit,
    scope,
    rules,
    seriesTtlMillis: ttlMillis,
    dryRun,
    attributesProcessors = [],
    ...view
  } = options;
  const isDryRun = dryRun === true;
  const hostProcessors = isDryRun
    ? attributesProcessors
    : [new LimitingProcessor(limit, attributesProcessors, rules)];
  const isShared = !isDryRun && hasWildcard(options) && scope !== 'view';
  const limited: ViewOptions = isDryRun
    ? { ...view }
    : { ...view, aggregationCardinalityLimit: limit + HOST_MARGIN };
  Object.defineProperty(limited, 'attributesProcessors', {
    enumerable: true,
    get: () => {
      if (isShared) throw wildcardOnHost(options);
      return hostProcessors;
    },
  });
  return brandWithLimit(limited, {
    limit,
    attributesProcessors,
    labels: rules,
    ...(ttlMillis !== undefined && { ttlMillis }),
    ...(isDryRun && { isDryRun }),
  });
}

/**
 * Merges limits into existing Views: a limit with the same selector as a View becomes part of it, any other one becomes a
 * View of its own. One that might match an instrument which another View matches too, with a different selector, is
 * refused: a MeterProvider would count such an instrument twice.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function limitViews(
  views: readonly ViewOptions[],
  limits: readonly CardinalityLimitedViewOptions[],
): ViewOptions[] {
  checkList('views', views);
  checkList('limits', limits);
  for (const [index, view] of views.entries()) checkKeys(`view ${index}`, view, VIEW_KEYS);
  const merged = [...views];
  for (const given of limits) {
    const limit = readLimitedView(given);
    const same = [...merged.keys()].filter(
      index => selectorText(merged[index] ?? {}) === selectorText(limit),
    );
    if (same.length === 0) {
      const other = merged.find(view => mayShareStream(view, limit));
      if (other !== undefined)
        throw new MetricStoreError(
          'INVALID_OPTION',
          `the limit of ${selectorText(limit)} and the View of ${selectorText(other)} may match the same instrument, which would ` +
            'count twice: give both the same selector',
        );
      merged.push(limitedView(limit));
    }
    for (const index of same) merged[index] = merge(merged[index] ?? {}, limit);
  }
  return merged;
}

function merge(view: ViewOptions, limit: ReadView): ViewOptions {
  const own = ownValues(view, ['name', 'description', 'aggregation']) as ViewOptions;
  const { name, description, aggregation } = own;
  const known = limitOf(view);
  const { attributesProcessors: processors = [] } =
    known ?? (ownValues(view, ['attributesProcessors']) as ViewOptions);
  return limitedView({
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(aggregation !== undefined && { aggregation }),
    ...(known?.isDryRun === true && { dryRun: true }),
    ...(known?.ttlMillis !== undefined && { seriesTtlMillis: known.ttlMillis }),
    ...limit,
    attributesProcessors: [...processors, ...(limit.attributesProcessors ?? [])],
    rules: mergeRules(known?.labels ?? [], limit),
  });
}

/** Policies of other labels go together; of two for one label nobody knows which was meant. */
function mergeRules(known: readonly LabelRule[], limit: ReadView): LabelRule[] {
  const twice = limit.rules.find(({ label }) => known.some(other => other.label === label));
  if (twice !== undefined)
    throw new MetricStoreError(
      'INVALID_OPTION',
      `the View of ${selectorText(limit)} and its limit both have a policy for the label ${shown(twice.label)}: keep one of them`,
    );
  return checkRuleCount([...known, ...limit.rules]);
}

function readLimitedView(given: CardinalityLimitedViewOptions): ReadView {
  const { labels, ...options } = readOptions('a limited View', given, LIMITED_VIEW_KEYS);
  checkOptions(options);
  return { ...options, rules: readLabelPolicies(labels) };
}

function checkOptions(options: Omit<CardinalityLimitedViewOptions, 'labels'>): void {
  checkWhole('limit', options.limit, 1, CARDINALITY_LIMIT_MAX);
  for (const criterion of [...CRITERIA, 'name', 'description'] as const)
    checkOption(criterion, options[criterion], 'string');
  checkProcessors('attributesProcessors', options.attributesProcessors ?? []);
  checkOption('dryRun', options.dryRun, 'boolean');
  if (options.seriesTtlMillis !== undefined)
    checkWhole('seriesTtlMillis', options.seriesTtlMillis, 0, Number.MAX_SAFE_INTEGER);
  if (options.scope !== undefined && options.scope !== 'view')
    refuseOption('scope', "'view' or absent", options.scope);
  if (matchesEverything(options))
    throw new MetricStoreError(
      'INVALID_OPTION',
      'a limit for every instrument ("*") would count those twice that another View matches: name the instruments, ' +
        'or give createStore a cardinalityLimit',
    );
}

function wildcardOnHost(options: ReadView): MetricStoreError {
  return new MetricStoreError(
    'INVALID_OPTION',
    `on a MeterProvider, all instruments that ${selectorText(options)} matches would share the limit of ${options.limit}: ` +
      "name one instrument per View, or say scope: 'view' if sharing is meant",
  );
}

/** For the SDK, which runs it inside of `add()`: it must not throw. */
class LimitingProcessor implements IAttributesProcessor {
  readonly #processors: readonly IAttributesProcessor[];
  readonly #labels: HostLabels;
  readonly #sets: AdmittedSets<Attributes>;
  #hasWarned = false;

  constructor(limit: number, processors: readonly IAttributesProcessor[], rules: readonly LabelRule[]) {
    this.#processors = processors;
    this.#labels = new HostLabels(rules, detail => this.#warn(detail));
    this.#sets = new AdmittedSets(limit);
  }

  process(incoming: Attributes, context?: Context): Attributes {
    try {
      const processed = this.#processors.reduce(
        (attributes, processor) => processor.process(attributes, context),
        incoming,
      );
      const { text: given } = canonicalize(processed, Infinity);
      // The SDK gives a context with each record, and none with an observation.
      if (context === undefined) {
        this.#warn('observable instruments of a MeterProvider are not limited: use those of the store');
        return parseAttributes(given);
      }
      const text = this.#labels.isEmpty ? given : this.#decided(given);
      if (text === OVERFLOW_TEXT) return OVERFLOW_ATTRIBUTES;
      return this.#sets.admit(text, () => parseAttributes(text)) ?? OVERFLOW_ATTRIBUTES;
    } catch (error) {
      this.#warn(`an attributes processor failed, its records go to the overflow series: ${textOf(error)}`);
      return OVERFLOW_ATTRIBUTES;
    }
  }

  #decided(given: string): string {
    const labels = new Map(Object.entries(parseAttributes(given)));
    return canonicalizeLabels(this.#labels.decide(labels), Infinity).text;
  }

  #warn(message: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    diag.warn(`otel-argo-metrics: ${message}`);
  }
}
