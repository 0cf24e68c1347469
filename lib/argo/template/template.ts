import { LimitError, spend } from '../budget/evaluation-limits.js';
import type { TextDiagnostic } from '../diagnostic/diagnostic.js';
import { Budget } from '../budget/budget.js';
import { compileExpressionText } from '../expression/expression.js';
import type { Expression, ExpressionProblem } from '../expression/expression.js';
import { printExpression } from '../expression/syntax/printer.js';
import { ScopeVariables } from '../expression/run/scope-variables.js';
import { variableOf } from '../expression/run/layered-variables.js';
import type { VariableLayer } from '../expression/run/layered-variables.js';
import { quoteJson } from '../go/json/go-json.js';

/** Values of tags. A name that is missing or `undefined` cannot be resolved. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Those of a caller, or those of a Workflow object. */
export type AnyVariables = Variables | VariableLayer;

type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tag'; readonly tag: string; readonly name: string; readonly position: number }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly position: number };

/** A text with `{{tag}}`s and `{{=expression}}`s, parsed once and rendered for every emission. */
export interface Template {
  readonly source: string;
  readonly segments: readonly Segment[];
  /** False when rendering can only give `source`. */
  readonly hasTags: boolean;
  readonly hasExpressions: boolean;
}

export type Rendered = { readonly value: string } | { readonly error: TextDiagnostic };

const OPEN = '{{';
const CLOSE = '}}';
const EXPRESSION = '=';
/** UTF-16 units of a text that costs nothing. */
const LONG = 512;
/** Steps of a tag that is found in a text. */
const TAG_COST = 5;

/**
 * Splits a text at its tags, and compiles the expressions. A tag ends at the first `}}`, whatever stands in it.
 * @throws LimitError where that is part of what an evaluation may cost
 */
export function parseTemplate(source: string): { template: Template } | { error: TextDiagnostic } {
  const segments: Segment[] = [];
  let from = 0;
  for (;;) {
    const open = source.indexOf(OPEN, from);
    const text = source.slice(from, open < 0 ? undefined : open);
    if (text !== '') segments.push({ kind: 'text', text });
    if (open < 0) break;
    spend(TAG_COST);
    const close = source.indexOf(CLOSE, open + OPEN.length);
    if (close < 0) return { error: unclosed(source, open) };
    const tag = source.slice(open + OPEN.length, close);
    if (tag.startsWith(EXPRESSION)) {
      const compiled = compileExpressionText(tag.slice(EXPRESSION.length));
      if ('error' in compiled) return { error: expressionProblem(compiled.error, open) };
      segments.push({ kind: 'expression', expression: compiled.expression, position: open });
    } else segments.push({ kind: 'tag', tag, name: nameOfTag(tag), position: open });
    from = close + CLOSE.length;
  }
  const hasTags = segments.some(segment => segment.kind !== 'text');
  const hasExpressions = segments.some(segment => segment.kind === 'expression');
  return { template: { source, segments, hasTags, hasExpressions } };
}

/** A text that parses to the same template. */
export function printTemplate({ segments }: Template): string {
  return segments.map(printSegment).join('');
}

function printSegment(segment: Segment): string {
  if (segment.kind === 'text') return segment.text;
  if (segment.kind === 'tag') return `${OPEN}${segment.tag}${CLOSE}`;
  // The space keeps a brace at the end apart from the tag's.
  return `${OPEN}${EXPRESSION}${printExpression(segment.expression.syntax)} ${CLOSE}`;
}

/** As {@link Rendering}, for one text. */
export function render(template: Template, variables: AnyVariables): Rendered {
  return new Rendering(variables, new Budget()).render(template);
}

/** Fills one set of variables into any number of templates. */
export class Rendering {
  readonly variables: AnyVariables;
  readonly budget: Budget;
  #scope: ScopeVariables | undefined;
  /** What came of templates with expressions, so that none is evaluated twice. */
  #known: Map<string, Rendered> | undefined;

