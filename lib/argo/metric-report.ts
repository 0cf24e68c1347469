import type { Diagnostic, DiagnosticCode, TextDiagnostic } from './diagnostic.js';

/** Where the parts of the compiler put their complaints about one metric. Each reports and returns nothing. */
export interface MetricReport {
  error(code: DiagnosticCode, path: string, message: string, hint?: string): undefined;
  warning(code: DiagnosticCode, path: string, message: string, hint?: string): undefined;
  text(diagnostic: TextDiagnostic, path: string): undefined;
}

/** Messages quote what they complain about, and that may be megabytes. */
const MESSAGE_LENGTH_MAX = 2000;
const METRIC_LENGTH_MAX = 200;

/** Adds the metric's name to what is reported and appends it to the list. */
export function reportFor(metric: string, diagnostics: Diagnostic[]): MetricReport {
  const named = metric === '' ? {} : { metric: clip(metric, METRIC_LENGTH_MAX) };
  const text = (diagnostic: TextDiagnostic, path: string): undefined => {
    diagnostics.push({
      ...diagnostic,
      message: clip(diagnostic.message, MESSAGE_LENGTH_MAX),
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

function clip(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}
