// What can be said of each label of a metric: how many values it has, and by which way they come.
import type { CompiledLabel } from '../spec/compile-labels.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { BlockScope } from './block-scope.js';
import { namesFromCallers } from './caller-arguments.js';
import { spreadOfTemplate } from './label-flow.js';
import { domainOf } from './sample-scopes.js';
import { COUNT_MAX, fixed, isEndless } from './value-spread.js';
import type { OpenKind, Spread } from './value-spread.js';

/**
 * `bounded`: the number of values is known; `growing`: every workflow, node, emission, number or text may add one;
 * `unknown`: it depends on what people write, or on something that is not in the document.
 */
export type Verdict = 'bounded' | 'growing' | 'unknown';

export interface LabelVerdict {
  readonly label: CompiledLabel;
  readonly verdict: Verdict;
  /** Of bounded ones: at most so many values. */
  readonly valueCount?: number;
  /** From where the values come to the label: the variable or function first, then the names under which it is passed on. */
  readonly chain: readonly string[];
  readonly spread: Spread;
}

const STATUS = /^(?:workflow\.|lastRetry\.)?status$/;

const known = new WeakMap<CompiledMetric, readonly LabelVerdict[]>();

/** Of all labels, in their order. @param scope the one place of the metric */
export function labelVerdicts(metric: CompiledMetric, scope: BlockScope): readonly LabelVerdict[] {
  let verdicts = known.get(metric);
  if (!verdicts) {
    verdicts = findVerdicts(metric, scope);
    known.set(metric, verdicts);
  }
  return verdicts;
}

function findVerdicts(metric: CompiledMetric, scope: BlockScope): readonly LabelVerdict[] {
  const names = namesFromCallers(scope);
  const isLive = metric.value.kind === 'realtime';
  const place = (name: string): Spread | undefined =>
    STATUS.test(name) ? fixed(domainOf(name, scope, isLive).values.length, [name]) : names(name);
  return metric.labels.map(label => verdictOf(label, spreadOfTemplate(label.value, place)));
}

function verdictOf(label: CompiledLabel, spread: Spread): LabelVerdict {
  if (spread.kind === 'fixed')
    return { label, verdict: 'bounded', valueCount: spread.count, chain: spread.sources, spread };
  const verdict = isEndless(spread) ? 'growing' : 'unknown';
  return { label, verdict, chain: [spread.source, ...(spread.passed ?? [])], spread };
}

const ADDERS: Readonly<Record<OpenKind, string>> = {
  declared: 'nothing in the document says how many values it has',
  reduced: 'it is a part of something that has no end',
  number: 'every other number adds a series',
  text: 'every other text adds a series',
  perRun: 'every workflow adds a series',
  perNode: 'every node of every workflow adds a series',
  fresh: 'every emission adds a series',
};

/** Such as `every workflow adds a series`. */
export function reasonOf(kind: OpenKind): string {
  return ADDERS[kind];
}

/** Of a longer chain only the ends are named. */
const NAMED_MAX = 3;

/** `a, which a caller passes in inputs.parameters.b`. */
export function chainText([source = '', ...passed]: readonly string[]): string {
  const named = passed.length < NAMED_MAX ? passed : passed.slice(-1);
  const steps = named.map(name => `which ${passing(name)} ${name}`);
  return [source, ...(named === passed ? [] : ['…']), ...steps].join(', ');
}

function passing(name: string): string {
  if (name.startsWith('inputs.')) return 'a caller passes in';
  return name.includes('outputs.') ? 'comes out as' : 'is';
}

/** The whole verdict in words. */
export function verdictText({ verdict, valueCount = 0, chain, spread }: LabelVerdict): string {
  if (spread.kind === 'fixed') {
    const values =
      valueCount >= COUNT_MAX
        ? '1e15 values or more'
        : `at most ${valueCount} value${valueCount === 1 ? '' : 's'}`;
    return chain.length === 0 ? values : `${values}, by ${chain.join(' and ')}`;
  }
  const what = verdict === 'growing' ? 'grows' : 'unknown';
  return `${what}: ${chainText(chain)}: ${reasonOf(spread.kind)}`;
}