  constructor(variables: AnyVariables, budget: Budget) {
    this.variables = variables;
    this.budget = budget;
  }

  /** The first tag that has no value is the error, in Argo's words. */
  render(template: Template): Rendered {
    if (!template.hasTags) return { value: template.source };
    if (!template.hasExpressions) return this.#render(template);
    this.#known ??= new Map();
    const known = this.#known.get(template.source);
    if (known) return known;
    const rendered = this.#render(template);
    this.#known.set(template.source, rendered);
    return rendered;
  }

  #render({ segments }: Template): Rendered {
    let value = '';
    for (const segment of segments)
      if (segment.kind === 'text') value += segment.text;
      else if (segment.kind === 'tag') {
        const resolved = lookUp(segment.name, this.variables) ?? resolveNested(segment.tag, this.variables);
        if (resolved === undefined) return { error: unresolved(segment.tag, segment.position) };
        value += resolved;
      } else {
        this.#scope ??= new ScopeVariables(this.variables);
        const evaluated = segment.expression.evaluate(this.#scope, this.budget);
        if ('error' in evaluated) return { error: expressionProblem(evaluated.error, segment.position) };
        value += evaluated.value;
      }
    return value.length > LONG ? this.#charge(value) : { value };
  }

  /** Long texts are cut, hashed and compared wherever they go. */
  #charge(value: string): Rendered {
    try {
      this.budget.spend(value.length >> 4);
      return { value };
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      return { error: { code: 'LIMIT_EXCEEDED', severity: 'error', position: 0, message: error.message } };
    }
  }
}

/** What Argo trims: white space that JSON does not escape, because the tags are looked for in JSON. */
const SPACE = '[ \\x85\\xa0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]';
const SPACES_AROUND = new RegExp(`^${SPACE}+|(?<!${SPACE})${SPACE}+$`, 'g');

/** The name that a tag looks up. A tab or a line end beside it is part of the name, so that nothing has this name. */
export function nameOfTag(tag: string): string {
  return tag.replace(SPACES_AROUND, '');
}

/** Argo: `{{a {{b}}` is the text `{{a ` followed by the value of `b`, when the whole is no tag. */
function resolveNested(tag: string, variables: AnyVariables): string | undefined {
  const inner = tag.lastIndexOf(OPEN);
  if (inner <= 0) return undefined;
  const nested = lookUp(tag.slice(inner + OPEN.length), variables);
  return nested === undefined ? undefined : `${OPEN}${tag.slice(0, inner)}${nested}`;
}

function lookUp(name: string, variables: AnyVariables): string | undefined {
  const value = variableOf(variables, name);
  return typeof value === 'string' ? value : undefined;
}

function unresolved(tag: string, position: number): TextDiagnostic {
  const isPlain = !/[\t-\r\u2028\u2029\ufeff]/.test(tag);
  return {
    code: 'TAG_UNRESOLVED',
    severity: 'error',
    position,
    message: `failed to resolve {{${quoteJson(tag, true).slice(1, -1)}}}`,
    hint: isPlain
      ? 'No such variable where this metric is emitted. Node outputs exist only when the node produced them.'
      : 'Only spaces may stand beside the name: Argo does not resolve tags with tabs or line ends in them.',
  };
}

function unclosed(source: string, position: number): TextDiagnostic {
  const rest = JSON.stringify(source.slice(position + OPEN.length));
  return {
    code: 'TAG_UNCLOSED',
    severity: 'error',
    position,
    message: `Cannot find end tag="}}" in the template=${JSON.stringify(source)} starting from ${rest}`,
  };
}

/** @param open where the tag begins. */
function expressionProblem({ position, ...problem }: ExpressionProblem, open: number): TextDiagnostic {
  const start = open + OPEN.length + EXPRESSION.length;
  return { ...problem, severity: 'error', position: start + position };
}
