import type { Diagnostic } from '../diagnostic/diagnostic.js';

/** A diagnostic and where it is. Line and column count from 1, the column in UTF-16 units. */
export interface Finding extends Omit<Diagnostic, 'severity'> {
  /** `note`: nothing is wrong, but something was not looked at. */
  readonly severity: Diagnostic['severity'] | 'note';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is underlined, within the line. */
  readonly length: number;
  readonly lineText: string;
}
