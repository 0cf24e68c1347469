// The variables that Argo Workflows can resolve in metrics, of a workflow or of a template.
import { closestWord } from '../budget/closest-word.js';

const TIME_LETTERS = 'B b m A a d H I M S Y y p Z z L'.split(' ');

const NAMES: ReadonlySet<string> = new Set([
  ...['status', 'duration', 'retries', 'exitCode', 'outputs.result', 'inputs.parameters'],
  ...['pod.name', 'node.name', 'steps.name', 'tasks.name', 'item'],
  ...['exitCode', 'status', 'duration', 'message'].map(name => `lastRetry.${name}`),
  ...['resourcesDuration.cpu', 'resourcesDuration.memory'],
  ...[
    'name',
    'namespace',
    'uid',
    'mainEntrypoint',
    'serviceAccountName',
    'status',
    'duration',
    'failures',
  ].map(name => `workflow.${name}`),
  ...['priority', 'scheduledTime', 'creationTimestamp'].map(name => `workflow.${name}`),
  ...[...TIME_LETTERS, 's', 'RFC3339'].map(name => `workflow.creationTimestamp.${name}`),
  ...['parameters', 'annotations', 'labels'].flatMap(name => [`workflow.${name}`, `workflow.${name}.json`]),
]);

/** Names that go on with what a manifest or a cluster calls its own. */
const PREFIXES = [
  'item.',
  'inputs.parameters.',
  'outputs.parameters.',
  'resourcesDuration.',
  'workflow.annotations.',
  'workflow.labels.',
  'workflow.outputs.parameters.',
  'workflow.parameters.',
];

/** Paths of artifacts and of output files are filled in like parameters; the artifacts themselves are no texts. */
const FILE_PATH = /^(?:inputs\.artifacts|outputs\.(?:artifacts|parameters))\..+\.path$/;

/** The prefixes that Argo's own validation looks at, and what never belongs to somebody else. */
const NAMESPACE = /^(?:item|steps|inputs|outputs|pod|node|workflow|tasks|lastRetry|resourcesDuration)\./;

export function isArgoVariable(name: string): boolean {
  if (NAMES.has(name) || FILE_PATH.test(name)) return true;
  return PREFIXES.some(prefix => name.startsWith(prefix) && name.length > prefix.length);
}

export function isInArgoNamespace(name: string): boolean {
  return NAMESPACE.test(name);
}

/** What realtime gauges can show. */
export const REALTIME_VARIABLES: readonly string[] = ['duration', 'workflow.duration'];

export function similarVariable(name: string): string | undefined {
  return closestWord(name, NAMES);
}

/** The beginnings, without the dot at the end, of names that go on with what a manifest calls its own. */
export function variablePrefixes(): readonly string[] {
  return PREFIXES.map(prefix => prefix.slice(0, -1));
}
