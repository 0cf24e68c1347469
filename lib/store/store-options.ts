/*
 * The options of a store that are plain data: they travel in the handle, so that all threads go by the same ones.
 */
import { MetricStoreError } from '../errors.js';
import * as limits from '../limits.js';
import type { LayoutRequest } from '../memory/layout.js';
import type { View } from './view.js';

/** The only source of time for realtime values and expiry. `now()` is Unix milliseconds. */
export interface Clock {
  now(): number;
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now() };

/** What `createCore` takes; the public `StoreOptions` documents each. */
export interface CoreOptions {
  readonly shared?: boolean | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxSeries?: number | undefined;
  readonly stripes?: number | undefined;
  readonly maxStreams?: number | undefined;
  readonly maxBoundaries?: number | undefined;
  readonly maxLabelBytes?: number | undefined;
  readonly maxLabelValueLength?: number | undefined;
  readonly handleCacheSize?: number | undefined;
  readonly cardinalityLimit?: number | undefined;
  readonly seriesTtlMillis?: number | undefined;
  readonly stallDeadlineMillis?: number | undefined;
  readonly callbackTimeoutMillis?: number | undefined;
  readonly readerLeaseMillis?: number | undefined;
  readonly views?: readonly View[] | undefined;
  readonly clock?: Clock | undefined;
}

/** Every option with its value. Cloneable. */
export interface ResolvedOptions {
  readonly shared: boolean;
  readonly layout: LayoutRequest;
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
  const shared = options.shared ?? true;
  if (typeof shared !== 'boolean')
    throw new MetricStoreError('INVALID_OPTION', `shared must be a boolean, got ${String(shared)}`);
  const whole = (name: keyof CoreOptions, fallback: number, min: number, max: number): number => {
    const value = options[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
      throw new MetricStoreError(
        'INVALID_OPTION',
        `${name} must be a whole number from ${min} to ${max}, got ${describe(value)}`,
      );
    return value;
  };
  const maxBytes = whole('maxBytes', limits.STORE_BYTES_DEFAULT, limits.PAGE_BYTES, limits.STORE_BYTES_MAX);
  const days = 2 ** 31 - 1; // What a timer of Node takes, in milliseconds.
  const stripes = Math.min(limits.STRIPES_MAX, Math.max(4, 2 * cores));
  const optional = (name: 'maxSeries' | 'maxLabelBytes', min: number): Record<string, number> =>
    options[name] === undefined ? {} : { [name]: whole(name, 0, min, limits.STORE_BYTES_MAX) };
  return {
    shared,
    layout: {
      maxBytes,
      stripes: shared ? whole('stripes', stripes, 1, limits.STRIPES_MAX) : 1,
      maxStreams: whole('maxStreams', limits.STREAMS_DEFAULT, 1, 1_000_000),
      maxBoundaries: whole('maxBoundaries', limits.BOUNDARIES_DEFAULT, 1, 10_000),
      ...optional('maxSeries', 1),
      ...optional('maxLabelBytes', 64),
    },
    maxLabelValueLength: whole('maxLabelValueLength', limits.LABEL_VALUE_LENGTH_DEFAULT, 32, 1_000_000),
    handleCacheSize: whole('handleCacheSize', limits.HANDLE_CACHE_SIZE_DEFAULT, 0, 100_000_000),
    cardinalityLimit: whole('cardinalityLimit', limits.CARDINALITY_LIMIT_DEFAULT, 1, days),
    seriesTtlMillis: whole('seriesTtlMillis', 0, 0, Number.MAX_SAFE_INTEGER),
    stallDeadlineMillis: whole('stallDeadlineMillis', limits.STALL_DEADLINE_DEFAULT, 1, days),
    callbackTimeoutMillis: whole('callbackTimeoutMillis', limits.CALLBACK_TIMEOUT_DEFAULT, 1, days),
    readerLeaseMillis: whole('readerLeaseMillis', limits.READER_LEASE_DEFAULT, 1, Number.MAX_SAFE_INTEGER),
  };
}

function describe(value: unknown): string {
  return typeof value === 'bigint'
    ? `${value}n`
    : typeof value === 'string'
      ? JSON.stringify(value)
      : String(value);
}
