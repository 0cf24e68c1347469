import type { Finding } from '../../lib/argo/lint/finding.js';
import type { LintReport } from '../../lib/cli/lint-report.js';

export const finding: Finding = {
  ...{ file: 'a.yaml', line: 3, column: 5, length: 4, lineText: 'abc: defg' },
  ...{ code: 'HELP_MISSING', severity: 'error', path: 'spec.metrics', message: 'no help' },
};

export function reportOf(...findings: Finding[]): LintReport {
  const countOf = (wanted: Finding['severity']): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  return {
    ...{ findings, errorCount: countOf('error'), warningCount: countOf('warning'), isQuiet: false },
    ...{ fileCount: 2, metricCount: 3, silencedCount: 0 },
  };
}
