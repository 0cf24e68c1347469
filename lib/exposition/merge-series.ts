import type { CollectedStream, HistogramValue } from '../store/stream.js';
import { compareText } from './series-texts.js';
import type { AlignedTexts } from './series-texts.js';

export type SampleValue = number | HistogramValue;

/** The series of one metric name, ready to be written one after the other. */
export interface OrderedSeries {
  /** Indices into what follows, in the order of the texts. */
  readonly order: readonly number[];
  readonly texts: readonly string[];
  readonly points: readonly { readonly value: SampleValue }[];
  /** Of a histogram; streams of one name may differ in their boundaries. */
  readonly boundariesOf: (index: number) => readonly number[];
}

interface Row {
  readonly text: string;
  readonly boundaries: readonly number[];
  value: SampleValue;
}

/**
 * Brings the series of all streams of one metric name together. A stream alone, the usual case, is passed through.
 *
 * Series that translating made equal would be the same series twice, for which a server refuses the scrape. They are one
 * series to Prometheus, so their counts are added; of gauges, which cannot be added, the first stays.
 */
export function mergeSeries(
  streams: readonly CollectedStream[],
  aligned: readonly AlignedTexts[],
  warn: (message: string) => void,
): OrderedSeries {
  const [onlyStream] = streams;
  const [onlyTexts] = aligned;
  if (onlyStream === undefined || onlyTexts === undefined) return orderedRows([]);
  if (streams.length === 1 && !onlyTexts.hasDuplicates) {
    const { boundaries } = onlyStream.definition;
    return { ...onlyTexts, points: onlyStream.points, boundariesOf: () => boundaries };
  }
  const rows = new Map<string, Row>();
  streams.forEach(({ definition, points }, streamIndex) => {
    const { boundaries, kind } = definition;
    const isGauge = kind === 'GAUGE' || kind === 'OBSERVABLE_GAUGE';
    points.forEach(({ value }, pointIndex) => {
      const text = aligned[streamIndex]?.texts[pointIndex] ?? '';
      const row = rows.get(text);
      if (row === undefined) {
        rows.set(text, { text, boundaries, value });
        return;
      }
      const sum = isGauge || !isEqual(row.boundaries, boundaries) ? undefined : added(row.value, value);
      if (sum === undefined)
        warn(`Two series of "${definition.name}" have the same labels in Prometheus. The first is exposed.`);
      else row.value = sum;
    });
  });
  return orderedRows([...rows.values()]);
}

function orderedRows(rows: readonly Row[]): OrderedSeries {
  const points = [...rows].sort((a, b) => compareText(a.text, b.text));
  return {
    order: points.map((_, index) => index),
    texts: points.map(row => row.text),
    points,
    boundariesOf: index => points[index]?.boundaries ?? [],
  };
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((boundary, index) => boundary === b[index]);
}

/** Nothing when a number meets a histogram, which the TYPE check has excluded. */
function added(a: SampleValue, b: SampleValue): SampleValue | undefined {
  if (typeof a === 'number') return typeof b === 'number' ? a + b : undefined;
  if (typeof b === 'number') return undefined;
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)),
  };
}
