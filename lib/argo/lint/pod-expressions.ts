// Expressions that fail the pod. The controller puts the template, metrics and all, into the pod as JSON in JSON, and looks
// for tags in that. What it could not evaluate before is then read with one level of escapes too many.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import { isBuiltin } from '../expression/builtins/builtins.js';
import type { Expression } from '../expression/expression.js';
import { parseExpression } from '../expression/syntax/parser.js';
import { ExpressionSyntaxError } from '../expression/syntax/syntax-error.js';
import { nodesOf } from '../expression/syntax/variable-paths.js';
import { quoteJson } from '../go/json/go-json.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { BlockScope } from './block-scope.js';
import { expressionsOf, variablesOf } from './expression-texts.js';

interface Trouble {
  /** UTF-16 index into the expression. */
  readonly position: number;
  readonly reason: string;
  readonly hint: string;
}

/** For metrics of templates that run in pods. */
export function reportPodExpressions(metric: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  if (scope.level !== 'template' || !scope.hasPods) return;
  for (const { expression, path, start } of expressionsOf(metric)) {
    const trouble = troubleOf(expression.source);
    if (!trouble) continue;
    const isEarly = variablesOf(expression).every(variable => EARLY.test(variable.path));
    if (isEarly && !mayFail(expression)) continue;
    const when = isEarly ? ' unless all of it can be evaluated before the pod is made' : '';
    report.text(
      {
        code: 'NODE_FAILS',
        severity: isEarly ? 'warning' : 'error',
        position: start + trouble.position,
        message: `the controller cannot make the pod of this template${when}: ${trouble.reason}`,
        hint: trouble.hint,
      },
      path,
    );
  }
}

/** Variables that have their value before the pod is made. */
const EARLY =
  /^(?:inputs(?:\..*)?|(?:pod|node|steps|tasks)\.name|retries|lastRetry\..*|workflow\.(?!failures|outputs).*)$/;

const VERSIONS = 'So it is from 3.7.11 and 4.0.2 on.';

function troubleOf(source: string): Trouble | undefined {
  const sign = source.search(/[<>&]/);
  if (sign >= 0) {
    const character = source.charAt(sign);
    const reason = `failed to unmarshall JSON expression: invalid character '${character}' in string escape code`;
    return { position: sign, reason, hint: `${hintForSign(source, sign)} ${VERSIONS}` };
  }
  const escaped = quoteJson(source, false).slice(1, -1);
  if (escaped === source || canBeParsed(escaped)) return undefined;
  const position = Math.max(0, source.search(/["\\\p{Cc}]/u));
  const isQuote = source.includes('"');
  const hint = isQuote ? 'Put texts into single quotes.' : 'Write it in one line, without escapes and tabs.';
  const reason = 'failed to evaluate expression: it is read with escapes that it does not have';
  return { position, reason, hint: `${hint} ${VERSIONS}` };
}

function hintForSign(source: string, position: number): string {
  const elsewhere = 'Put the metric on the Steps or the DAG that calls the template';
  if (source.startsWith('&&', position)) return `Write \`and\`.`;
  const isInText = (source.slice(0, position).match(/['"`]/g) ?? []).length % 2 > 0;
  return /^[<>]/.test(source.slice(position)) && !isInText
    ? `${elsewhere}, or write max(a, b) != b for a > b and min(a, b) != b for a < b.`
    : `${elsewhere}.`;
}

function canBeParsed(source: string): boolean {
  try {
    parseExpression(source, isBuiltin);
    return true;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return false;
    throw error;
  }
}

const SAFE_OPERATORS = new Set([
  '==',
  '!=',
  '&&',
  '||',
  'and',
  'or',
  'not',
  '!',
  'in',
  'not in',
  'contains',
  'startsWith',
  'endsWith',
  '??',
]);
const SAFE_KINDS = new Set([
  'nil',
  'bool',
  'integer',
  'float',
  'text',
  'identifier',
  'member',
  'list',
  'conditional',
  'chain',
]);
const SAFE_FUNCTIONS = new Set(['lower', 'upper', 'trim', 'hasPrefix', 'hasSuffix', 'string']);

/** Whether values of the variables may keep it from being evaluated. */
function mayFail({ syntax }: Expression): boolean {
  for (const node of nodesOf(syntax)) {
    const isSafe =
      node.kind === 'binary' || node.kind === 'unary'
        ? SAFE_OPERATORS.has(node.operator)
        : node.kind === 'builtin'
          ? SAFE_FUNCTIONS.has(node.name)
          : SAFE_KINDS.has(node.kind);
    if (!isSafe) return true;
  }
  return false;
}
