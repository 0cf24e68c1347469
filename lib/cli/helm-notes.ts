import type { Finding } from '../argo/lint/finding.js';

/** One note for all templates of a Helm chart, at the first of them; everything else stays as it is. */
export function mergeHelmNotes(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>();
  const kept = findings.filter(finding => {
    if (finding.code !== 'HELM_TEMPLATE') return true;
    const chart = chartOf(finding.file);
    const count = counts.get(chart) ?? 0;
    counts.set(chart, count + 1);
    return count === 0;
  });
  return kept.map(finding => {
    const others = finding.code === 'HELM_TEMPLATE' ? (counts.get(chartOf(finding.file)) ?? 1) - 1 : 0;
    if (others === 0) return finding;
    return { ...finding, message: `${finding.message} (this one and ${others} more of the chart)` };
  });
}

/** The folder that the chart's `templates` are in; a file elsewhere is by itself. */
function chartOf(file: string): string {
  const end = file.replaceAll('\\', '/').lastIndexOf('/templates/');
  return end < 0 ? (file.startsWith('templates/') ? '' : file) : file.slice(0, end);
}
