import type { HistogramValue } from '../store/definition/stream.js';
import { numberText } from './number-text.js';

/** What stands before the value: `name`, or `name{key="value"}`. */
export function sampleName(name: string, labels: string): string {
  return labels === '' ? name : `${name}{${labels}}`;
}

/** The line of a counter or a gauge. */
export function sampleLine(sample: string, value: number): string {
  return `${sample} ${numberText(value)}\n`;
}

/** The ends of the bucket names of one set of boundaries: `le="0.5"} `. The last bucket, `+Inf`, is always there. */
export function bucketEnds(boundaries: readonly number[]): readonly string[] {
  return boundaries.filter(boundary => boundary < Infinity).map(boundary => `le="${numberText(boundary)}"} `);
}

/** All lines of one histogram: its buckets, cumulative and ascending, then the sum and the count. */
export function histogramLines(
  name: string,
  labels: string,
  value: HistogramValue,
  ends: readonly string[],
): string {
  const bucket = labels === '' ? `${name}_bucket{` : `${name}_bucket{${labels},`;
  let lines = '';
  let cumulative = 0;
  for (let index = 0; index < ends.length; index++) {
    cumulative += value.counts[index] ?? 0;
    lines += `${bucket}${ends[index] ?? ''}${numberText(cumulative)}\n`;
  }
  const count = numberText(value.count);
  lines += `${bucket}le="+Inf"} ${count}\n`;
  lines += sampleLine(sampleName(`${name}_sum`, labels), value.sum);
  return `${lines}${sampleName(`${name}_count`, labels)} ${count}\n`;
}
