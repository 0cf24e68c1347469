import type { LintReport } from './lint-report.js';

/** Field for field what a program needs; the source line is in the file. */
export function* lintJson(report: LintReport): Generator<string> {
  const findings = report.findings.map(
    ({ file, line, column, length, severity, code, message, hint, metric, path }) => ({
      ...{ file, line, column, length, severity, code, message, hint, metric, path },
    }),
  );
  const { verdicts: labels, errorCount, warningCount, fileCount, metricCount, silencedCount } = report;
  const counts = { errorCount, warningCount, fileCount, metricCount, silencedCount };
  yield `${JSON.stringify({ findings, ...(labels && { labels }), ...counts }, undefined, 2)}\n`;
}
