import type { CardinalityReport, MetricCardinality } from '../lib/store/definition/cardinality-report.js';

export const HOSTILE: readonly string[];
export function metric(changes?: Partial<MetricCardinality>): MetricCardinality;
export function report(
  metrics: readonly MetricCardinality[],
  changes?: Partial<CardinalityReport>,
): CardinalityReport;
