// An expression from its text to its value, with Argo's words for all that can be wrong.
import { BoundedMap } from '../../guard/bounded-map.js';
import { LimitError, metered, spend } from '../budget/evaluation-limits.js';
import { quoteGo } from '../go/text/quote.js';
import { marshalJson, quoteJson } from '../go/json/go-json.js';
import { Budget } from '../budget/budget.js';
import { isBuiltin } from './builtins/builtins.js';
import { checkExpression } from './checker/checker.js';
import { compileExpression } from './compile/compiler.js';
import { ENVIRONMENT } from './builtins/environment.js';
import { Evaluation } from './run/evaluation.js';
import type { Run } from './run/evaluation.js';
import { MAP, TEXT } from '../go/value/nature.js';
import type { Nature } from '../go/value/nature.js';
import { parseExpression } from './syntax/parser.js';
import { plainValue } from '../go/value/plain-value.js';
import { calledNames, declaredNames, requiredNames } from './syntax/required-names.js';
import type { RequiredName } from './syntax/required-names.js';
import type { ScopeVariables } from './run/scope-variables.js';
import { ExpressionSyntaxError, messageAt } from './syntax/syntax-error.js';
import type { Syntax } from './syntax/syntax.js';
import { EvaluationError } from '../go/evaluation-error.js';
import type { Value } from '../go/value/value.js';

export interface ExpressionProblem {
  readonly code: 'EXPRESSION_INVALID' | 'EXPRESSION_FAILED' | 'LIMIT_EXCEEDED';
  /** UTF-16 index into the expression. */
  readonly position: number;
  readonly message: string;
  readonly hint?: string;
}

type Natures = ReadonlyMap<string, Nature>;
type Outcome = { readonly value: string } | { readonly error: ExpressionProblem };

/** Kinds of variables for which the check was made; a template is rendered where few combinations occur. */
const CHECKS_MAX = 16;

const KINDS = { map: 'm', text: 't', none: '-' } as const;

/** Steps of compiling. */
const COMPILE_COST = 200;
const CHARACTER_COST = 8;

/** Parses, checks and compiles. @throws LimitError where that is metered */
export function compileExpressionText(
  source: string,
): { expression: Expression } | { error: ExpressionProblem } {
  let syntax: Syntax;
  spend(COMPILE_COST + source.length * CHARACTER_COST);
  try {
    syntax = parseExpression(source, isBuiltin);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return { error: invalid(source, error) };
    throw error;
  }
  // Whatever is wrong while nothing is known of the variables is wrong for all of them.
  const problem = check(source, syntax, new Map());
  if (!problem) return { expression: new Expression(source, syntax, compileExpression(syntax)) };
  return { error: check(source, syntax, likelyNatures(syntax)) ?? problem };
}

function check(source: string, syntax: Syntax, natures: Natures): ExpressionProblem | undefined {
  try {
    checkExpression(syntax, name => ENVIRONMENT.get(name)?.nature ?? natures.get(name));
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return invalid(source, error);
    throw error;
  }
}

/** Names that are the first part of Argo's variables. */
const ARGO_MAPS = new Set(
  'workflow inputs outputs steps tasks resourcesDuration lastRetry node pod'.split(' '),
);

/** So that a message says text instead of unknown. */
function likelyNatures(syntax: Syntax): Natures {
  const paths = requiredNames(syntax).map(({ path }) => path);
  const isMap = (name: string): boolean =>
    ARGO_MAPS.has(name) || paths.some(path => path.startsWith(`${name}.`));
  return new Map(['duration', ...paths].map(name => [name, isMap(name) ? MAP : TEXT]));
}

/** A compiled expression: evaluated for every emission. */
export class Expression {
  readonly source: string;
  readonly syntax: Syntax;
  readonly #run: Run;
  readonly #required: readonly RequiredName[];
  /** The required names that are not the beginning of others. */
  readonly #longest: readonly RequiredName[];
  readonly #roots: readonly string[];
  readonly #checks = new BoundedMap<string, ExpressionProblem | undefined>(CHECKS_MAX);

