// The variables that Argo Workflows can resolve in metrics: what they are called, and who gives them their values. The
// observer gives those, and no others; where a metric stands says which of them it can have.
import { closestWord } from '../budget/closest-word.js';

/**
 * Who gives a variable its value.
 *
 * - `workflow`: the workflow, for all metrics.
 * - `node`: what a node comes to. For metrics of templates; those of a workflow have that of the entry node.
 * - `call`: how a node came to run, filled into its template before. For metrics of templates.
 * - `loop`: the item that a step or a task runs for, filled into its inline template before.
 */
export type VariableSource = 'workflow' | 'node' | 'call' | 'loop';

const TIME_LETTERS = 'B b m A a d H I M S Y y p Z z L'.split(' ');

/** A dot at the end: the name goes on with what a manifest or a cluster calls its own. */
const TABLE: Readonly<Record<VariableSource, readonly string[]>> = {
  node: [
    ...['status', 'duration', 'retries', 'exitCode', 'outputs.result'],
    ...['resourcesDuration.cpu', 'resourcesDuration.memory', 'resourcesDuration.'],
    ...['inputs.parameters.', 'outputs.parameters.'],
  ],
  call: [
    ...['inputs.parameters', 'pod.name', 'node.name', 'steps.name', 'tasks.name'],
    ...['exitCode', 'status', 'duration', 'message'].map(name => `lastRetry.${name}`),
  ],
  loop: ['item', 'item.'],
  workflow: [
    ...['name', 'namespace', 'uid', 'mainEntrypoint', 'serviceAccountName', 'status', 'duration'],
    ...['failures', 'priority', 'scheduledTime', 'creationTimestamp'],
    ...[...TIME_LETTERS, 's', 'RFC3339'].map(name => `creationTimestamp.${name}`),
    ...['parameters', 'annotations', 'labels'].flatMap(name => [name, `${name}.json`, `${name}.`]),
    'outputs.parameters.',
  ].map(name => `workflow.${name}`),
};

const SOURCES: ReadonlyMap<string, VariableSource> = new Map(
  (Object.keys(TABLE) as VariableSource[]).flatMap(source =>
    TABLE[source].map(name => [name, source] as const),
  ),
);

const NAMES: ReadonlySet<string> = new Set([...SOURCES.keys()].filter(name => !name.endsWith('.')));
const PREFIXES: readonly string[] = [...SOURCES.keys()].filter(name => name.endsWith('.'));

/** Paths of artifacts and of output files are filled in like parameters; the artifacts themselves are no texts. */
const FILE_PATH = /^(?:inputs\.artifacts|outputs\.(?:artifacts|parameters))\..+\.path$/;

/** `workflow`, `workflow.outputs`: all beginnings of names that end before a dot. */
const MAPS: ReadonlySet<string> = new Set(
  [...SOURCES.keys()].flatMap(name => {
    const parts = name.split('.');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
  }),
);

/** `undefined` for what is no variable of Argo's. @param name without white space */
export function sourceOf(name: string): VariableSource | undefined {
  const source = SOURCES.get(name);
  if (source !== undefined && !name.endsWith('.')) return source;
  if (FILE_PATH.test(name)) return 'call';
  const prefix = PREFIXES.find(each => name.startsWith(each) && name.length > each.length);
  return prefix === undefined ? undefined : SOURCES.get(prefix);
}

export function isArgoVariable(name: string): boolean {
  return sourceOf(name) !== undefined;
}

/** Whether the name begins like those that Argo's own validation looks at, and so never belongs to somebody else. */
export function isInArgoNamespace(name: string): boolean {
  const end = name.indexOf('.');
  return end > 0 && MAPS.has(name.slice(0, end));
}

/** Whether expressions see variables as members of it: `inputs`, `workflow.labels`. */
export function isVariableMap(name: string): boolean {
  return MAPS.has(name);
}

/** What realtime gauges can show. */
export const REALTIME_VARIABLES: readonly string[] = ['duration', 'workflow.duration'];

export function similarVariable(name: string): string | undefined {
  return closestWord(name, NAMES);
}

/** All of them by name; one with a dot at the end goes on with what a manifest calls its own. */
export function variableNames(): Iterable<string> {
  return SOURCES.keys();
}

/** The beginnings, without the dot at the end, of names that go on with what a manifest calls its own. */
export function variablePrefixes(): readonly string[] {
  return PREFIXES.map(prefix => prefix.slice(0, -1));
}
