/*
 * Counts that all threads of a store add to. Slow paths only: a record that succeeds is not counted here.
 */
import type { Region } from './region.js';
import { STATISTICS } from './words.js';

/** The order is part of the format: append only. */
export const STATISTIC_NAMES = [
  'notANumber',
  'negative',
  'notFinite',
  'ended',
  'contended',
  'attributes',
  'streams',
  'overflowedSeries',
  'slotsExhausted',
  'histogramsExhausted',
  'labelBytesExhausted',
  'truncatedLabels',
  'callbackErrors',
  'stalledCuts',
  'failedExports',
  'reclaimed',
] as const;

export type StatisticName = (typeof STATISTIC_NAMES)[number];

const INDEX = new Map<StatisticName, number>(
  STATISTIC_NAMES.map((name, index) => [name, STATISTICS / 8 + index]),
);

/** Any thread may call it. Never throws. */
export function count(region: Region, name: StatisticName, by = 1): void {
  Atomics.add(region.i64, INDEX.get(name) ?? 0, BigInt(by));
}

export function readStatistic(region: Region, name: StatisticName): number {
  return Number(Atomics.load(region.i64, INDEX.get(name) ?? 0));
}
