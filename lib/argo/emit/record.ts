// Step 10, the last one of an emission: the record. Both ways end here.
import type { CustomSeries } from '../../instruments/custom-instrument.js';
import type { CompiledNumber } from '../spec/compile-value.js';
import type { Elapsed } from './elapsed.js';

/** As the kind of the metric and its operation say. */
export function recordNumber(value: CompiledNumber, series: CustomSeries, number: number): void {
  switch (value.kind) {
    case 'counter':
      series.add(number);
      break;
    case 'histogram':
      series.record(number);
      break;
    case 'gauge':
      if (value.operation === 'Set') series.set(number);
      else series.add(value.operation === 'Add' ? number : -number);
      break;
  }
}

/** @param mayExpire nobody holds the series any more, however long nothing changes */
export function recordElapsed(series: CustomSeries, { start, end }: Elapsed, mayExpire: boolean): void {
  if (end === undefined) return series.recordElapsed(start);
  // As while it grows: a start that is later than that is no negative time.
  const seconds = Math.max(0, end - start) / 1000;
  if (mayExpire) series.set(seconds);
  else series.hold(seconds);
}
