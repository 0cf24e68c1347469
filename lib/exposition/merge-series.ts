import { sumOfValues } from '../store/collect/lives.js';
import { valueAt } from '../store/definition/columns.js';
import type { CollectedStream, HistogramValue, StreamDefinition } from '../store/definition/stream.js';
import { instrumentText } from './metric-name.js';
import type { AlignedTexts } from './series-texts.js';
import { compareText } from './text-order.js';

export type SampleValue = number | HistogramValue;

/** The series of one metric name, ready to be written one after the other. */
export interface OrderedSeries {
  /** Indices into what follows, in the order of the texts. */
  readonly order: readonly number[];
  readonly texts: readonly string[];
  /** Alone, because a client that takes its time holds them: of a number that is eight bytes for each series. */
  readonly values: Float64Array | readonly SampleValue[];
  /** Of a histogram; streams of one name may differ in their boundaries. */
  readonly boundariesOf: (index: number) => readonly number[];
}

interface Row {
  readonly text: string;
  readonly definition: StreamDefinition;
  value: SampleValue;
}

/**
 * Brings the series of all streams of one metric name together. A stream alone, the usual case, is passed through.
 *
 * Series that translating made equal would be the same series twice, for which a server refuses the scrape. Within one
 * instrument they are parts of one whole, so their counts are added; of gauges, which cannot be added, the first stays.
 * The numbers of two instruments say nothing together: the series of the one that was registered first stays.
 *
 * @param warn is told the subject, the same for the same conflict, and a text.
 */
export function mergeSeries(
  streams: readonly CollectedStream[],
  aligned: readonly AlignedTexts[],
  warn: (subject: string, message: string) => void,
): OrderedSeries {
  const [onlyStream] = streams;
  const [onlyTexts] = aligned;
  if (onlyStream === undefined || onlyTexts === undefined) return orderedRows([]);
  if (streams.length === 1 && !onlyTexts.hasDuplicates) {
    const { boundaries } = onlyStream.definition;
    const { order, texts } = onlyTexts;
    return { order, texts, values: valuesOf(onlyStream), boundariesOf: () => boundaries };
  }
  const rows = new Map<string, Row>();
  streams.forEach(({ definition, points }, streamIndex) => {
    const isGauge = definition.kind === 'GAUGE' || definition.kind === 'OBSERVABLE_GAUGE';
    points.series.forEach((_, pointIndex) => {
      const value = valueAt(points, pointIndex);
      const text = aligned[streamIndex]?.texts[pointIndex] ?? '';
      const row = rows.get(text);
      if (row === undefined) rows.set(text, { text, definition, value });
      else if (row.definition !== definition) warn(...twoInstruments(definition, row.definition));
      else if (isGauge) warn(...twoValues(definition));
      else row.value = sumOfValues(row.value, value);
    });
  });
  return orderedRows([...rows.values()]);
}

function valuesOf({ definition, points }: CollectedStream): OrderedSeries['values'] {
  if (definition.kind !== 'HISTOGRAM') return points.numbers;
  return points.series.map((_, index) => valueAt(points, index));
}

function twoInstruments(
  later: StreamDefinition,
  first: StreamDefinition,
): [subject: string, message: string] {
  const subject = instrumentText(later);
  return [
    subject,
    `Not exposed to Prometheus: series of ${subject} whose labels ${instrumentText(first)} has too, because the names ` +
      'of both come out the same. Rename one of them, for example by a View.',
  ];
}

function twoValues(definition: StreamDefinition): [subject: string, message: string] {
  const subject = instrumentText(definition);
  return [subject, `Two series of ${subject} have the same labels in Prometheus. The first is exposed.`];
}

function orderedRows(rows: readonly Row[]): OrderedSeries {
  const sorted = [...rows].sort((a, b) => compareText(a.text, b.text));
  const boundaries = sorted.map(row => row.definition.boundaries);
  return {
    order: sorted.map((_, index) => index),
    texts: sorted.map(row => row.text),
    values: sorted.map(row => row.value),
    boundariesOf: index => boundaries[index] ?? [],
  };
}
