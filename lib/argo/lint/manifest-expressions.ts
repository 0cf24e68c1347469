// Expressions of a manifest that can never have a value, or always have the same.
import { isArgoVariable, isVariableMap } from '../variables/argo-variables.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { ExpressionProblem } from '../expression/expression.js';
import { ScopeVariables } from '../expression/run/scope-variables.js';
import type { Syntax } from '../expression/syntax/syntax.js';
import { dottedPath, nodesOf, startOf } from '../expression/syntax/variable-paths.js';
import { closestWord } from '../budget/closest-word.js';
import type { DiagnosticCode } from '../diagnostic/diagnostic.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { BlockScope } from './block-scope.js';
import { missingName } from './expression-names.js';
import type { ExpressionFinding } from './expression-names.js';
import { expressionsOf, inExpression, isCheap, variablesOf } from './expression-texts.js';
import type { MetricExpression } from './expression-texts.js';
import { domainOf, namesInExpression, sampleScopes } from './sample-scopes.js';

/** Reports the first thing that is wrong with each expression where the metric stands. */
export function reportManifestExpressions(
  metric: CompiledMetric,
  scope: BlockScope,
  report: MetricReport,
): void {
  const isLive = metric.value.kind === 'realtime';
  for (const found of expressionsOf(metric)) {
    const say = (code: DiagnosticCode, { position, ...finding }: ExpressionFinding): void => {
      report.text({ code, ...finding, position: found.start + position }, found.path);
    };
    const failing = missingName(found, scope) ?? splitName(found) ?? failingAlways(found, scope, isLive);
    if (failing) say('EXPRESSION_FAILED', failing);
    // What a clause comes to is looked at as a whole.
    else if (found.path !== `${metric.path}.when`) {
      const constant = constantComparison(found, scope, isLive);
      if (constant) say('EXPRESSION_CONSTANT', constant);
    }
  }
}

const HOLDERS =
  /^(?:workflow\.(?:labels|annotations|parameters|outputs\.parameters)|(?:inputs|outputs)\.parameters)$/;

/** `workflow.labels['a.b/c']`: Argo takes names apart at their dots, so that there is never such a member. */
function splitName({ expression }: MetricExpression): ExpressionFinding | undefined {
  for (const node of nodesOf(expression.syntax)) {
    if (node.kind !== 'member' || node.property.kind !== 'text' || !node.property.value.includes('.'))
      continue;
    const object = dottedPath(node.object);
    if (object === undefined || !HOLDERS.test(object)) continue;
    const name = `${object}.${node.property.value}`;
    const isAlone = dottedPath(expression.syntax) === name;
    const hint = isAlone
      ? `An expression takes the name apart at its dots. Write the simple tag {{${name}}}.`
      : `An expression takes the name apart at its dots. Write ${inExpression(name)}.`;
    const message = `${object}['${node.property.value}'] is always nil`;
    return { severity: 'error', position: startOf(node), message, hint };
  }
  return undefined;
}

/** Messages about the types of values; about their contents nobody knows what they will be. */
const ABOUT_TYPES =
  /: (?:invalid operation: (?:\S+ \S+ string|string \S+ \S+|- string)|interface conversion|operator "in" not defined on string|invalid argument for \w+ \(type string\)|cannot (?:fetch|take|slice|transform|get|concat|call)\b)/;

