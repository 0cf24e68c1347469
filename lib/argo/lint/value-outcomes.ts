// Values that are never numbers, and buckets that nothing can tell apart.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import { isArgoVariable, isVariableMap } from '../variables/argo-variables.js';
import { constructFailure } from '../spec/compile-value.js';
import { natureOfExpression } from '../expression/checker/checker.js';
import type { Expression } from '../expression/expression.js';
import type { NatureKind } from '../go/value/nature.js';
import { parseGoFloat } from '../go/number/go-number.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { dottedPath } from '../expression/syntax/variable-paths.js';
import { render } from '../template/template.js';
import type { Template } from '../template/template.js';
import type { BlockScope } from './block-scope.js';
import { isCheap, variablesOf } from './expression-texts.js';
import { domainOf, namesInExpression, sampleScopes } from './sample-scopes.js';
import type { Domain } from './sample-scopes.js';

export function reportValueOutcomes(metric: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  const { value } = metric;
  if (value.kind === 'realtime') return;
  const wrong = value.template.hasTags ? neverNumber(value.template, scope) : undefined;
  if (wrong)
    report.error('VALUE_INVALID', value.path, constructFailure(metric.metric, wrong.reason), wrong.hint);
  else if (value.kind === 'histogram') reportFineBuckets(metric, report);
}

function neverNumber(
  template: Template,
  scope: BlockScope,
): { readonly reason: string; readonly hint: string } | undefined {
  const seen = template.segments.flatMap(segment =>
    segment.kind === 'expression'
      ? variablesOf(segment.expression).map(({ path }) => namesInExpression(path, scope))
      : [],
  );
  if (seen.includes(undefined)) return undefined;
  const tags = template.segments.flatMap(segment => (segment.kind === 'tag' ? [segment.tag.trim()] : []));
  const names = [...tags, ...seen.flatMap(each => each ?? [])];
  if (!names.every(isArgoVariable)) return undefined;
  const domains = new Map(names.map(name => [name, valueDomain(name, scope)]));
  if (
    !isDecidable(
      template,
      [...domains.values()].every(({ isClosed }) => isClosed),
    )
  )
    return undefined;
  let reason: string | undefined;
  for (const variables of sampleScopes(domains)) {
    const rendered = render(template, variables);
    if ('error' in rendered) continue;
    const parsed = parseGoFloat(rendered.value);
    if ('value' in parsed) return undefined;
    reason ??= parsed.error;
  }
  return reason === undefined ? undefined : { reason, hint: hintFor(template) };
}

/** Names could be digits alone, and never are. */
const NAMES =
  /^(?:workflow\.(?:name|namespace|mainEntrypoint|serviceAccountName|failures)|(?:pod|node|steps|tasks)\.name)$/;

function valueDomain(name: string, scope: BlockScope): Domain {
  return NAMES.test(name) ? { values: ['a-name'], isClosed: false } : domainOf(name, scope, false);
}

const NEVER_NUMBERS: ReadonlySet<NatureKind> = new Set<NatureKind>(['bool', 'list', 'map']);

/** What an expression makes of texts that can be anything is not known, unless it is never a number by its type. */
function isDecidable({ segments }: Template, isClosed: boolean): boolean {
  return segments.every(
    segment =>
      segment.kind !== 'expression' ||
      (isClosed && isCheap(segment.expression)) ||
      NEVER_NUMBERS.has(natureOfExpression(segment.expression.syntax).kind) ||
      isVariableMap(dottedPath(segment.expression.syntax) ?? ''),
  );
}

function hintFor({ segments }: Template): string {
  const [only, ...others] = segments;
  if (only?.kind === 'expression' && others.length === 0) return hintForExpression(only.expression);
  if (segments.length > 1)
    return 'Tags are filled in as text; only an expression calculates: {{=asFloat(duration) / 60}}.';
  if (only?.kind === 'tag' && only.tag.trim() === 'workflow.creationTimestamp')
    return '{{workflow.creationTimestamp.s}} is the time in seconds.';
  return 'Record 1 as the value, and this as a label.';
}

function hintForExpression({ syntax, source }: Expression): string {
  if (dottedPath(syntax) === 'resourcesDuration')
    return 'It is a map. Write resourcesDuration.cpu or .memory.';
  return natureOfExpression(syntax).kind === 'bool'
    ? `Make a number of it: {{=(${source}) ? 1 : 0}}.`
    : 'The result has to be a number.';
}

const DURATION = /^(?:workflow\.|lastRetry\.)?duration$/;

/** Objects of Kubernetes carry whole seconds. */
function reportFineBuckets({ value, path }: CompiledMetric, report: MetricReport): void {
  if (value.kind !== 'histogram') return;
  const [only, ...others] = value.template.segments;
  if (only?.kind !== 'tag' || others.length > 0 || !DURATION.test(only.tag.trim())) return;
  const index = value.boundaries.findIndex(bound => bound > 0 && bound < 1);
  if (index < 0) return;
  const message = `the bucket up to ${value.boundaries[index]} s counts by chance: who observes Workflow objects knows whole seconds only`;
  const hint = 'Begin with a bound of 1 second or more.';
  report.warning('BUCKETS_TOO_FINE', `${path}.histogram.buckets[${index}]`, message, hint);
}
