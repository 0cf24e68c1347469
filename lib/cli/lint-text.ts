import { findingText } from './finding-text.js';
import type { PlacedVerdict } from '../argo/lint/placed-verdict.js';
import type { LintReport } from './lint-report.js';
import { printable } from './printable-text.js';

/** For people: what is known of each label, if it was asked for; each finding with its line, then how many there are. */
export function* lintText(report: LintReport, isColored: boolean): Generator<string> {
  const { isOfCluster = false } = report;
  for (const verdict of report.verdicts ?? []) yield `${verdictLine(verdict, isOfCluster)}\n`;
  for (const finding of report.findings) yield `${findingText(finding, isColored, isOfCluster)}\n`;
  if (!report.isQuiet) yield `${countsOf(report)}\n`;
}

/** Such as `a.yaml:3:9: label 'run' of runs_total grows: workflow.name: every workflow adds a series`. */
function verdictLine(
  { file, line, column, metric, label, verdict, message }: PlacedVerdict,
  isOfCluster: boolean,
): string {
  const place = isOfCluster ? printable(file) : `${printable(file)}:${line}:${column}`;
  const verb = verdict === 'bounded' ? 'has ' : verdict === 'unknown' ? 'is ' : '';
  return `${place}: label '${printable(label)}' of ${printable(metric)} ${verb}${printable(message)}`;
}

/** Such as `2 errors, 1 warning in 3 metrics of 1 file`. */
export function countsOf(report: LintReport): string {
  const { errorCount, warningCount, silencedCount, metricCount, fileCount, isOfCluster = false } = report;
  const silenced = silencedCount === 0 ? '' : `, ${silencedCount} silenced`;
  const found = `${countOf(errorCount, 'error')}, ${countOf(warningCount, 'warning')}${silenced}`;
  return `${found} in ${countOf(metricCount, 'metric')} of ${countOf(fileCount, isOfCluster ? 'object' : 'file')}`;
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
