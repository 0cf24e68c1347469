// Prometheus text 0.0.4 as it is meant, without any thought of speed: the oracle for what is written by blocks, columns and
// a kernel. Names, label texts and which streams share a name are taken as they are; those have tests of their own.
import { sumOfValues } from '../../lib/store/collect/lives.js';
import type { CollectedStream, HistogramValue, StreamDefinition } from '../../lib/store/definition/stream.js';
import { escapeHelp } from '../../lib/exposition/names/escape.js';
import { labelRules, labelText } from '../../lib/exposition/labels/label-text.js';
import { metricFamilies } from '../../lib/exposition/names/metric-families.js';
import type { MetricFamily } from '../../lib/exposition/names/metric-families.js';
import { numberText } from '../../lib/exposition/rows/number-text.js';
import { pointsIn } from '../support/points.js';

interface Row {
  readonly definition: StreamDefinition;
  value: number | HistogramValue;
}

export function referenceText(streams: readonly CollectedStream[]): string {
  return metricFamilies(streams, [], () => undefined)
    .map(familyText)
    .join('');
}

function familyText(family: MetricFamily): string {
  const { name, type, help } = family;
  const head = `${help === '' ? '' : `# HELP ${name} ${escapeHelp(help)}\n`}# TYPE ${name} ${type}\n`;
  const rows = [...rowsOf(family)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return head + rows.map(([labels, row]) => rowLines(name, labels, row)).join('');
}

/** By label text. Of two series of one text the first one stays, unless both are counts of one instrument. */
function rowsOf({ streams }: MetricFamily): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const { definition, points } of streams) {
    const isGauge = definition.kind === 'GAUGE' || definition.kind === 'OBSERVABLE_GAUGE';
    for (const { attributes, value } of pointsIn(points)) {
      const text = labelText(attributes, labelRules(definition));
      const row = rows.get(text);
      if (row === undefined) rows.set(text, { definition, value });
      else if (row.definition === definition && !isGauge) row.value = sumOfValues(row.value, value);
    }
  }
  return rows;
}

function rowLines(name: string, labels: string, { definition, value }: Row): string {
  const line = (suffix: string, number: number, le?: string): string => {
    const all = [...(labels === '' ? [] : [labels]), ...(le === undefined ? [] : [`le="${le}"`])];
    return `${name}${suffix}${all.length === 0 ? '' : `{${all.join(',')}}`} ${sampleText(number)}\n`;
  };
  if (typeof value === 'number') return line('', value);
  let cumulative = 0;
  let lines = '';
  definition.boundaries.forEach((boundary, index) => {
    cumulative += value.counts[index] ?? 0;
    if (boundary < Infinity) lines += line('_bucket', cumulative, numberText(boundary));
  });
  return lines + line('_bucket', value.count, '+Inf') + line('_sum', value.sum) + line('_count', value.count);
}

function sampleText(number: number): string {
  return Number.isFinite(number) || Number.isNaN(number) ? String(number) : numberText(number);
}
