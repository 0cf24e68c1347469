// The expressions of a metric, and how names are written in them.
import type { CompiledMetric } from '../compiled-metric.js';
import type { Expression } from '../expression/expression.js';
import { isProvided } from '../expression/expression.js';
import { variablePaths } from '../expression/variable-paths.js';
import type { VariablePath } from '../expression/variable-paths.js';
import { textsOf } from '../metric-tags.js';

/** One `{{=…}}` of a metric. */
export interface MetricExpression {
  readonly expression: Expression;
  /** Where the text stands that it is in. */
  readonly path: string;
  /** Where the expression begins in that text. */
  readonly start: number;
}

const OPEN_LENGTH = '{{='.length;

export function expressionsOf(metric: CompiledMetric): readonly MetricExpression[] {
  return textsOf(metric).flatMap(({ template, path }) =>
    template.segments.flatMap(segment =>
      segment.kind === 'expression'
        ? [{ expression: segment.expression, path, start: segment.position + OPEN_LENGTH }]
        : [],
    ),
  );
}

/** The variables of an expression without what Argo itself brings. */
export function variablesOf({ syntax }: Expression): readonly VariablePath[] {
  return variablePaths(syntax).filter(({ path }) => !isProvided(path));
}

/** A dotted name as an expression has to write it: `inputs.parameters['a-b']`. */
export function inExpression(name: string): string {
  const [root = '', ...rest] = name.split('.');
  return rest.reduce(
    (written, part) => (/^[A-Za-z_]\w*$/.test(part) ? `${written}.${part}` : `${written}['${part}']`),
    root,
  );
}
