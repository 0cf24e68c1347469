import type { MetricFamily } from './metric-families.js';

/** What a family is called in OpenMetrics, and what it is there. */
export interface OpenMetricsFamily {
  /** Of the metadata; samples have a suffix by their type. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'unknown';
  readonly unit: string;
}

const TOTAL = '_total';
const CREATED = '_created';
const HISTOGRAM_SUFFIXES = ['_bucket', '_sum', '_count'];

type Named = Pick<MetricFamily, 'name' | 'type' | 'unit'>;

/**
 * Names families as OpenMetrics has them: "The name of a MetricFamily MUST NOT result in a potential clash for sample metric
 * names [...] with another MetricFamily". There a counter is called by its name without `_total`, and each counter and
 * histogram may have a sample `_created`. So what was apart in Prometheus' text can clash: then a counter becomes `unknown`
 * under its whole name, as one does that has no `_total`, and loses nothing but its type. A gauge that is called as the
 * `_created` of a histogram cannot be called anything else, and is left out: nothing stands in its place in the answer.
 *
 * @param taken names of what is written besides the families
 */
export function openMetricsFamilies(
  families: readonly Named[],
  taken: readonly string[],
): readonly (OpenMetricsFamily | undefined)[] {
  const owned = new Set([...taken, ...families.flatMap(namesInText)]);
  const created = new Set(families.filter(isHistogram).map(({ name }) => name + CREATED));
  return families.map(({ name, type, unit }) => {
    if (type !== 'counter') return created.has(name) ? undefined : { name, type, unit };
    const base = name.endsWith(TOTAL) ? name.slice(0, -TOTAL.length) : '';
    const names = [base, base + CREATED];
    if (base === '' || names.some(own => owned.has(own) || created.has(own)))
      return created.has(name) ? undefined : { name, type: 'unknown', unit: '' };
    for (const own of names) owned.add(own);
    return { name: base, type, unit };
  });
}

function isHistogram({ type }: Named): boolean {
  return type === 'histogram';
}

/** These are all different already. */
function namesInText({ name, type }: Named): string[] {
  return type === 'histogram' ? [name, ...HISTOGRAM_SUFFIXES.map(suffix => name + suffix)] : [name];
}
