// The options of a store that are plain data: they travel in the handle, so that all threads go by the same ones.
import * as limits from '../../limits.js';
import type { LayoutRequest } from '../../memory/layout.js';
import type { Clock } from '../../guard/guarded-clock.js';
import { checkRecord, checkOption, checkWhole } from '../../guard/option-checks.js';
import type { View } from './view.js';

/** What `createCore` takes; the public `StoreOptions` documents each. */
export interface CoreOptions {
  readonly shared?: boolean | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxSeries?: number | undefined;
  readonly stripes?: number | undefined;
  readonly maxStreams?: number | undefined;
  readonly maxBoundaries?: number | undefined;
  readonly maxLabelBytes?: number | undefined;
  readonly maxAttributes?: number | undefined;
  readonly maxLabelValueLength?: number | undefined;
  readonly handleCacheSize?: number | undefined;
  readonly cardinalityLimit?: number | undefined;
  readonly seriesTtlMillis?: number | undefined;
  readonly stallDeadlineMillis?: number | undefined;
  readonly callbackTimeoutMillis?: number | undefined;
  readonly readerLeaseMillis?: number | undefined;
  readonly views?: readonly View[] | undefined;
  readonly clock?: Clock | undefined;
  /** Of what the creating thread records. */
  readonly attributes?: object | undefined;
}

/** Every option with its value. Cloneable. */
export interface ResolvedOptions {
  readonly shared: boolean;
  readonly layout: LayoutRequest;
  readonly maxAttributes: number;
  readonly maxLabelValueLength: number;
  readonly handleCacheSize: number;
  readonly cardinalityLimit: number;
  readonly seriesTtlMillis: number;
  readonly stallDeadlineMillis: number;
  readonly callbackTimeoutMillis: number;
  readonly readerLeaseMillis: number;
}

/** @throws MetricStoreError INVALID_OPTION with the option, the value and the bound */
export function resolveOptions(options: CoreOptions, cores: number): ResolvedOptions {
  checkOption('shared', options.shared, 'boolean');
  if (options.attributes !== undefined) checkRecord('attributes', options.attributes);
  const shared = options.shared ?? true;
  const whole = (name: keyof CoreOptions, fallback: number, min: number, max: number): number => {
    const value = options[name] ?? fallback;
    checkWhole(name, value, min, max);
    return value as number;
  };
  const { STORE_BYTES_MAX, TIMER_MILLIS_MAX } = limits;
  const stripes = Math.min(limits.STRIPES_MAX, Math.max(4, 2 * cores));
  const optional = (name: 'maxSeries' | 'maxLabelBytes', min: number): Record<string, number> =>
    options[name] === undefined ? {} : { [name]: whole(name, 0, min, STORE_BYTES_MAX) };
  return {
    shared,
    layout: {
      maxBytes: whole('maxBytes', limits.STORE_BYTES_DEFAULT, limits.PAGE_BYTES, STORE_BYTES_MAX),
      stripes: shared ? whole('stripes', stripes, 1, limits.STRIPES_MAX) : 1,
      maxStreams: whole('maxStreams', limits.STREAMS_DEFAULT, 1, limits.STREAMS_MAX),
      maxBoundaries: whole('maxBoundaries', limits.BOUNDARIES_DEFAULT, 1, limits.BOUNDARIES_MAX),
      ...optional('maxSeries', 1),
      ...optional('maxLabelBytes', limits.LABEL_BYTES_MIN),
    },
    maxAttributes: whole('maxAttributes', limits.ATTRIBUTES_DEFAULT, 1, limits.ATTRIBUTES_MAX),
    maxLabelValueLength: whole(
      'maxLabelValueLength',
      limits.LABEL_VALUE_LENGTH_DEFAULT,
      limits.LABEL_VALUE_LENGTH_MIN,
      limits.LABEL_VALUE_LENGTH_MAX,
    ),
    handleCacheSize: whole(
      'handleCacheSize',
      limits.HANDLE_CACHE_SIZE_DEFAULT,
      0,
      limits.HANDLE_CACHE_SIZE_MAX,
    ),
    cardinalityLimit: whole(
      'cardinalityLimit',
      limits.CARDINALITY_LIMIT_DEFAULT,
      1,
      limits.CARDINALITY_LIMIT_MAX,
    ),
    // These two are compared with the clock; the others are given to a timer.
    seriesTtlMillis: whole('seriesTtlMillis', 0, 0, Number.MAX_SAFE_INTEGER),
    readerLeaseMillis: whole(
      'readerLeaseMillis',
      limits.READER_LEASE_MILLIS_DEFAULT,
      1,
      Number.MAX_SAFE_INTEGER,
    ),
    stallDeadlineMillis: whole(
      'stallDeadlineMillis',
      limits.STALL_DEADLINE_MILLIS_DEFAULT,
      1,
      TIMER_MILLIS_MAX,
    ),
    callbackTimeoutMillis: whole(
      'callbackTimeoutMillis',
      limits.CALLBACK_TIMEOUT_MILLIS_DEFAULT,
      1,
      TIMER_MILLIS_MAX,
    ),
  };
}
