import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { Attributes, DiagLogger, HrTime } from '@opentelemetry/api';
import type { CollectionResult, MetricData } from '@opentelemetry/sdk-metrics';

/** A point of any metric, with what all of them have. */
export interface Point {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly value: unknown;
}

export function metricsOf({ resourceMetrics }: CollectionResult): MetricData[] {
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
}

export function namesOf(result: CollectionResult): string[] {
  return metricsOf(result).map(({ descriptor }) => descriptor.name);
}

/** The points of one metric, or of all. */
export function pointsOf(result: CollectionResult, name?: string): Point[] {
  return metricsOf(result)
    .filter(({ descriptor }) => name === undefined || descriptor.name === name)
    .flatMap(({ dataPoints }): readonly Point[] => dataPoints);
}

/**
 * What a metric says: its attribute sets as JSON, and their values. A set that stands there twice gets a key of its own,
 * so that no comparison can miss it.
 */
export function valuesOf(result: CollectionResult, name?: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { attributes, value } of pointsOf(result, name)) {
    const key = JSON.stringify(attributes);
    values[key in values ? `${key} again` : key] = value;
  }
  return values;
}

export function sumOf(result: CollectionResult, name?: string): number {
  return pointsOf(result, name).reduce((sum, { value }) => sum + Number(value), 0);
}

export function millisOf([seconds, nanos]: HrTime): number {
  return seconds * 1000 + nanos / 1e6;
}

export const OVERFLOW = '{"otel.metric.overflow":true}';

/** What the library says from now on, errors and warnings. `diag.disable()` ends it. */
export function captureDiag(): string[] {
  const messages: string[] = [];
  const keep = (...words: unknown[]): void => void messages.push(words.map(String).join(' '));
  const ignore = (): void => undefined;
  const logger: DiagLogger = { error: keep, warn: keep, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return messages;
}

export function turnOfEventLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
