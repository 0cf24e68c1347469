// How a metric looks in OpenMetrics 1.0: the lines above its series, and those of one series.
import { escapeLabelValue } from '../names/escape.js';
import { canonicalNumberText } from '../rows/number-text.js';
import type { OpenMetricsFamily } from '../names/openmetrics-families.js';
import { cellWidthOf } from '../../store/definition/columns.js';
import { BUCKETS, COUNT, SUM } from '../rows/row-numbers.js';
import { RowTemplate } from './row-template.js';
import type { TemplateLine } from './row-template.js';
import { bucketLine, sampleLine, writtenName } from './template-lines.js';
import type { FamilyLayout } from './text-layout.js';

export const OPEN_METRICS_END = Buffer.from('# EOF\n');

/** What a family is called, and what it is. */
export interface OpenMetricsName extends Omit<OpenMetricsFamily, 'type'> {
  readonly type: OpenMetricsFamily['type'] | 'info';
}

/** @param created with a line that says since when, for counters and histograms */
export function openMetricsLayout(
  { name, type, unit }: OpenMetricsName,
  help: string,
  created: boolean,
): FamilyLayout {
  // "The ordering SHOULD be TYPE, UNIT, HELP."
  const metadata: [string, string][] = [
    ['TYPE', type],
    ['UNIT', unit],
    ['HELP', escapeLabelValue(help)],
  ];
  const lines = metadata.filter(([, value]) => value !== '');
  const hasCreated = created && (type === 'counter' || type === 'histogram');
  return {
    head: Buffer.from(lines.map(([key, value]) => `# ${key} ${writtenName(name)} ${value}\n`).join('')),
    templateOf: boundaries => {
      const own =
        type === 'histogram' ? histogramLines(name, boundaries) : [sampleLine(`${name}${SUFFIX[type]}`, 0)];
      const start = type === 'histogram' ? cellWidthOf({ kind: 'HISTOGRAM', boundaries }) : 1;
      return new RowTemplate(hasCreated ? [...own, sampleLine(`${name}_created`, start)] : own, hasCreated);
    },
  };
}

const SUFFIX = { counter: '_total', gauge: '', unknown: '', info: '_info' } as const;

/** "Negative threshold buckets MAY be used, but then the Histogram MetricPoint MUST NOT contain a sum value", and without a sum no count. */
function histogramLines(name: string, boundaries: readonly number[]): TemplateLine[] {
  const bounds = boundaries.filter(boundary => boundary < Infinity);
  const buckets = [
    ...bounds.map((bound, index) => bucketLine(name, canonicalNumberText(bound), BUCKETS + index, true)),
    bucketLine(name, '+Inf', COUNT, false),
  ];
  if ((bounds[0] ?? 0) < 0) return buckets;
  return [...buckets, sampleLine(`${name}_sum`, SUM), sampleLine(`${name}_count`, COUNT)];
}
