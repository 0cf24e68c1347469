// `when` clauses that cannot be computed, or are never true, with the few values that a status has.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import { isArgoVariable } from '../variables/argo-variables.js';
import { reasonOfSyntax } from '../spec/compile-when.js';
import type { TextDiagnostic } from '../diagnostic/diagnostic.js';
import type { Expression } from '../expression/expression.js';
import { ScopeVariables } from '../expression/run/scope-variables.js';
import type { FlatVariables } from '../expression/run/scope-variables.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { possibilityOf, UNKNOWN_WORD } from '../when/when-possibilities.js';
import type { BlockScope } from './block-scope.js';
import { isCheap, variablesOf } from './expression-texts.js';
import { hintForPhase } from './manifest-expressions.js';
import { domainOf, sampleScopes } from './sample-scopes.js';
import type { Domain } from './sample-scopes.js';

const FEW_VALUES = /^(?:workflow\.|lastRetry\.)?status$/;

/** Longer clauses are not tried out. */
const LENGTH_MAX = 10_000;

/** Evaluates the clause for every status. Other variables may be anything. */
export function reportWhenOutcomes(metric: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  const { when, path } = metric;
  if (!when.hasTags) return reportConstant(metric, report);
  // The compiler has said so.
  if (when.source.length > LENGTH_MAX || reasonOfSyntax(when) !== undefined) return;
  const domains = statusDomains(metric, scope);
  let failure: TextDiagnostic | undefined;
  let failing = '';
  let isEverTrue = false;
  let isEverFalse = false;
  for (const variables of sampleScopes(domains)) {
    if (!canBe(variables, metric, scope)) continue;
    const text = fillIn(metric, variables);
    const outcome = text === undefined ? 'perhaps' : possibilityOf(text);
    if (outcome === false) isEverFalse = true;
    else if (typeof outcome === 'object')
      [failure, failing] = [failure ?? outcome.error, failing || show(variables)];
    else isEverTrue = true;
  }
  if (failure) {
    const { message, hint } = failure;
    report.text(
      {
        code: 'WHEN_INVALID',
        severity: isEverTrue || isEverFalse ? 'warning' : 'error',
        message: `unable to compute 'when' clause for metric '${metric.metric}'${failing}: ${message}`,
        hint: hint ?? hintForFailure(message),
      },
      `${path}.when`,
    );
  } else if (isEverFalse && !isEverTrue) {
    const message = `the 'when' clause of metric '${metric.metric}' is never true`;
    report.warning('WHEN_NEVER_TRUE', `${path}.when`, message, hintForNever(metric, scope, domains));
  }
}

/** When a workflow is over, its metrics are told the phase of its entry node as that of the workflow. */
function canBe(
  { status, 'workflow.status': ofWorkflow }: FlatVariables,
  { value }: CompiledMetric,
  { level }: BlockScope,
): boolean {
  const areBoth = status !== undefined && ofWorkflow !== undefined;
  return !areBoth || level !== 'workflow' || value.kind === 'realtime' || status === ofWorkflow;
}

/** A clause without tags; the word `false` alone switches a metric off on purpose. */
function reportConstant({ when, path, metric }: CompiledMetric, report: MetricReport): void {
  if (when.source.trim() === 'false' || possibilityOf(when.source) !== false) return;
  const name = (when.source.match(/[A-Za-z][\w.]*/g) ?? []).find(isArgoVariable);
  const hint =
    name === undefined
      ? 'It has no tags, so that nothing can change it.'
      : `Variables stand in braces: {{${name}}}.`;
  report.warning(
    'WHEN_NEVER_TRUE',
    `${path}.when`,
    `the 'when' clause of metric '${metric}' is never true`,
    hint,
  );
}

function statusDomains({ when, value }: CompiledMetric, scope: BlockScope): ReadonlyMap<string, Domain> {
  const names = when.segments.flatMap(segment => {
    if (segment.kind === 'text') return [];
    return segment.kind === 'tag'
      ? [segment.tag.trim()]
      : variablesOf(segment.expression).map(({ path }) => path);
  });
  const isLive = value.kind === 'realtime';
  const few = [...new Set(names)].filter(name => FEW_VALUES.test(name));
  return new Map(few.map(name => [name, domainOf(name, scope, isLive)]));
}

/** The clause with these values and a word for what is not known; `undefined` when an expression in it fails. */
function fillIn({ when }: CompiledMetric, variables: FlatVariables): string | undefined {
  let text = '';
  for (const segment of when.segments)
    if (segment.kind === 'text') text += segment.text;
    else if (segment.kind === 'tag') text += variables[segment.tag.trim()] ?? UNKNOWN_WORD;
    else if (!isKnown(segment.expression, variables)) text += UNKNOWN_WORD;
    else {
      const outcome = segment.expression.evaluate(new ScopeVariables(variables));
      if ('error' in outcome) return undefined;
      text += outcome.value;
    }
  return text;
}

function isKnown(expression: Expression, variables: FlatVariables): boolean {
  return isCheap(expression) && variablesOf(expression).every(({ path }) => variables[path] !== undefined);
}

function show(variables: FlatVariables): string {
  const given = Object.entries(variables).map(([name, value]) => `${name} ${value}`);
  return given.length === 0 ? '' : ` where ${given.join(' and ')}`;
}

function hintForFailure(message: string): string {
  return /Got |not a bool/.test(message)
    ? 'Every part has to be a comparison: {{status}} == Failed || {{status}} == Error.'
    : 'It has to be true or false for every status.';
}

/** A word of the clause that was probably meant for a phase. */
function hintForNever(
  { when }: CompiledMetric,
  { level }: BlockScope,
  domains: ReadonlyMap<string, Domain>,
): string {
  const values = [...new Set([...domains.values()].flatMap(domain => domain.values))];
  const source = when.segments
    .map(segment =>
      segment.kind === 'expression' ? segment.expression.source : segment.kind === 'text' ? segment.text : '',
    )
    .join(' ');
  for (const [word] of source.matchAll(/[A-Za-z]{3,}/g)) {
    if (values.includes(word)) continue;
    const hint = hintForPhase(word, values);
    if (hint.startsWith('Did you mean')) return hint;
  }
  const whatIs = [...domains].map(
    ([name, domain]) => `${name} can only be ${domain.values.filter(value => value !== '').join(', ')}`,
  );
  return `Where this is emitted, ${whatIs.join(', and ')}${level === 'workflow' && domains.size > 1 ? ', and both are the same' : ''}.`;
}
