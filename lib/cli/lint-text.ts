import { findingText } from './finding-text.js';
import type { LintReport } from './lint-report.js';

/** For people: each finding with its line, then how many there are. */
export function* lintText(report: LintReport, isColored: boolean): Generator<string> {
  for (const finding of report.findings) yield `${findingText(finding, isColored)}\n`;
  if (!report.isQuiet) yield `${countsOf(report)}\n`;
}

/** Such as `2 errors, 1 warning in 3 metrics of 1 file`. */
export function countsOf(report: LintReport): string {
  const { errorCount, warningCount, silencedCount, metricCount, fileCount } = report;
  const silenced = silencedCount === 0 ? '' : `, ${silencedCount} silenced`;
  const found = `${countOf(errorCount, 'error')}, ${countOf(warningCount, 'warning')}${silenced}`;
  return `${found} in ${countOf(metricCount, 'metric')} of ${countOf(fileCount, 'file')}`;
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