  constructor(source: string, syntax: Syntax, run: Run) {
    this.source = source;
    this.syntax = syntax;
    this.#run = run;
    this.#required = requiredNames(syntax).filter(({ path }) => !isProvided(path));
    this.#longest = this.#required.filter(
      ({ path }) => !this.#required.some(other => other.path.startsWith(`${path}.`)),
    );
    const roots = this.#required.map(({ path }) => path).filter(path => !path.includes('.'));
    this.#roots = [...roots, ...calledNames(syntax), ...declaredNames(syntax)];
  }

  evaluate(variables: ScopeVariables, budget: Budget = new Budget()): Outcome {
    return metered(budget, () => this.#evaluate(new Evaluation(variables, budget)));
  }

  #evaluate(evaluation: Evaluation): Outcome {
    const { variables } = evaluation;
    try {
      const wrong = this.#missing(variables) ?? this.#check(variables);
      if (wrong) return { error: wrong };
      const value = this.#run(evaluation);
      return value === null ? { error: this.#nil() } : { value: textOfResult(value) };
    } catch (error) {
      if (error instanceof MarshalError) {
        const message = `failed to marshal evaluated expression: ${error.message}`;
        return { error: { code: 'EXPRESSION_FAILED', position: 0, message } };
      }
      if (error instanceof LimitError || error instanceof EvaluationError)
        return { error: this.#failed(evaluation.position, error) };
      throw error;
    }
  }

  #missing(variables: ScopeVariables): ExpressionProblem | undefined {
    if (this.#longest.every(({ path }) => variables.has(path))) return undefined;
    const missing = this.#required.find(({ path }) => !variables.has(path));
    if (!missing) return undefined;
    const { path, position } = missing;
    const hint = declaredNames(this.syntax).has(path)
      ? 'Argo takes a name that `let` declares for a missing variable: write its value in its place.'
      : 'No such variable where this metric is emitted. A member that can be absent is guarded by `??`.';
    const message = `failed to evaluate expression: ${path} is missing`;
    return { code: 'EXPRESSION_FAILED', position, message, hint };
  }

  /** With the variables at hand more is known than when the expression was compiled: texts from maps. */
  #check(variables: ScopeVariables): ExpressionProblem | undefined {
    if (this.#roots.length === 0) return undefined;
    let kinds = '';
    for (const root of this.#roots) kinds += KINDS[variables.kindOf(root) ?? 'none'];
    if (this.#checks.has(kinds)) return this.#checks.get(kinds);
    const problem = this.#checkFor(kinds);
    this.#checks.set(kinds, problem);
    return problem;
  }

  #checkFor(kinds: string): ExpressionProblem | undefined {
    const natures = new Map<string, Nature>();
    for (const [index, root] of this.#roots.entries()) {
      const kind = kinds[index];
      if (kind !== KINDS.none) natures.set(root, kind === KINDS.map ? MAP : TEXT);
    }
    return check(this.source, this.syntax, natures);
  }

  #nil(): ExpressionProblem {
    // Argo quotes the text as it stands in the JSON of the manifest.
    const quoted = quoteGo(quoteJson(this.source, false).slice(1, -1));
    return {
      code: 'EXPRESSION_FAILED',
      position: 0,
      message: `failed to evaluate expression ${quoted}`,
      hint: 'The value is nil. Give it another one with `??`.',
    };
  }

  #failed(position: number, error: EvaluationError | LimitError): ExpressionProblem {
    const { message } = error;
    return {
      code: error instanceof LimitError ? 'LIMIT_EXCEEDED' : 'EXPRESSION_FAILED',
      position,
      message: `failed to evaluate expression: ${messageAt(this.source, position, message)}`,
      ...hintFor(this.source, message),
    };
  }
}

/** Whether Argo itself brings the name. */
export function isProvided(path: string): boolean {
  if (ENVIRONMENT.has(path)) return true;
  const [root = '', name = '', ...rest] = path.split('.');
  const members = ENVIRONMENT.get(root)?.value;
  return members instanceof Map && members.has(name) && rest.length === 0;
}

class MarshalError extends Error {}

/** What stands in the place of the tag: text as it is, everything else as JSON. */
function textOfResult(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  try {
    const json = marshalJson(plainValue(value));
    return json.startsWith('"') ? (JSON.parse(json) as string) : json;
  } catch (error) {
    if (error instanceof EvaluationError) throw new MarshalError(error.message);
    throw error;
  }
}

function invalid(source: string, { position, message }: ExpressionSyntaxError): ExpressionProblem {
  return {
    code: 'EXPRESSION_INVALID',
    position,
    message: `failed to evaluate expression: ${messageAt(source, position, message)}`,
    ...hintFor(source, message),
  };
}

function hintFor(source: string, message: string): { readonly hint?: string } {
  if (message === 'unexpected token EOF' && source.includes('{'))
    return { hint: 'The first `}}` ends a tag: put a space between two closing braces.' };
  if (/invalid operation: .*\bstring\b/.test(message))
    return { hint: 'All variables are texts: make numbers of them with asInt or asFloat.' };
  return {};
}
