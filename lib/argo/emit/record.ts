// Step 10, the last one of an emission: the record. Both ways end here.
import type { CustomSeries } from '../../instruments/custom-instrument.js';
import type { CompiledNumber } from '../spec/compile-value.js';
import type { Elapsed } from './elapsed.js';
import type { EmissionLog, NumberOperation } from './emission-log.js';

/** As the kind of the metric and its operation say. */
export function recordNumber(
  value: CompiledNumber,
  series: CustomSeries,
  number: number,
  log?: EmissionLog,
): void {
  if (value.kind === 'gauge' && value.operation === 'Sub') number = -number;
  applyNumber(operationOf(value), series, number, log);
}

/** Recorded first: only then it is known which series has it. */
export function applyNumber(
  operation: NumberOperation,
  series: CustomSeries,
  number: number,
  log?: EmissionLog,
): void {
  series[operation](number);
  log?.number(operation, series, number);
}

function operationOf(value: CompiledNumber): NumberOperation {
  if (value.kind === 'histogram') return 'record';
  return value.kind === 'gauge' && value.operation === 'Set' ? 'set' : 'add';
}

/** @param mayExpire nobody holds the series any more, however long nothing changes */
export function recordElapsed(series: CustomSeries, { start, end }: Elapsed, mayExpire: boolean): void {
  if (end === undefined) return series.recordElapsed(start);
  // As while it grows: a start that is later than that is no negative time.
  const seconds = Math.max(0, end - start) / 1000;
  if (mayExpire) series.set(seconds);
  else series.hold(seconds);
}
