// Names in expressions: what Argo would call missing, and what was probably meant.
import { isArgoVariable, isVariableMap, similarVariable } from '../variables/argo-variables.js';
import { closestWord } from '../budget/closest-word.js';
import { BUILTINS } from '../expression/builtins/builtins.js';
import { ENVIRONMENT } from '../expression/builtins/environment.js';
import { isProvided } from '../expression/expression.js';
import { declaredNames, requiredNames } from '../expression/syntax/required-names.js';
import type { Syntax } from '../expression/syntax/syntax.js';
import { nodesOf, dottedPath, startOf } from '../expression/syntax/variable-paths.js';
import { SPRIG } from '../sprig/sprig.js';
import { hintForTag } from '../variables/tag-hint.js';
import { absenceOf } from './absent-variables.js';
import type { BlockScope } from './block-scope.js';
import { inExpression } from './expression-texts.js';
import type { MetricExpression } from './expression-texts.js';
import { existsIn } from './manifest-tags.js';

export interface ExpressionFinding {
  readonly severity: 'error' | 'warning';
  /** UTF-16 index into the expression. */
  readonly position: number;
  readonly message: string;
  readonly hint: string;
}

/** The first name that cannot have a value, in Argo's order. */
export function missingName(
  { expression }: MetricExpression,
  scope: BlockScope,
): ExpressionFinding | undefined {
  const { source, syntax } = expression;
  const places = placesOf(syntax);
  const required = requiredNames(syntax).filter(({ path }) => !isProvided(path));
  for (const { path } of required) {
    const absence = absenceIn(path, source, syntax, scope);
    // Of `inputs.parameters.x` the last part is missing; what comes before it is a map.
    if (!absence || required.some(other => other.path.startsWith(`${path}.`))) continue;
    const message = `failed to evaluate expression: ${path} is missing`;
    return { message, position: places.get(path) ?? 0, ...absence };
  }
  return undefined;
}

type Found = Pick<ExpressionFinding, 'severity' | 'hint'>;

function absenceIn(path: string, source: string, syntax: Syntax, scope: BlockScope): Found | undefined {
  if (isArgoVariable(path)) {
    const absence = absenceOf(path, scope);
    return absence && { ...absence, hint: dashHint(path, source, scope) ?? bareTags(absence.hint) };
  }
  if (isVariableMap(path)) return undefined;
  if (declaredNames(syntax).has(path)) {
    const hint =
      'Argo takes a name that `let` declares for a missing variable: write its value in its place.';
    return { severity: 'warning', hint };
  }
  return { severity: 'error', hint: hintForName(path, source, syntax, scope) };
}

/** Where each dotted name begins. */
function placesOf(syntax: Syntax): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const node of nodesOf(syntax)) {
    const path = dottedPath(node);
    if (path !== undefined && !places.has(path)) places.set(path, startOf(node));
  }
  return places;
}

function hintForName(path: string, source: string, syntax: Syntax, scope: BlockScope): string {
  if (path.startsWith('sprig.')) return functionHint(path.slice('sprig.'.length), 'sprig.');
  if (isCalled(path, syntax)) return functionHint(path, '');
  const dashed = dashHint(path, source, scope);
  if (dashed !== undefined) return dashed;
  if (path.includes('.')) return bareTags(hintForTag(path, existsIn(scope)));
  const similar = similarVariable(path);
  if (similar !== undefined && existsIn(scope)(similar)) return `Did you mean ${inExpression(similar)}?`;
  const text = dashedWord(path, source) ?? path;
  return `No variable has this name. A text stands in quotes: '${text}'.`;
}

function isCalled(name: string, syntax: Syntax): boolean {
  for (const node of nodesOf(syntax))
    if (node.kind === 'call' && node.callee.kind === 'identifier' && node.callee.name === name) return true;
  return false;
}

const FUNCTIONS: readonly string[] = [
  ...BUILTINS.keys(),
  ...['all', 'any', 'count', 'filter', 'find', 'map', 'none', 'one', 'reduce', 'sortBy', 'sum'],
  ...[...ENVIRONMENT.keys()].filter(name => name !== 'sprig'),
];

/** Names that other languages have for these functions. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...['toLower', 'tolower', 'lowercase', 'lowerCase', 'downcase'].map(name => [name, 'lower'] as const),
  ...['toUpper', 'toupper', 'uppercase', 'upperCase', 'upcase'].map(name => [name, 'upper'] as const),
  ...['length', 'size', 'strlen'].map(name => [name, 'len'] as const),
  ...['toInt', 'parseInt', 'atoi', 'integer'].map(name => [name, 'asInt'] as const),
  ...['toFloat', 'parseFloat', 'number', 'Number'].map(name => [name, 'asFloat'] as const),
  ...['toString', 'str', 'String'].map(name => [name, 'string'] as const),
  ...['strip'].map(name => [name, 'trim'] as const),
  ...['parseJSON', 'parseJson', 'fromJson'].map(name => [name, 'fromJSON'] as const),
  ...['jsonPath', 'JSONPath'].map(name => [name, 'jsonpath'] as const),
]);

function functionHint(name: string, prefix: '' | 'sprig.'): string {
  if (prefix === '') {
    const meant = OTHER_NAMES.get(name) ?? (SPRIG.has(name) ? `sprig.${name}` : closestWord(name, FUNCTIONS));
    return meant === undefined ? 'There is no such function.' : `Did you mean ${meant}?`;
  }
  const similar = closestWord(name, SPRIG.keys());
  if (similar !== undefined) return `Did you mean sprig.${similar}?`;
  const own = OTHER_NAMES.get(name) ?? (FUNCTIONS.includes(name) ? name : undefined);
  return own === undefined ? 'Sprig has no such function.' : `Did you mean ${own}?`;
}

/** `a.b-c` is a minus: the whole name, when there is such a variable. */
function dashHint(path: string, source: string, scope: BlockScope): string | undefined {
  const whole = dashedWord(path, source);
  return whole !== undefined && existsIn(scope)(whole)
    ? `Write ${inExpression(whole)}: outside of brackets a dash is a minus.`
    : undefined;
}

/** The name with what follows it behind dashes, as it stands in the expression outside of quotes. */
function dashedWord(path: string, source: string): string | undefined {
  const code = source.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/g, text =>
    ' '.repeat(text.length),
  );
  for (const [word] of code.matchAll(/[A-Za-z_][\w.]*(?:-\w[\w.]*)+/g))
    if (word.startsWith(`${path}-`)) return word;
  return undefined;
}

/** In an expression there are no braces around names. */
function bareTags(hint: string): string {
  return hint.replace(/\{\{([^{}=]+)\}\}/g, (_, name: string) => inExpression(name));
}
