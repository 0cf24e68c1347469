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

export function addCallVariables(
  variables: Record<string, string>,
  { node, template, retry, around = [] }: NodeCall,
  workflow: WorkflowObject,
): void {
  // Filled into an inline template from the outside, so the outermost has the last word.
  const outer = [...around].reverse();
  // An attempt goes by the name of what is retried; only its pod has its own.
  for (const each of [retry?.parent ?? node, ...outer]) addNames(variables, each, workflow);
  if (POD_TEMPLATES.some(kind => kind in template)) {
    const running = retry ? retry.attempt : node;
    if (running) variables['pod.name'] = podNameOf(workflow, running, textAt(template, 'name'));
  }
  if (retry) addLastRetry(variables, retry.before);
  for (const each of [node, ...outer]) {
    const inputs = recordAt(each.json, 'inputs');
    variables['inputs.parameters'] = parametersJson(inputs);
    for (const artifact of listAt(inputs, 'artifacts')) addPath(variables, 'inputs.artifacts', artifact);
  }
}

function addNames(variables: Record<string, string>, called: WorkflowNode, workflow: WorkflowObject): void {
  variables['node.name'] = called.name;
  const boundary = workflow.nodes.get(called.boundaryId);
  const callName = callNameOf(called, boundary);
  if (boundary?.type === 'DAG' && callName !== '' && !isHookName(callName))
    variables['tasks.name'] = callName;
  else variables['steps.name'] = isHookName(callName) ? '' : callName;
}

/** Hooks and exit handlers are called without a name of their own. */
function isHookName(callName: string): boolean {
  return callName.endsWith('.onExit') || callName.includes('.hooks.');
}

/** About the attempt before; the first one has Argo's values for none. */
function addLastRetry(variables: Record<string, string>, before: WorkflowNode | undefined): void {
  const exitCode = before && textAt(recordAt(before.json, 'outputs'), 'exitCode');
  const { startedAt, finishedAt } = before ?? {};
  const seconds = startedAt === undefined || finishedAt === undefined ? 0 : (finishedAt - startedAt) / 1000;
  variables['lastRetry.exitCode'] = exitCode || '0';
  variables['lastRetry.status'] = before?.phase ?? '';
  variables['lastRetry.duration'] = String(seconds);
  variables['lastRetry.message'] = before ? textAt(before.json, 'message') : '';
}

/** Where artifacts and parameters stand in the pod, as the template says it for all its nodes. */
export function addTemplatePaths(
  variables: Record<string, string>,
  template: Readonly<Record<string, unknown>>,
): void {
  const outputs = recordAt(template, 'outputs');
  for (const artifact of listAt(recordAt(template, 'inputs'), 'artifacts'))
    addPath(variables, 'inputs.artifacts', artifact);
  for (const artifact of listAt(outputs, 'artifacts')) addPath(variables, 'outputs.artifacts', artifact);
  for (const parameter of listAt(outputs, 'parameters')) {
    const path = textAt(recordAt(parameter, 'valueFrom'), 'path');
    if (path === '') continue;
    const name = `outputs.parameters.${textAt(parameter, 'name')}.path`;
    // Not listed: to expressions the parameter is its value, and no map that has a path.
    Object.defineProperty(variables, name, { value: path, writable: true, configurable: true });
  }
}

function addPath(variables: Record<string, string>, prefix: string, artifact: unknown): void {
  const path = textAt(artifact, 'path');
  if (path !== '') variables[`${prefix}.${textAt(artifact, 'name')}.path`] = path;
}
