import { compileText } from './compile-text.js';
import type { TextDiagnostic } from '../diagnostic/diagnostic.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { Template } from '../template/template.js';
import { currentMeter } from '../budget/evaluation-limits.js';
import { isArgoVariable } from '../variables/argo-variables.js';
import { decideWhen } from '../when/when.js';

/** What a tag may turn into. A clause that is wrong with every one of them is wrong whatever the tags say. */
const STAND_INS = ['x', '1', 'true'];

/**
 * A `when` clause. One without tags is decided here already, if only to see that it can be. The metric is kept when it
 * cannot: each emission fails, as in Argo.
 */
export function compileWhen(
  when: unknown,
  metric: string,
  path: string,
  report: MetricReport,
): Template | undefined {
  const template = compileText(when ?? '', path, report);
  if (!template) return undefined;
  if (!template.hasTags) {
    const decision = decideWhen(template.source, currentMeter());
    if ('value' in decision) return template;
    const message = `unable to compute 'when' clause for metric '${metric}': ${decision.error.message}`;
    report.text({ ...decision.error, message, ...hintWithoutTags(decision.error) }, path);
    return template;
  }
  const reason = reasonOfSyntax(template);
  if (reason !== undefined) {
    const message = `unable to compute 'when' clause for metric '${metric}': ${reason}`;
    report.error('WHEN_INVALID', path, message, hintFor(reason));
  }
  return template;
}

/** What is meant by a clause without tags that is no decision: a variable without braces, or "always". */
function hintWithoutTags({ message, hint }: TextDiagnostic): { readonly hint?: string } {
  const name = (message.match(/[A-Za-z][\w.]*/g) ?? []).find(isArgoVariable);
  if (name !== undefined) return { hint: `Variables stand in braces: {{${name}}}.` };
  return /\. Got /.test(message)
    ? { hint: 'A clause is true or false: {{status}} == Failed. One that always holds is left out.' }
    : hint === undefined
      ? {}
      : { hint };
}

function hintFor(reason: string): string {
  if (reason.endsWith("Invalid token: '$'")) return 'A tag has no dollar sign before it: {{status}}.';
  if (/NUMERIC \[\d+\] to VARIABLE \[(?:ms|s|m|h|d)\]/.test(reason))
    return 'Durations are numbers of seconds: {{duration}} > 300.';
  if (/Invalid token: '={1,3}'$/.test(reason)) return 'Equality is written `==`.';
  if (reason.endsWith("Invalid token: '<>'")) return 'Inequality is written `!=`.';
  if (/VARIABLE \[(?:and|AND|or|OR|not|NOT)\]/.test(reason))
    return 'Write `&&` for and, `||` for or, `!` for not.';
  if (reason.includes('Unclosed string literal')) return 'A quote is not closed.';
  if (reason.includes('Unbalanced parenthesis')) return 'A parenthesis is not closed, or was not opened.';
  if (reason.includes('Unexpected end of expression')) return 'Something is missing at its end.';
  return 'Whatever the tags are, this cannot be read. Put texts with other signs than letters into quotes.';
}

/** Why the clause cannot be read whatever its tags are; `undefined` when it may be right. */
export function reasonOfSyntax({ segments }: Template): string | undefined {
  let reason: string | undefined;
  for (const standIn of STAND_INS) {
    const text = segments.map(part => (part.kind === 'text' ? part.text : standIn)).join('');
    const decision = decideWhen(text, currentMeter());
    const isSyntax = 'error' in decision && decision.error.code === 'WHEN_INVALID';
    if (!isSyntax || !decision.error.message.startsWith("Invalid 'when' expression")) return undefined;
    reason ??= decision.error.message;
  }
  return reason;
}
