// The table that `cardinality` prints: metrics with the most series first, and below each its labels, of which the first is
// the one that makes the most of them.
import type { LabelReport } from '../cardinality/label-report.js';
import { printable } from './printable-text.js';
import type { PageMetric } from './prometheus-page.js';

/** Labels of a metric that are shown; of each so many values. */
const LABELS_MAX = 5;
const VALUES_MAX = 3;
const VALUE_LENGTH_MAX = 40;
const NAME_LENGTH_MAX = 80;
/** Numbers that are never estimated here. */
const ALWAYS_EXACT = 128;

export function cardinalityText(metrics: readonly PageMetric[], top: number): string {
  const series = metrics.reduce((sum, metric) => sum + metric.series, 0);
  const shown = metrics.slice(0, top);
  const lines = [`${grouped(series)} series of ${counted(metrics.length, 'metric')}`, ''];
  for (const { name, type, series: own, hasOverflow, labels } of shown) {
    const overflow = hasOverflow ? ', and an overflow series: further sets are refused' : '';
    lines.push(`${grouped(own)}  ${cut(name, NAME_LENGTH_MAX)}  ${cut(type, VALUE_LENGTH_MAX)}${overflow}`);
    const keys = labels.slice(0, LABELS_MAX);
    const width = keys.reduce((most, { key }) => Math.max(most, cut(key, VALUE_LENGTH_MAX).length), 0);
    for (const label of keys) lines.push(`    ${labelLine(label, width, top)}`);
    if (labels.length > LABELS_MAX)
      lines.push(`    … and ${counted(labels.length - LABELS_MAX, 'label')} more`);
  }
  if (metrics.length > top) lines.push('', `… and ${counted(metrics.length - top, 'metric')} more (--top)`);
  return `${lines.join('\n')}\n`;
}

function labelLine(
  { key, distinct, exact, seriesWithout, top }: LabelReport,
  width: number,
  most: number,
): string {
  const about = (count: number): string => (!exact && count > ALWAYS_EXACT ? '~' : '');
  const values = top
    .slice(0, Math.min(most, VALUES_MAX))
    .map(
      ({ value, count, atLeast }) =>
        `${cut(value, VALUE_LENGTH_MAX)} (${atLeast ? '≥ ' : ''}${grouped(count)})`,
    );
  return (
    `${cut(key, VALUE_LENGTH_MAX).padEnd(width)}  ${about(distinct)}${counted(distinct, 'value')}, ` +
    `${about(seriesWithout)}${grouped(seriesWithout)} series without it: ${values.join(', ')}`
  );
}

function cut(text: string, length: number): string {
  const shown = printable(text.slice(0, length));
  return text.length > length ? `${shown}…` : shown;
}

export function counted(count: number, word: string): string {
  return `${grouped(count)} ${word}${count === 1 ? '' : 's'}`;
}

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