/** A text that is no number; others are. */
const ABOUT_A_NUMBER = /: invalid operation: (?:int|float)\(/;

/** What fails with whatever the variables can be. */
function failingAlways(
  { expression }: MetricExpression,
  scope: BlockScope,
  isLive: boolean,
): ExpressionFinding | undefined {
  const paths = variablesOf(expression).map(({ path }) => path);
  const seen = paths.map(path => namesInExpression(path, scope));
  const names = seen.flatMap(each => each ?? []);
  if (!isCheap(expression) || seen.includes(undefined) || !names.every(isArgoVariable)) return undefined;
  const maps = paths.filter(path => isVariableMap(path) && path !== 'workflow.creationTimestamp');
  if (maps.some(path => isLookedInto(path, expression.syntax))) return undefined;
  const domains = new Map(names.map(name => [name, domainOf(name, scope, isLive)]));
  const problems = new Map<string, ExpressionProblem>();
  for (const variables of sampleScopes(domains)) {
    const outcome = expression.evaluate(new ScopeVariables(variables));
    if ('value' in outcome) return undefined;
    // Line, column and a caret follow; the finding has them itself.
    const message = (outcome.error.message.split('\n', 1)[0] ?? '').replace(/ \(\d+:\d+\)$/, '');
    problems.set(message, { ...outcome.error, message });
  }
  const isClosed = [...domains.values()].every(domain => domain.isClosed);
  const problem =
    maps.length > 0
      ? sameForAllMaps([...problems.values()])
      : isClosed
        ? [...problems.values()][0]
        : sameForAllNumbers([...problems.values()]);
  if (!problem) return undefined;
  const { message, position } = problem;
  return { severity: 'error', position, message, hint: hintForMap(maps) ?? hintForFailure(paths, problem) };
}

/** Whether an expression asks the map for a member that only the run will name. */
function isLookedInto(map: string, syntax: Syntax): boolean {
  for (const node of nodesOf(syntax)) {
    if (node.kind === 'member' && node.property.kind !== 'text' && dottedPath(node.object) === map)
      return true;
    if (node.kind === 'binary' && node.operator === 'in' && dottedPath(node.right) === map) return true;
    if (node.kind === 'builtin' && node.name === 'get') return true;
  }
  return false;
}

/** The one problem, when it is that a map is no text. What else may go wrong depends on the members. */
function sameForAllMaps(problems: readonly ExpressionProblem[]): ExpressionProblem | undefined {
  const [only, ...others] = problems;
  return only?.message.includes('map[string]interface {}') && others.length === 0 ? only : undefined;
}

function hintForMap([map]: readonly string[]): string | undefined {
  if (map === undefined) return undefined;
  const example = map === 'resourcesDuration' ? 'resourcesDuration.cpu' : `${map}.NAME`;
  return `In an expression ${map} is a map, no text. Write a member of it: ${example}.`;
}

/** The one problem about types that there is with every text, but for those that are no numbers where one is wanted. */
function sameForAllNumbers(problems: readonly ExpressionProblem[]): ExpressionProblem | undefined {
  const [only, ...others] = problems.filter(({ message }) => !ABOUT_A_NUMBER.test(message));
  if (!only || others.length > 0) return undefined;
  return only.code === 'EXPRESSION_INVALID' || ABOUT_TYPES.test(only.message) ? only : undefined;
}

function hintForFailure(names: readonly string[], { message, hint }: ExpressionProblem): string {
  const seconds = names.find(name => /(?:^|\.)duration$/.test(name));
  if (seconds !== undefined && /invalid operation: int\(/.test(message))
    return `The seconds have decimals: int(asFloat(${seconds})).`;
  if (names.includes('workflow.creationTimestamp'))
    return 'An expression sees its parts only. Write workflow.creationTimestamp.RFC3339, or .s for the seconds.';
  if (message.includes('is not available')) return 'Recorded values have to come from the workflow.';
  return hint ?? 'It fails with whatever the variables are.';
}

const COMPARISONS = new Set(['==', '!=', 'in']);

/** A comparison that has the same answer for every value that the variable can have. */
function constantComparison(
  { expression }: MetricExpression,
  scope: BlockScope,
  isLive: boolean,
): ExpressionFinding | undefined {
  for (const node of nodesOf(expression.syntax)) {
    if (node.kind !== 'binary' || !COMPARISONS.has(node.operator)) continue;
    const [variable, other] =
      isVariable(node.left) || node.operator === 'in' ? [node.left, node.right] : [node.right, node.left];
    const name = dottedPath(variable);
    if (name === undefined || !isVariable(variable)) continue;
    const literals = literalsOf(other);
    if (literals.length === 0) continue;
    const texts = literals.filter(literal => literal.kind === 'text').map(({ value }) => value);
    const { values, isClosed } = domainOf(name, scope, isLive);
    const isPhase = /(?:^|\.)status$/.test(name);
    if (texts.some(text => !isClosed || !isPhase || values.includes(text))) continue;
    const hint =
      texts.length === 0
        ? `Variables are texts. Compare asInt(${inExpression(name)}) or asFloat(${inExpression(name)}), or write the number in quotes.`
        : hintForPhase(texts[0] ?? '', values);
    const message = `the comparison is always ${node.operator === '!=' ? 'true' : 'false'}: ${name} is never ${[...literals].map(show).join(' or ')}`;
    return { severity: 'warning', position: startOf(variable), message, hint };
  }
  return undefined;
}

export function hintForPhase(word: string, values: readonly string[]): string {
  const similar = closestWord(word, values);
  return similar === undefined ? `Here it is ${values.join(', ')}.` : `Did you mean '${similar}'?`;
}

function isVariable(node: Syntax): boolean {
  const path = dottedPath(node);
  return path !== undefined && isArgoVariable(path) && !isVariableMap(path);
}

type LiteralSyntax = Extract<Syntax, { readonly kind: 'text' | 'integer' | 'float' | 'bool' }>;

/** All literals, or none when there is anything else. */
function literalsOf(node: Syntax): readonly LiteralSyntax[] {
  const nodes = node.kind === 'list' ? node.items : [node];
  const literals = nodes.filter(isLiteral);
  return literals.length === nodes.length ? literals : [];
}

function isLiteral(node: Syntax): node is LiteralSyntax {
  return node.kind === 'text' || node.kind === 'integer' || node.kind === 'float' || node.kind === 'bool';
}

function show({ kind, value }: LiteralSyntax): string {
  return kind === 'text' ? `'${value}'` : String(value);
}
