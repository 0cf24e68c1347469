// Values that variables can have, to see what an expression or a clause comes to before anything runs.
import type { FlatVariables } from '../expression/run/scope-variables.js';
import { listAt, recordAt, textAt } from '../../guard/json-value.js';
import { isVariableMap } from '../variables/argo-variables.js';
import type { BlockScope } from './block-scope.js';
import { factsOf } from './spec-facts.js';

/** What a variable can be. */
export interface Domain {
  readonly values: readonly string[];
  /** The values are all that matter: whatever fails for all of them fails always. */
  readonly isClosed: boolean;
}

const ENDS = ['Succeeded', 'Failed', 'Error'];
const SECONDS = ['0.250000', '1.000000', '120.500000', '86400.000000'];
/** Texts as different as people write them. */
const TEXTS = [
  '7',
  'abc',
  '1.5',
  'true',
  '',
  'a-b-c-d-e',
  'a/b/c/d/e',
  'a.b.c.d.e',
  'a,b,c,d,e',
  '{"a":{"b":1}}',
  '["a","b","c"]',
  '2026-03-04T05:06:07Z',
  '2026-03-04',
  '1h30m',
  'v1.20.3',
  'aGVsbG8=',
];
const NUMBERS = ['0', '1', '7', '100'];
const TIMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    B: 'March',
    b: 'Mar',
    m: '03',
    A: 'Wednesday',
    a: 'Wed',
    d: '04',
    H: '05',
    I: '05',
    M: '06',
    S: '07',
    Y: '2026',
    y: '26',
    p: 'AM',
    Z: 'UTC',
    z: '+0000',
    L: '.000',
    s: '1772600767',
    RFC3339: '2026-03-04T05:06:07Z',
  }),
);

/** @param isLive the metric is shown while the node or the workflow runs, too. */
export function domainOf(name: string, scope: BlockScope, isLive: boolean): Domain {
  const closed = (...values: readonly string[]): Domain => ({ values, isClosed: true });
  switch (name) {
    case 'status':
      return closed(...statusOf(scope, isLive));
    case 'workflow.status':
      return closed(...workflowStatusOf(scope, isLive));
    case 'lastRetry.status':
      return closed('', 'Failed', 'Error');
    case 'duration':
    case 'workflow.duration':
      return closed(...SECONDS);
    case 'exitCode':
    case 'lastRetry.exitCode':
      return closed('0', '1', '137');
    case 'retries':
    case 'workflow.priority':
      return closed(...NUMBERS);
    case 'lastRetry.duration':
      return closed('0', '1', '12.5');
    case 'workflow.uid':
      return closed('6ba7b810-9dad-11d1-80b4-00c04fd430c8');
    case 'workflow.creationTimestamp':
    case 'workflow.scheduledTime':
      return closed('2026-03-04T05:06:07Z');
    default: {
      const part = /^workflow\.creationTimestamp\.(\w+)$/.exec(name)?.[1];
      const time = part === undefined ? undefined : TIMES.get(part);
      if (time !== undefined) return closed(time);
      return name.startsWith('resourcesDuration.') ? closed(...NUMBERS) : { values: TEXTS, isClosed: false };
    }
  }
}

function statusOf({ templates, level }: BlockScope, isLive: boolean): readonly string[] {
  // A daemon counts when it is ready, and runs on.
  const isDaemon = level === 'template' && (templates?.some(({ json }) => json['daemon'] === true) ?? true);
  if (isLive) return ['Pending', 'Running', ...ENDS];
  return isDaemon ? [...ENDS, 'Running'] : ENDS;
}

function workflowStatusOf({ level, isWholeWorkflow, spec }: BlockScope, isLive: boolean): readonly string[] {
  if (level === 'workflow') return isLive ? ['Pending', 'Running', ...ENDS] : ENDS;
  // Only handlers run when there is a result.
  const hasHandlers = !isWholeWorkflow || factsOf(spec).hasHandlers;
  return hasHandlers ? ['Running', 'Pending', ...ENDS] : ['Running', 'Pending'];
}

/**
 * What an expression sees of a name: the members, where it is a map. `undefined`: nobody knows here whether it is a map or
 * a text.
 */
export function namesInExpression(name: string, scope: BlockScope): readonly string[] | undefined {
  if (!isVariableMap(name)) return [name];
  const { spec, metadata, isWholeWorkflow } = scope;
  const member = (names: Iterable<string>): readonly string[] | undefined => {
    const [first] = names;
    return first === undefined ? undefined : [`${name}.${first}`];
  };
  switch (name) {
    case CREATED:
      return [...TIMES.keys()].map(part => `${CREATED}.${part}`);
    case 'resourcesDuration':
      return ['resourcesDuration.cpu', 'resourcesDuration.memory'];
    case 'workflow':
      return ['workflow.name'];
    case 'workflow.labels':
      // The controller itself gives some to each workflow.
      return member(['workflows.argoproj.io/phase']);
    case 'workflow.annotations':
      return isWholeWorkflow ? member(Object.keys(recordAt(metadata, 'annotations'))) : undefined;
    case 'workflow.parameters':
      return member(listAt(recordAt(spec, 'arguments'), 'parameters').map(each => textAt(each, 'name')));
    case 'inputs.parameters':
      return member(scope.parameters('inputs') ?? []);
    case 'inputs':
      return namesInExpression('inputs.parameters', scope);
    default:
      return undefined;
  }
}

const CREATED = 'workflow.creationTimestamp';

/** Combinations that are tried for one text; where there are more, nothing is known. */
const SCOPES_MAX = 1000;

/**
 * Values for all of these variables: closed ones in all combinations, while open ones share one text. None when there would
 * be too many.
 */
export function* sampleScopes(domains: ReadonlyMap<string, Domain>): Generator<FlatVariables> {
  const closed = [...domains].filter(([, { isClosed }]) => isClosed);
  const open = [...domains].filter(([, { isClosed }]) => !isClosed);
  const texts = open.length === 0 ? [''] : TEXTS;
  const count = closed.reduce((product, [, { values }]) => product * values.length, texts.length);
  if (count > SCOPES_MAX) return;
  for (const text of texts) {
    const shared = open.map(
      ([name, { values }]) => [name, values === TEXTS ? text : (values[0] ?? '')] as const,
    );
    for (const combination of combinations(closed))
      yield Object.assign(
        Object.create(null),
        Object.fromEntries([...shared, ...combination]),
      ) as FlatVariables;
  }
}

function* combinations(
  domains: readonly (readonly [string, Domain])[],
): Generator<readonly (readonly [string, string])[]> {
  const [first, ...rest] = domains;
  if (!first) {
    yield [];
    return;
  }
  const [name, { values }] = first;
  for (const value of values)
    for (const others of combinations(rest)) yield [[name, value] as const, ...others];
}
