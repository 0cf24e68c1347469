import type { LintReport } from './lint-report.js';

/** Field for field what a program needs; the source line is in the file. Objects of a cluster have no lines. */
export function* lintJson(report: LintReport): Generator<string> {
  const {
    isOfCluster = false,
    verdicts,
    errorCount,
    warningCount,
    silencedCount,
    metricCount,
    fileCount,
  } = report;
  const findings = report.findings.map(
    ({ file, line, column, length, severity, code, message, hint, metric, path }) => ({
      ...(isOfCluster ? { object: file } : { file, line, column, length }),
      ...{ severity, code, message, hint, metric, path },
    }),
  );
  const labels = isOfCluster
    ? verdicts?.map(({ file: object, line: _line, column: _column, ...rest }) => ({ object, ...rest }))
    : verdicts;
  const units = isOfCluster ? { objectCount: fileCount } : { fileCount };
  const counts = { errorCount, warningCount, ...units, metricCount, silencedCount };
  yield `${JSON.stringify({ findings, ...(labels && { labels }), ...counts }, undefined, 2)}\n`;
}
