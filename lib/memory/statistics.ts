// Counts that all threads of a store add to. Slow paths only: a record that succeeds is not counted here.
import type { Region } from './region.js';
import { DURATIONS, SATURATED, STATISTICS } from './words.js';

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
  'unsafeInteger',
  'deltaBatchesInDoubt',
  'droppedAttributes',
  'overwrittenObservations',
] as const;

export type StatisticName = (typeof STATISTIC_NAMES)[number];

/** Where each stands, in words of 64 bits. */
const PLACES = Object.fromEntries(
  STATISTIC_NAMES.map((name, index) => [name, STATISTICS / 8 + index]),
) as Readonly<Record<StatisticName, number>>;

/** Any thread may call it. Never throws. */
export function count(region: Region, name: StatisticName, by = 1): void {
  Atomics.add(region.i64, PLACES[name], BigInt(by));
}

export function readStatistic(region: Region, name: StatisticName): number {
  return Number(Atomics.load(region.i64, PLACES[name]));
}

/** How often a drain cut a sum off. Counted by the kernel, so it has a place of its own. */
export function readSaturated(region: Region): number {
  return Number(Atomics.load(region.i64, SATURATED / 8));
}

/** How long collections took, by phase. The order is part of the format: append only. */
export const DURATION_NAMES = ['swapWait', 'drain'] as const;

export type DurationName = (typeof DURATION_NAMES)[number];

/** Kept in microseconds. Any thread. */
export function addDuration(region: Region, name: DurationName, millis: number): void {
  const micros = BigInt(Math.max(0, Math.round(millis * 1000)));
  Atomics.add(region.i64, indexOf(name), micros);
}

/** Milliseconds, over all collections of all threads. */
export function readDuration(region: Region, name: DurationName): number {
  return Number(Atomics.load(region.i64, indexOf(name))) / 1000;
}

function indexOf(name: DurationName): number {
  return DURATIONS / 8 + DURATION_NAMES.indexOf(name);
}
