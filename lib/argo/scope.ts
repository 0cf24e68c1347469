// The variables that Argo Workflows offers to metrics, read from a Workflow object and one of its nodes.
import { isRecord, listAt, recordAt, textAt, timeAt } from './json-value.js';
import type { MetricScope } from './metric-scope.js';
import { addTimeVariables } from './time-variables.js';
import type { WorkflowNode, WorkflowObject } from './workflow-object.js';

type Variables = Record<string, string>;
type Realtime = Record<string, number | { start: number; end: number }>;

/** The scope of one workflow as of one object; each node adds its own variables to a copy. */
export class WorkflowScope {
  readonly #workflow: WorkflowObject;
  readonly #nowUnixMillis: number;
  readonly #base: Variables;

  /** @param nowUnixMillis what still runs has run until then. */
  constructor(workflow: WorkflowObject, nowUnixMillis: number) {
    this.#workflow = workflow;
    this.#nowUnixMillis = nowUnixMillis;
    this.#base = workflowVariables(workflow);
  }

  /** @param node none: the scope of the workflow while it has no result, where `status` is `Pending`. */
  scopeOf(node: WorkflowNode | undefined, workflowStatus: string): MetricScope {
    const { startedAt, finishedAt } = this.#workflow;
    const variables: Variables = Object.assign(emptyVariables(), this.#base, {
      'workflow.status': workflowStatus,
      'workflow.duration': this.#seconds(startedAt, finishedAt),
      status: 'Pending',
      duration: '0',
      'resourcesDuration.cpu': '0',
      'resourcesDuration.memory': '0',
    });
    const realtime: Realtime = Object.create(null) as Realtime;
    addElapsed(realtime, 'workflow.duration', startedAt, finishedAt);
    if (!node) return { variables, realtime };
    if (node.phase !== '') variables['status'] = node.phase;
    if (node.startedAt !== undefined) variables['duration'] = this.#seconds(node.startedAt, endOf(node));
    addElapsed(realtime, 'duration', node.startedAt, endOf(node));
    if (node.children.length > 0) variables['retries'] = String(node.children.length - 1);
    addNodeVariables(variables, node);
    return { variables, realtime };
  }

  /** Six decimals, as Go's `%f`. */
  #seconds(start: number | undefined, end: number | undefined): string {
    if (start === undefined) return '0';
    return ((Math.max(start, end ?? this.#nowUnixMillis) - start) / 1000).toFixed(6);
  }
}

/** A node that was made to run again may still carry the end of its earlier run. */
function endOf(node: WorkflowNode): number | undefined {
  return node.isFulfilled ? node.finishedAt : undefined;
}

function addElapsed(
  realtime: Realtime,
  name: string,
  start: number | undefined,
  end: number | undefined,
): void {
  if (start === undefined) return;
  realtime[name] = end === undefined ? start : { start, end };
}

function addNodeVariables(variables: Variables, node: WorkflowNode): void {
  for (const [resource, seconds] of Object.entries(recordAt(node.json, 'resourcesDuration'))) {
    if (typeof seconds === 'number') variables[`resourcesDuration.${resource}`] = String(seconds);
  }
  addParameters(variables, 'inputs.parameters', recordAt(node.json, 'inputs'), '');
  const outputs = recordAt(node.json, 'outputs');
  addParameters(variables, 'outputs.parameters', outputs, '');
  if (typeof outputs['result'] === 'string') variables['outputs.result'] = outputs['result'];
  if (typeof outputs['exitCode'] === 'string') variables['exitCode'] = outputs['exitCode'];
}

/** @param missing the value of a parameter that has none; without it such a parameter cannot be resolved. */
function addParameters(variables: Variables, prefix: string, holder: unknown, missing?: string): void {
  for (const parameter of listAt(holder, 'parameters')) {
    const value = parameterValue(parameter) ?? missing;
    if (value !== undefined) variables[`${prefix}.${textAt(parameter, 'name')}`] = value;
  }
}

function parameterValue(parameter: unknown): string | undefined {
  const value = isRecord(parameter) ? parameter['value'] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function workflowVariables(workflow: WorkflowObject): Variables {
  const { metadata, spec, runningSpec, status } = workflow;
  const variables = emptyVariables();
  variables['workflow.name'] = workflow.name;
  variables['workflow.namespace'] = textAt(metadata, 'namespace');
  variables['workflow.uid'] = workflow.uid;
  variables['workflow.mainEntrypoint'] = textAt(spec, 'entrypoint') || textAt(runningSpec, 'entrypoint');
  variables['workflow.serviceAccountName'] =
    textAt(spec, 'serviceAccountName') || textAt(runningSpec, 'serviceAccountName');
  const priority = spec['priority'] ?? runningSpec['priority'];
  if (typeof priority === 'number') variables['workflow.priority'] = String(priority);
  const created = timeAt(metadata, 'creationTimestamp');
  if (created !== undefined) addTimeVariables(variables, 'workflow.creationTimestamp', created);
  const scheduled = recordAt(metadata, 'annotations')['workflows.argoproj.io/scheduled-time'];
  if (typeof scheduled === 'string') variables['workflow.scheduledTime'] = scheduled;
  addTexts(variables, 'workflow.labels', recordAt(metadata, 'labels'));
  addTexts(variables, 'workflow.annotations', recordAt(metadata, 'annotations'));
  const stored = recordAt(runningSpec, 'arguments');
  const own = recordAt(spec, 'arguments');
  addParameters(variables, 'workflow.parameters', stored);
  addParameters(variables, 'workflow.parameters', own);
  const parameters = JSON.stringify(
    listAt(own, 'parameters').length > 0 ? own['parameters'] : listAt(stored, 'parameters'),
  );
  variables['workflow.parameters'] = parameters;
  variables['workflow.parameters.json'] = parameters;
  addParameters(variables, 'workflow.outputs.parameters', recordAt(status, 'outputs'));
  return variables;
}

function addTexts(variables: Variables, prefix: string, texts: Readonly<Record<string, unknown>>): void {
  // Go prints maps with sorted keys.
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  variables[prefix] = JSON.stringify(sorted);
  variables[`${prefix}.json`] = variables[prefix];
  for (const [key, text] of Object.entries(sorted)) {
    if (typeof text === 'string') variables[`${prefix}.${key}`] = text;
  }
}

/** Without a prototype: a parameter may be called `__proto__`. */
function emptyVariables(): Variables {
  return Object.create(null) as Variables;
}
