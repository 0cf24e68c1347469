// Variables that Argo fills into a template before it runs, so that they hold for metrics under Steps and under DAG.
import { listAt, recordAt, textAt } from '../../guard/json-value.js';
import type { LoopCall } from '../workflow/loop-call.js';
import { callNameOf, podNameOf } from '../workflow/node-name.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';
import { parametersJson } from './workflow-parameters.js';

/** How a node came to run its template. */
export interface NodeCall {
  readonly node: WorkflowNode;
  readonly template: Readonly<Record<string, unknown>>;
  /** For an inline template that runs once for each item of a list. */
  readonly loop?: LoopCall | undefined;
  /** For an inline template: the nodes of those that it stands in, the outermost first. */
  readonly around?: readonly WorkflowNode[];
  /** For an attempt, and for the Retry node that speaks for its last one. */
  readonly retry?:
    | {
        readonly parent: WorkflowNode;
        readonly attempt: WorkflowNode | undefined;
        readonly before: WorkflowNode | undefined;
      }
    | undefined;
}

/** Kinds of templates that run in a pod. */
const POD_TEMPLATES = ['container', 'containerSet', 'script', 'resource', 'data'];

type Variables = Record<string, string>;

/** The name of the pod, for what runs in one. */
export function addPodName(
  variables: Variables,
  { node, template, retry }: NodeCall,
  workflow: WorkflowObject,
): void {
  if (!POD_TEMPLATES.some(kind => kind in template)) return;
  const running = retry ? retry.attempt : node;
  if (running) variables['pod.name'] = podNameOf(workflow, running, textAt(template, 'name'));
}

export function addNodeName(variables: Variables, call: NodeCall): void {
  for (const each of calledBy(call)) variables['node.name'] = each.name;
}

/** The names of the steps, or of the tasks, that the node and those around it are. */
export function addCallNames(
  variables: Variables,
  kind: 'steps' | 'tasks',
  call: NodeCall,
  workflow: WorkflowObject,
): void {
  for (const called of calledBy(call)) {
    const boundary = workflow.nodes.get(called.boundaryId);
    const callName = callNameOf(called, boundary);
    const isTask = boundary?.type === 'DAG' && callName !== '' && !isHookName(callName);
    if (isTask === (kind === 'tasks')) variables[`${kind}.name`] = isHookName(callName) ? '' : callName;
  }
}

/** An attempt goes by the name of what is retried; only its pod has its own. */
function calledBy({ node, retry, around = [] }: NodeCall): readonly WorkflowNode[] {
  // Filled into an inline template from the outside, so the outermost has the last word.
  return [retry?.parent ?? node, ...around.toReversed()];
}

/** Parameters as JSON, and where the artifacts stand. */
export function addCallInputs(variables: Variables, { node, around = [] }: NodeCall): void {
  for (const each of [node, ...around.toReversed()]) {
    const inputs = recordAt(each.json, 'inputs');
    variables['inputs.parameters'] = parametersJson(inputs);
    for (const artifact of listAt(inputs, 'artifacts')) addPath(variables, 'inputs.artifacts', artifact);
  }
}

/** Hooks and exit handlers are called without a name of their own. */
function isHookName(callName: string): boolean {
  return callName.endsWith('.onExit') || callName.includes('.hooks.');
}

/** About the attempt before; the first one has Argo's values for none. */
export function addLastRetry(variables: Variables, { retry }: NodeCall): void {
  if (!retry) return;
  const { before } = retry;
  const exitCode = before && textAt(recordAt(before.json, 'outputs'), 'exitCode');
  const { startedAt, finishedAt } = before ?? {};
  const seconds = startedAt === undefined || finishedAt === undefined ? 0 : (finishedAt - startedAt) / 1000;
  variables['lastRetry.exitCode'] = exitCode || '0';
  variables['lastRetry.status'] = before?.phase ?? '';
  variables['lastRetry.duration'] = String(seconds);
  variables['lastRetry.message'] = before ? textAt(before.json, 'message') : '';
}

/** Where artifacts stand in the pod, as the template says it for all its nodes. */
export function addInputPaths(variables: Variables, template: Readonly<Record<string, unknown>>): void {
  for (const artifact of listAt(recordAt(template, 'inputs'), 'artifacts'))
    addPath(variables, 'inputs.artifacts', artifact);
}

/** The same of artifacts and parameters that come out of it. */
export function addOutputPaths(variables: Variables, template: Readonly<Record<string, unknown>>): void {
  const outputs = recordAt(template, 'outputs');
  for (const artifact of listAt(outputs, 'artifacts')) addPath(variables, 'outputs.artifacts', artifact);
  for (const parameter of listAt(outputs, 'parameters')) {
    const path = textAt(recordAt(parameter, 'valueFrom'), 'path');
    if (path === '') continue;
    const name = `outputs.parameters.${textAt(parameter, 'name')}.path`;
    // Not listed: to expressions the parameter is its value, and no map that has a path.
    Object.defineProperty(variables, name, { value: path, writable: true, configurable: true });
  }
}

function addPath(variables: Variables, prefix: string, artifact: unknown): void {
  const path = textAt(artifact, 'path');
  if (path !== '') variables[`${prefix}.${textAt(artifact, 'name')}.path`] = path;
}
