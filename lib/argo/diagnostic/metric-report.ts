import { boundedMessage, boundedText } from './bounded-text.js';
import type { Diagnostic, DiagnosticCode, TextDiagnostic } from './diagnostic.js';
import { spend } from '../budget/evaluation-limits.js';

/** Steps of a diagnostic, which is put into words. */
const REPORT_COST = 60;

/**
 * Where the parts of the compiler put their complaints about one metric. Each reports and returns nothing.
 * All throw LimitError where diagnostics are part of what compiling may cost.
 */
export interface MetricReport {
  error(code: DiagnosticCode, path: string, message: string, hint?: string): undefined;
  warning(code: DiagnosticCode, path: string, message: string, hint?: string): undefined;
  text(diagnostic: TextDiagnostic, path: string): undefined;
}

/** Adds the metric's name to what is reported and appends it to the list. What they quote may be megabytes, and is cut. */
export function reportFor(metric: string, diagnostics: Diagnostic[]): MetricReport {
  const named = metric === '' ? {} : { metric: boundedText(metric) };
  const text = (diagnostic: TextDiagnostic, path: string): undefined => {
    spend(REPORT_COST);
    diagnostics.push({
      ...diagnostic,
      message: boundedMessage(diagnostic.message),
      ...(diagnostic.hint !== undefined && { hint: boundedMessage(diagnostic.hint) }),
      ...named,
      path,
    });
  };
  const withSeverity =
    (severity: Diagnostic['severity']) =>
    (code: DiagnosticCode, path: string, message: string, hint?: string): undefined =>
      text({ code, severity, message, ...(hint === undefined ? {} : { hint }) }, path);
  return { error: withSeverity('error'), warning: withSeverity('warning'), text };
}
