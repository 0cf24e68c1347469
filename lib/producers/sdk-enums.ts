// Values of the SDK's enums, which are the same in all its versions: nothing of the SDK is imported at run time.
import type { AggregationTemporality } from '@opentelemetry/sdk-metrics';

export const DELTA = 0 as AggregationTemporality;
export const CUMULATIVE = 1 as AggregationTemporality;

export const DATA_POINT_TYPE = { HISTOGRAM: 0, EXPONENTIAL_HISTOGRAM: 1, GAUGE: 2, SUM: 3 } as const;
