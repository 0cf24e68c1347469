// The expressions of a metric, and how names are written in them.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { Expression } from '../expression/expression.js';
import { isProvided } from '../expression/expression.js';
import type { Syntax } from '../expression/syntax/syntax.js';
import { nodesOf, variablePaths } from '../expression/syntax/variable-paths.js';
import type { VariablePath } from '../expression/syntax/variable-paths.js';
import { textsOf } from '../spec/metric-tags.js';

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

/** Parts of an expression that is tried out. Nobody writes more. */
const NODES_MAX = 500;
/** What makes much of little. */
const MULTIPLYING = /^(?:repeat|until|untilStep|seq|wrap|wrapWith|indent|nindent)$/;

/** Whether an expression can be evaluated many times, only to see what it comes to. */
export function isCheap({ syntax }: Expression): boolean {
  let nodes = 0;
  let predicates = 0;
  for (const node of nodesOf(syntax)) {
    nodes++;
    if (node.kind === 'predicate') predicates++;
    const isRange = node.kind === 'binary' && node.operator === '..';
    const name = node.kind === 'builtin' ? node.name : node.kind === 'member' ? nameOf(node.property) : '';
    if (nodes > NODES_MAX || predicates > 1 || isRange || MULTIPLYING.test(name)) return false;
  }
  return true;
}

function nameOf(property: Syntax): string {
  return property.kind === 'text' ? property.value : '';
}
