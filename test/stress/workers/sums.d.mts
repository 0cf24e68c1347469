import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';

export function checkedSums(resourceMetrics: ResourceMetrics): Record<string, number>;
