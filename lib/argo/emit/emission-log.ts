// Everything that emissions do to series, for who wants to do it once more in another process: who was asked and what was
// evaluated is not in it.
import type { CustomSeries } from '../../instruments/custom-instrument.js';
import type { Elapsed } from './elapsed.js';

/** What a number does to a series. */
export type NumberOperation = 'add' | 'set' | 'record';

/** Who reports: one metric of one subject (a node, or '' for the workflow itself) of one owner. */
export interface Reporter {
  readonly owner: string;
  readonly subject: string;
  readonly metric: string;
}

/** Called when it has happened, in that order. */
export interface EmissionLog {
  number(operation: NumberOperation, series: CustomSeries, number: number): void;
  report(reporter: Reporter, series: CustomSeries, elapsed: Elapsed): void;
  endReport(reporter: Reporter, atUnixMillis: number): void;
  endSubject(owner: string, subject: string, atUnixMillis: number): void;
  complete(owner: string, atUnixMillis: number): void;
  delete(owner: string): void;
}

/** Where there may be one. */
export interface Logged {
  log?: EmissionLog;
}
