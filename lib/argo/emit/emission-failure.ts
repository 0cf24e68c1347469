// How a step says why a metric is not recorded. What is thrown never leaves metric-emitter.ts.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Diagnostic, DiagnosticCode, TextDiagnostic } from '../diagnostic/diagnostic.js';

const LIMIT_HINT =
  'The metric is not emitted again for this object. Simpler expressions or shorter texts cost less.';

/** One for all: a stack costs more than the rest. An emission waits for nothing, so that one fails at a time. */
const FAILED = new Error('the emission failed');
let failure: Diagnostic | undefined;

/** Ends the emission of the metric. */
export function fail(diagnostic: Diagnostic): never {
  failure = diagnostic;
  throw FAILED;
}

/** As {@link fail}, for what is wrong with a part of the metric. */
export function failAt(
  { metric }: CompiledMetric,
  path: string,
  code: DiagnosticCode,
  message: string,
  hint?: string,
): never {
  return fail({ code, severity: 'error', metric, path, message, ...(hint === undefined ? {} : { hint }) });
}

/** As {@link fail}, for a text that cannot be evaluated. @param doing what failed, in Argo's words */
export function failText(
  { metric }: CompiledMetric,
  path: string,
  error: TextDiagnostic,
  doing: string,
): never {
  const hint = error.code === 'LIMIT_EXCEEDED' ? { hint: LIMIT_HINT } : {};
  return fail({ ...error, ...hint, metric, path, message: `${doing} metric '${metric}': ${error.message}` });
}

/** Whether a step failed, and not something else. */
export function hasFailed(error: unknown): boolean {
  return error === FAILED;
}

/** What a step that threw said. What somebody else threw, such as a variable that is a getter, is thrown again. */
export function failureIn(error: unknown): Diagnostic {
  const found = failure;
  failure = undefined;
  if (hasFailed(error) && found) return found;
  throw error;
}
