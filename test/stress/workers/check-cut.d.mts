import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

export function checkCut(
  resourceMetrics: ResourceMetrics,
  last: Map<string, number> | undefined,
  violations: string[],
): Map<string, number>;
