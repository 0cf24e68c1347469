import { styleText } from 'node:util';
import type { Finding } from '../argo/lint/finding.js';
import { printable, printableLine } from './printable-text.js';

type Format = Parameters<typeof styleText>[0];

/** A longer source line is shown around the place only. */
const LINE_LENGTH_MAX = 120;
const LENGTH_BEFORE = 40;

const COLORS: Readonly<Record<Finding['severity'], Format>> = {
  error: 'red',
  warning: 'yellow',
  note: 'blue',
};

/** Where something is in an object that has no lines, such as `WorkflowTemplate argo/nightly spec.metrics`. */
export function objectPlace(file: string, path: string): string {
  return path === '' ? file : `${file} ${path}`;
}

/**
 * A finding as people read it: the place, the complaint, the line with what is meant underlined, and a hint.
 *
 * @param isOfCluster it is of an object that an API server has, whose lines nobody sees
 */
export function findingText(finding: Finding, isColored: boolean, isOfCluster = false): string {
  const { file, line, column, path, severity, code, message, hint } = finding;
  const style = (format: Format, text: string): string =>
    isColored ? styleText(format, text, { validateStream: false }) : text;
  const color = COLORS[severity];
  const where = isOfCluster ? printable(objectPlace(file, path)) : `${printable(file)}:${line}:${column}`;
  const place = style('bold', `${where}:`);
  const lines = [`${place} ${style(color, severity)} ${code}: ${printable(message)}`];
  if (finding.lineText.trim() !== '') {
    const margin = isOfCluster ? ' ' : String(line);
    const { source, marker } = excerpt(isOfCluster ? withoutIndent(finding) : finding);
    lines.push(
      `  ${style('dim', `${margin} |`)} ${source}`,
      `  ${style('dim', `${' '.repeat(margin.length)} |`)} ${style(color, marker)}`,
    );
  }
  if (hint !== undefined) lines.push(`  ${style('cyan', 'hint:')} ${printable(hint)}`);
  return `${lines.join('\n')}\n`;
}

function withoutIndent(finding: Finding): Finding {
  const lineText = finding.lineText.trimStart();
  const indent = finding.lineText.length - lineText.length;
  return { ...finding, lineText, column: Math.max(1, finding.column - indent) };
}

function excerpt({ lineText, column, length }: Finding): {
  readonly source: string;
  readonly marker: string;
} {
  const from = lineText.length <= LINE_LENGTH_MAX ? 0 : Math.max(0, column - 1 - LENGTH_BEFORE);
  const to = Math.min(lineText.length, from + LINE_LENGTH_MAX);
  const before = from > 0 ? '…' : '';
  const after = to < lineText.length ? '…' : '';
  const start = column - 1;
  const end = Math.max(start + 1, Math.min(start + length, to));
  const indent = before + lineText.slice(from, start);
  const underlined = lineText.slice(start, end);
  return {
    source: before + printableLine(lineText.slice(from, to)) + after,
    // Tabs stay tabs, so that the mark stands under what it means.
    marker: indent.replace(/[^\t]/gu, ' ') + '^'.repeat(Math.max(1, [...underlined].length)),
  };
}
