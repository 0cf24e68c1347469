import type { Finding } from '../argo/lint/finding.js';
import type { LintReport } from './lint-report.js';
import { objectPlace } from './finding-text.js';
import { countsOf } from './lint-text.js';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Workflow commands of GitHub Actions: each finding becomes an annotation of its line. */
export function* lintGithub(report: LintReport): Generator<string> {
  for (const finding of report.findings) yield `${commandOf(finding, report.isOfCluster === true)}\n`;
  if (!report.isQuiet) yield `${countsOf(report)}\n`;
}

function commandOf(
  { severity, file, line, column, length, code, message, hint, path }: Finding,
  isOfCluster: boolean,
): string {
  const place = isOfCluster ? {} : { file, line, col: column, endColumn: column + length };
  const properties = Object.entries({ ...place, title: code });
  const before = isOfCluster ? `${objectPlace(file, path)}: ` : '';
  const text = `${before}${message}${hint === undefined ? '' : `\n${hint}`}`;
  const shown = properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
  return `::${COMMANDS[severity]} ${shown}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replace(/[%\r\n]/g, percent);
}

/** In a property a colon or a comma would end it. */
function escapeProperty(text: string): string {
  return text.replace(/[%\r\n:,]/g, percent);
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
