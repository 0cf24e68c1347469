// For step 2 of an emission: the variables that Argo Workflows offers to metrics, read from a Workflow object and one of its nodes.
import type { Budget } from '../budget/budget.js';
import { recordAt, textAt, timeAt } from '../../guard/json-value.js';
import { addLate, emptyVariables, variablesOver } from '../expression/run/layered-variables.js';
import { LoopItems } from './loop-item.js';
import type { MetricScope } from './metric-scope.js';
import { attemptNodesOf } from '../workflow/node-attempts.js';
import { isBesideEntry } from '../workflow/node-name.js';
import { addCallVariables, addTemplatePaths } from './node-variables.js';
import type { NodeCall } from './node-variables.js';
import { addTimeVariables } from './time-variables.js';
import { failuresOf } from './workflow-failures.js';
import { marshalJson } from './workflow-json.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';
import { addParameters, addWorkflowOutputs, anyText, parametersJson } from './workflow-parameters.js';

type Json = Readonly<Record<string, unknown>>;
type Variables = Record<string, string>;
type Realtime = Record<string, number | { start: number; end: number }>;

/** What the controller knew when it began to work on the object: the version before it. */
export interface PreviousVersion {
  /** Empty when there was none. */
  readonly phase: string;
  readonly metadata: Json;
}

export interface ScopeOptions {
  /** What still runs has run until then. */
  readonly nowUnixMillis: number;
  /** `undefined`: this is the first version that was seen. */
  readonly previous?: PreviousVersion | undefined;
  /** As in Argo, where sums are made after the emission. */
  readonly omitsSums?: boolean;
  /** What filling in the items of loops is charged to. */
  readonly budget: Budget;
}

/** Types of nodes whose resources are sums over other nodes. */
const SUMMING_TYPES = new Set(['Retry', 'Steps', 'DAG']);

/** The scopes of one workflow; each node has its own variables on top of what all share. */
export class WorkflowScope {
  readonly #workflow: WorkflowObject;
  readonly #options: ScopeOptions;
  readonly #base: Variables;
  readonly #byTemplate = new Map<object, Variables>();
  #failures: string | undefined;
  #items: LoopItems | undefined;

  constructor(workflow: WorkflowObject, options: ScopeOptions) {
    this.#workflow = workflow;
    this.#options = options;
    this.#base = workflowVariables(workflow, options.previous?.metadata ?? workflow.metadata);
  }

  /** The scope of the workflow while it has no result: `status` is `Pending`. */
  atStart(): MetricScope {
    // The real controller has the phase of the last object here; on the first one that is no phase at all, and every
    // comparison with it an error.
    return this.#scope(this.#options.previous?.phase || this.#workflow.phase);
  }

  /** The scope of the workflow once it is over. */
  atEnd(): MetricScope {
    const { entryNode } = this.#workflow;
    const { variables, realtime } = this.#scope(this.#entryStatus() ?? this.#workflow.phase);
    if (entryNode) {
      this.#addFailures(variables);
      this.#addNode(variables, realtime, entryNode);
      return { variables, realtime };
    }
    // The node is not in the object: no answer is better than that of a workflow that has not begun.
    for (const name of NODE_DEFAULTS) delete variables[name];
    return { variables, realtime };
  }

  /** The scope of a node in a template. */
  of(node: WorkflowNode, call: NodeCall): MetricScope {
    const before = this.#options.previous?.phase ?? '';
    const isBeside = isBesideEntry(node, this.#workflow);
    const { variables, realtime } = this.#scope(
      isBeside ? (this.#entryStatus() ?? before) : before,
      this.#ofTemplate(call.template),
    );
    if (isBeside) this.#addFailures(variables);
    addCallVariables(variables, call, this.#workflow);
    if (call.loop) this.#loopItems().addTo(variables, call.loop);
    // A Retry node speaks for its last attempt; its own resources are the sum of all.
    const attempt = node.type === 'Retry' ? call.retry?.attempt : undefined;
    this.#addNode(variables, realtime, node, attempt);
    // Filled in from the outside, so the outermost has the last word.
    for (const outer of [...(call.around ?? [])].reverse())
      addParameters(variables, 'inputs.parameters', outer.json['inputs']);
    return { variables, realtime };
  }

  /** What the workflow comes to by its entry node, whatever its exit handler does. */
  #entryStatus(): string | undefined {
    const phase = this.#workflow.entryNode?.phase;
    return phase === 'Skipped' || phase === 'Omitted' ? 'Succeeded' : phase;
  }

  /** One for all nodes of the template. */
  #ofTemplate(template: Json): Variables {
    let variables = this.#byTemplate.get(template);
    if (!variables) {
      variables = variablesOver(this.#base);
      addTemplatePaths(variables, template);
      this.#byTemplate.set(template, variables);
    }
    return variables;
  }

  #loopItems(): LoopItems {
    return (this.#items ??= new LoopItems(this.#workflow, this.#base, this.#options.budget));
  }

  #scope(workflowStatus: string, lower = this.#base): { variables: Variables; realtime: Realtime } {
    const { startedAt, finishedAt } = this.#workflow;
    const variables: Variables = Object.assign(variablesOver(lower), {
      'workflow.status': workflowStatus,
      'workflow.duration': this.#seconds(startedAt, finishedAt),
      status: 'Pending',
      duration: '0',
      'resourcesDuration.cpu': '0',
      'resourcesDuration.memory': '0',
    });
    const realtime: Realtime = Object.create(null) as Realtime;
    addElapsed(realtime, 'workflow.duration', startedAt, finishedAt);
    return { variables, realtime };
  }

