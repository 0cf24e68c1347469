import type { ConfigProblem } from './config/config-source.js';
import { findingText } from './finding-text.js';
import { printable } from './printable-text.js';

/** A problem as `lint` says a finding: with the line that it is in; without one, with the flag or the variable. */
export function configProblemText(problem: ConfigProblem, isColored: boolean): string {
  if ('file' in problem) return findingText(problem, isColored);
  const { origin, severity, code, message, hint } = problem;
  const lines = [`${printable(origin)}: ${severity} ${code}: ${printable(message)}`];
  if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
  return `${lines.join('\n')}\n`;
}

/** The same in one line, for a log. */
export function configProblemLine(problem: ConfigProblem): string {
  const where = 'file' in problem ? `${problem.file}:${problem.line}:${problem.column}` : problem.origin;
  const { code, message, hint } = problem;
  return printable(`${where}: ${message} [${code}]${hint === undefined ? '' : ` ${hint}`}`);
}
