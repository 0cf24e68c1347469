import type { Attributes } from '@opentelemetry/api';
import type { CollectedStream, HistogramValue, StreamDefinition } from '../../lib/store/definition/stream.js';
import { columnsFrom } from '../support/points.js';

/** A stream as a collection hands it out, made by hand. */
export function stream(
  definition: Partial<StreamDefinition>,
  ...points: readonly (readonly [Attributes, number | HistogramValue])[]
): CollectedStream {
  const whole: StreamDefinition = {
    scope: { name: 'test' },
    name: 'metric',
    description: '',
    unit: '',
    valueType: 1,
    kind: 'COUNTER',
    boundaries: [],
    limit: 2000,
    verbatim: false,
    ...definition,
  };
  return {
    definition: whole,
    temporality: 'cumulative',
    points: columnsFrom(
      whole,
      points.map(([attributes, value]) => ({ attributes, startUnixMillis: 0, value })),
    ),
  };
}

/** The same for what Argo declares: no scope labels, no suffixes. */
export function verbatimStream(
  definition: Partial<StreamDefinition>,
  ...points: readonly (readonly [Attributes, number | HistogramValue])[]
): CollectedStream {
  return stream({ scope: { name: 'otel-argo-metrics' }, verbatim: true, ...definition }, ...points);
}

/** What a histogram comes to after `values`. */
export function histogramOf(boundaries: readonly number[], values: readonly number[]): HistogramValue {
  const counts = [...boundaries, Infinity].map(() => 0);
  for (const value of values) {
    const index = boundaries.findIndex(boundary => value <= boundary);
    const bucketIndex = index < 0 ? boundaries.length : index;
    counts[bucketIndex] = (counts[bucketIndex] ?? 0) + 1;
  }
  const sum = values.reduce((total, value) => total + value, 0);
  return { count: values.length, sum, min: Math.min(...values), max: Math.max(...values), counts };
}
