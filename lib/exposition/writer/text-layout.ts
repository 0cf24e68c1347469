// How a metric looks in Prometheus text, 0.0.4 and 1.0.0: the lines above its series, and those of one series.
import { escapeHelp } from '../names/escape.js';
import type { MetricFamily } from '../names/metric-families.js';
import { numberText } from '../rows/number-text.js';
import { BUCKETS, COUNT, SUM } from '../rows/row-numbers.js';
import { RowTemplate } from './row-template.js';
import type { TemplateLine } from './row-template.js';
import { bucketLine, sampleLine, writtenName } from './template-lines.js';

/** What is written of a metric besides its series' labels and numbers. */
export interface FamilyLayout {
  /** Above the series. */
  readonly head: Buffer;
  /** @param boundaries of a histogram; streams of one name may differ in them */
  readonly templateOf: (boundaries: readonly number[]) => RowTemplate;
}

export type FamilyHead = Pick<MetricFamily, 'name' | 'type' | 'help'>;

export function textLayout({ name, type, help }: FamilyHead): FamilyLayout {
  const written = writtenName(name);
  const helpLine = help === '' ? '' : `# HELP ${written} ${escapeHelp(help)}\n`;
  return {
    head: Buffer.from(`${helpLine}# TYPE ${written} ${type}\n`),
    templateOf: boundaries =>
      new RowTemplate(type === 'histogram' ? histogramLines(name, boundaries) : [sampleLine(name, 0)]),
  };
}

/** The buckets, cumulative and ascending, then the sum and the count. The last bucket, `+Inf`, is always there. */
function histogramLines(name: string, boundaries: readonly number[]): TemplateLine[] {
  const bounds = boundaries.filter(boundary => boundary < Infinity);
  return [
    ...bounds.map((bound, index) => bucketLine(name, numberText(bound), BUCKETS + index, true)),
    bucketLine(name, '+Inf', COUNT, false),
    sampleLine(`${name}_sum`, SUM),
    sampleLine(`${name}_count`, COUNT),
  ];
}