  /** Made when a metric asks for it: it may be as long as all messages together. */
  #addFailures(variables: Variables): void {
    addLate(variables, 'workflow.failures', () => (this.#failures ??= failuresOf(this.#workflow)));
  }

  #addNode(variables: Variables, realtime: Realtime, node: WorkflowNode, spender: WorkflowNode = node): void {
    if (node.phase !== '') variables['status'] = node.phase;
    if (node.startedAt !== undefined) variables['duration'] = this.#seconds(node.startedAt, endOf(node));
    addElapsed(realtime, 'duration', node.startedAt, endOf(node));
    const { type, children } = node;
    const runs = type === 'Retry' ? attemptNodesOf(node, this.#workflow.nodes) : children;
    if (runs.length > 0) variables['retries'] = String(runs.length - 1);
    if (!(this.#options.omitsSums === true && SUMMING_TYPES.has(type))) addResources(variables, spender);
    addParameters(variables, 'inputs.parameters', node.json['inputs'], '');
    const outputs = recordAt(node.json, 'outputs');
    addParameters(variables, 'outputs.parameters', outputs, '');
    if (typeof outputs['result'] === 'string') variables['outputs.result'] = outputs['result'];
    if (typeof outputs['exitCode'] === 'string') variables['exitCode'] = outputs['exitCode'];
  }

  /** Six decimals, as Go's `%f`. */
  #seconds(start: number | undefined, end: number | undefined): string {
    if (start === undefined) return '0';
    return ((Math.max(start, end ?? this.#options.nowUnixMillis) - start) / 1000).toFixed(6);
  }
}

/** The variables that are there without a node, and mean one all the same. */
const NODE_DEFAULTS = ['status', 'duration', 'resourcesDuration.cpu', 'resourcesDuration.memory'];

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

function addResources(variables: Variables, node: WorkflowNode): void {
  for (const [resource, seconds] of Object.entries(recordAt(node.json, 'resourcesDuration')))
    if (typeof seconds === 'number') variables[`resourcesDuration.${resource}`] = String(seconds);
}

function workflowVariables(workflow: WorkflowObject, metadata: Json): Variables {
  const { spec, runningSpec, status } = workflow;
  const variables = emptyVariables();
  variables['workflow.name'] = workflow.name;
  variables['workflow.namespace'] = textAt(workflow.metadata, 'namespace');
  variables['workflow.uid'] = workflow.uid;
  variables['workflow.mainEntrypoint'] = textAt(runningSpec, 'entrypoint') || textAt(spec, 'entrypoint');
  variables['workflow.serviceAccountName'] =
    textAt(runningSpec, 'serviceAccountName') || textAt(spec, 'serviceAccountName');
  const priority = runningSpec['priority'] ?? spec['priority'];
  if (typeof priority === 'number') variables['workflow.priority'] = String(priority);
  const created = timeAt(metadata, 'creationTimestamp');
  if (created !== undefined) addTimeVariables(variables, 'workflow.creationTimestamp', created);
  const scheduled = recordAt(metadata, 'annotations')['workflows.argoproj.io/scheduled-time'];
  if (typeof scheduled === 'string') variables['workflow.scheduledTime'] = scheduled;
  for (const field of ['labels', 'annotations']) {
    addTexts(variables, `workflow.${field}`, recordAt(metadata, field), recordAt(workflow.metadata, field));
    const added = recordAt(recordAt(runningSpec, 'workflowMetadata'), field);
    for (const [key, text] of Object.entries(added))
      variables[`workflow.${field}.${key}`] = anyText(text) ?? '';
  }
  const own = recordAt(spec, 'arguments');
  const running = recordAt(runningSpec, 'arguments');
  addParameters(variables, 'workflow.parameters', own);
  addParameters(variables, 'workflow.parameters', running);
  variables['workflow.parameters'] = parametersJson(running);
  variables['workflow.parameters.json'] = variables['workflow.parameters'];
  addWorkflowOutputs(variables, recordAt(status, 'outputs'));
  return variables;
}

/** @param later what came with the object itself; it counts only where there was nothing before. */
function addTexts(variables: Variables, prefix: string, texts: Json, later: Json): void {
  // Go prints maps with sorted keys.
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  const members = sorted.map(([key, text]) => `${marshalJson(key)}:${marshalJson(text)}`);
  variables[prefix] = members.length === 0 ? 'null' : `{${members.join()}}`;
  variables[`${prefix}.json`] = variables[prefix];
  for (const [key, text] of [...Object.entries(later), ...sorted])
    if (typeof text === 'string') variables[`${prefix}.${key}`] = text;
}
