// Totals as a record has them.
import type { HistogramValue } from '../../store/definition/stream.js';
import type { SavedSeries } from '../../store/restore.js';
import { readNumber, saveNumber, type SavedNumber, type SavedTotal } from './state-record.js';

export function savedTotalOf({
  attributes,
  value,
  gauge,
  startUnixMillis,
  usedUnixMillis,
}: SavedSeries): SavedTotal {
  const saved = typeof value === 'number' ? saveNumber(value) : savedHistogramOf(value);
  const total = [attributes ?? null, saved, startUnixMillis, usedUnixMillis] as const;
  return gauge === undefined ? total : [...total, gauge];
}

export function savedSeriesOf([attributes, value, start, used, gauge]: SavedTotal): SavedSeries {
  return {
    attributes: (attributes ?? undefined) as SavedSeries['attributes'],
    value: Array.isArray(value) ? histogramIn(value as unknown[]) : readNumber(value as SavedNumber),
    startUnixMillis: start,
    usedUnixMillis: used,
    // What it is, `restoreSeries` checks.
    ...(gauge === undefined ? {} : { gauge: gauge as NonNullable<SavedSeries['gauge']> }),
  };
}

function savedHistogramOf({ count, sum, min, max, counts }: HistogramValue): SavedTotal[1] {
  return [count, saveNumber(sum), saveNumber(min), saveNumber(max), counts];
}

function histogramIn([count, sum, min, max, counts]: readonly unknown[]): HistogramValue {
  const number = (saved: unknown): number => readNumber(saved as SavedNumber);
  return {
    count: number(count),
    sum: number(sum),
    min: number(min),
    max: number(max),
    counts: counts as number[],
  };
}
