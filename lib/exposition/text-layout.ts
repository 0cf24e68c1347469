// How a metric looks in Prometheus text 0.0.4: the lines above its series, and those of one series.
import { escapeHelp } from './escape.js';
import type { MetricFamily } from './metric-families.js';
import { numberText } from './number-text.js';
import { BUCKETS, COUNT, SUM } from './row-numbers.js';
import { RowTemplate } from './row-template.js';
import type { TemplateLine } from './row-template.js';

/** What is written of a metric besides its series' labels and numbers. */
export interface FamilyLayout {
  /** Above the series. */
  readonly head: Buffer;
  /** @param boundaries of a histogram; streams of one name may differ in them */
  readonly templateOf: (boundaries: readonly number[]) => RowTemplate;
}

export type FamilyHead = Pick<MetricFamily, 'name' | 'type' | 'help'>;

export function textLayout({ name, type, help }: FamilyHead): FamilyLayout {
  const helpLine = help === '' ? '' : `# HELP ${name} ${escapeHelp(help)}\n`;
  return {
    head: Buffer.from(`${helpLine}# TYPE ${name} ${type}\n`),
    templateOf: boundaries =>
      new RowTemplate(type === 'histogram' ? histogramLines(name, boundaries) : [sampleLine(name, 0)]),
  };
}

/** A line without labels has no braces. */
function sampleLine(name: string, column: number): TemplateLine {
  return { head: `${name}{`, tail: '} ', bare: `${name} `, column, isCumulative: false };
}

/** The buckets, cumulative and ascending, then the sum and the count. The last bucket, `+Inf`, is always there. */
function histogramLines(name: string, boundaries: readonly number[]): TemplateLine[] {
  const bucket = (bound: string, column: number, isCumulative: boolean): TemplateLine => {
    const head = `${name}_bucket{`;
    const end = `le="${bound}"} `;
    return { head, tail: `,${end}`, bare: `${head}${end}`, column, isCumulative };
  };
  const bounds = boundaries.filter(boundary => boundary < Infinity);
  return [
    ...bounds.map((boundary, index) => bucket(numberText(boundary), BUCKETS + index, true)),
    bucket('+Inf', COUNT, false),
    sampleLine(`${name}_sum`, SUM),
    sampleLine(`${name}_count`, COUNT),
  ];
}
