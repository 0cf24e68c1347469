// What one collection gives to an exporter, and in how many pieces. Pure.
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';

/** Points on their way to an exporter, by whose they are: what becomes of those that do not arrive differs. */
export interface Batch {
  /** Of the provider's own instruments and of further producers: nobody produces them again. */
  readonly foreign: readonly ScopeMetrics[];
  /** The store's. */
  readonly own: readonly ScopeMetrics[];
}

/** As one list, as exporters want it. */
export function scopesOf({ foreign, own }: Batch): ScopeMetrics[] {
  return [...foreign, ...own];
}

/** Whether there is not one point in it. */
export function isEmpty(batch: Batch): boolean {
  return scopesOf(batch).every(({ metrics }) => metrics.every(({ dataPoints }) => dataPoints.length === 0));
}

/**
 * Pieces of at most `pointsMax` points: all full but the last one, in order, no point in two of them, metric and scope
 * repeated. What has no point is in none.
 */
export function splitBatch(batch: Batch, pointsMax: number): Batch[] {
  const pieces: { foreign: ScopeMetrics[]; own: ScopeMetrics[] }[] = [];
  let room = 0;
  for (const part of ['foreign', 'own'] as const)
    for (const { scope, metrics } of batch[part]) {
      let target: ScopeMetrics = { scope, metrics: [] };
      for (const metric of metrics)
        for (let at = 0; at < metric.dataPoints.length;) {
          if (room === 0) {
            pieces.push({ foreign: [], own: [] });
            room = pointsMax;
            target = { scope, metrics: [] };
          }
          if (target.metrics.length === 0) pieces.at(-1)?.[part].push(target);
          const dataPoints = metric.dataPoints.slice(at, at + room);
          target.metrics.push({ ...metric, dataPoints } as typeof metric);
          at += dataPoints.length;
          room -= dataPoints.length;
        }
    }
  return pieces;
}
