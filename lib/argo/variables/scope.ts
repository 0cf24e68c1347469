// For step 2 of an emission: the variables that Argo Workflows offers to metrics, read from a Workflow object and one of its nodes.
import type { Budget } from '../budget/budget.js';
import { recordAt, textAt, timeAt } from '../../guard/json-value.js';
import { addLate, emptyVariables, VariableLayer } from '../expression/run/layered-variables.js';
import type { VariableGroups } from '../expression/run/layered-variables.js';
import { LoopItems } from './loop-item.js';
import type { WorkflowMetricScope } from './metric-scope.js';
import { attemptNodesOf } from '../workflow/node-attempts.js';
import { isBesideEntry } from '../workflow/node-name.js';
import {
  addCallInputs,
  addCallNames,
  addInputPaths,
  addLastRetry,
  addNodeName,
  addOutputPaths,
  addPodName,
} from './node-variables.js';
import type { NodeCall } from './node-variables.js';
import { addTimeVariables } from './time-variables.js';
import { failuresOf } from './workflow-failures.js';
import { marshalJson } from './workflow-json.js';
import type { LoopCall } from '../workflow/loop-call.js';
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

/** What the scopes of one object have in common. */
class SharedFacts {
  readonly workflow: WorkflowObject;
  readonly options: ScopeOptions;
  #failures: string | undefined;

  constructor(workflow: WorkflowObject, options: ScopeOptions) {
    this.workflow = workflow;
    this.options = options;
  }

  /** What the workflow comes to by its entry node, whatever its exit handler does. */
  get entryStatus(): string | undefined {
    const phase = this.workflow.entryNode?.phase;
    return phase === 'Skipped' || phase === 'Omitted' ? 'Succeeded' : phase;
  }

  get failures(): string {
    return (this.#failures ??= failuresOf(this.workflow));
  }

  /** Six decimals, as Go's `%f`. */
  seconds(start: number | undefined, end: number | undefined): string {
    if (start === undefined) return '0';
    return ((Math.max(start, end ?? this.options.nowUnixMillis) - start) / 1000).toFixed(6);
  }
}

/** What one scope is made from. */
interface ScopeFacts {
  readonly shared: SharedFacts;
  /** The start or the end of the workflow, or a node. */
  readonly of: 'start' | 'end' | 'node';
  /** At the end of a workflow its entry node. */
  readonly node?: WorkflowNode | undefined;
  readonly call?: NodeCall;
  /** `item`, and what is in it. */
  readonly items?: Variables | undefined;
}

/** The scopes of one workflow; each node has its own variables on top of what all share. */
export class WorkflowScope {
  readonly #shared: SharedFacts;
  readonly #base: VariableLayer;
  readonly #byTemplate = new Map<object, VariableLayer>();
  #items: LoopItems | undefined;

  constructor(workflow: WorkflowObject, options: ScopeOptions) {
    this.#shared = new SharedFacts(workflow, options);
    const metadata = options.previous?.metadata ?? workflow.metadata;
    this.#base = VariableLayer.of(WORKFLOW_GROUPS, { workflow, metadata });
  }

  /** The scope of the workflow while it has no result: `status` is `Pending`. */
  atStart(): WorkflowMetricScope {
    return scopeOf({ shared: this.#shared, of: 'start' }, this.#base);
  }

  /** The scope of the workflow once it is over. */
  atEnd(): WorkflowMetricScope {
    const node = this.#shared.workflow.entryNode;
    return scopeOf({ shared: this.#shared, of: 'end', node }, this.#base);
  }

  /** The scope of a node in a template. */
  of(node: WorkflowNode, call: NodeCall): WorkflowMetricScope {
    // Filled in at once: that costs, and not the metric that asks for it.
    const items = call.loop && this.#itemsOf(call.loop);
    return scopeOf({ shared: this.#shared, of: 'node', node, call, items }, this.#ofTemplate(call.template));
  }

  /** One for all nodes of the template. */
  #ofTemplate(template: Json): VariableLayer {
    let layer = this.#byTemplate.get(template);
    if (!layer) {
      layer = VariableLayer.of(TEMPLATE_GROUPS, template, this.#base);
      this.#byTemplate.set(template, layer);
    }
    return layer;
  }

  #itemsOf(loop: LoopCall): Variables {
    const { workflow, options } = this.#shared;
    this.#items ??= new LoopItems(workflow, this.#base, options.budget);
    const items = emptyVariables();
    this.#items.addTo(items, loop);
    return items;
  }
}

function scopeOf(facts: ScopeFacts, lower: VariableLayer): WorkflowMetricScope {
  const { shared, node } = facts;
  const { startedAt, finishedAt } = shared.workflow;
  const realtime: Realtime = Object.create(null) as Realtime;
  addElapsed(realtime, 'workflow.duration', startedAt, finishedAt);
  if (node) addElapsed(realtime, 'duration', node.startedAt, endOf(node));
  return { variables: VariableLayer.of(SCOPE_GROUPS, facts, lower), realtime };
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

const TEMPLATE_GROUPS: VariableGroups<Json> = {
  inputs: addInputPaths,
  outputs: addOutputPaths,
};

const SCOPE_GROUPS: VariableGroups<ScopeFacts> = {
  'workflow.status': (variables, facts) => {
    variables['workflow.status'] = workflowStatusOf(facts);
  },
  'workflow.duration': (variables, { shared }) => {
    const { startedAt, finishedAt } = shared.workflow;
    variables['workflow.duration'] = shared.seconds(startedAt, finishedAt);
  },
  'workflow.failures': (variables, facts) => {
    const isThere = facts.of === 'node' ? isBeside(facts) : facts.of === 'end' && facts.node !== undefined;
    if (!isThere) return;
    addLate(variables, 'workflow.failures', () => facts.shared.failures);
  },
  status: (variables, facts) => {
    if (hasNodeVariables(facts)) variables['status'] = facts.node?.phase || 'Pending';
  },
  duration: (variables, facts) => {
    const { node, shared } = facts;
    if (hasNodeVariables(facts))
      variables['duration'] = node ? shared.seconds(node.startedAt, endOf(node)) : '0';
  },
  resourcesDuration: addResources,
  node: (variables, { call }) => {
    if (call) addNodeName(variables, call);
  },
  steps: (variables, { call, shared }) => {
    if (call) addCallNames(variables, 'steps', call, shared.workflow);
  },
  tasks: (variables, { call, shared }) => {
    if (call) addCallNames(variables, 'tasks', call, shared.workflow);
  },
  pod: (variables, { call, shared }) => {
    if (call) addPodName(variables, call, shared.workflow);
  },
  lastRetry: (variables, { call }) => {
    if (call) addLastRetry(variables, call);
  },
  inputs: (variables, { node, call }) => {
    if (call) addCallInputs(variables, call);
    if (node) addParameters(variables, 'inputs.parameters', node.json['inputs'], '');
    // Filled in from the outside, so the outermost has the last word.
    for (const outer of (call?.around ?? []).toReversed())
      addParameters(variables, 'inputs.parameters', outer.json['inputs']);
  },
  item: (variables, { items }) => {
    Object.assign(variables, items);
  },
  retries: (variables, { node, shared }) => {
    if (!node) return;
    const { nodes } = shared.workflow;
    const runs = node.type === 'Retry' ? attemptNodesOf(node, nodes) : node.children;
    if (runs.length > 0) variables['retries'] = String(runs.length - 1);
  },
  outputs: (variables, { node }) => {
    const outputs = recordAt(node?.json, 'outputs');
    addParameters(variables, 'outputs.parameters', outputs, '');
    if (typeof outputs['result'] === 'string') variables['outputs.result'] = outputs['result'];
  },
  exitCode: (variables, { node }) => {
    const { exitCode } = recordAt(node?.json, 'outputs');
    if (typeof exitCode === 'string') variables['exitCode'] = exitCode;
  },
};

/** Without its node in the object nothing is known of a workflow that is over: no answer is better than that of one that has not begun. */
function hasNodeVariables({ of, node }: ScopeFacts): boolean {
  return of !== 'end' || node !== undefined;
}

function workflowStatusOf(facts: ScopeFacts): string {
  const { shared, of } = facts;
  const { workflow, options } = shared;
  // The real controller has the phase of the last object at the start; on the first one that is no phase at all, and every
  // comparison with it an error.
  if (of === 'start') return options.previous?.phase || workflow.phase;
  const before = of === 'end' ? workflow.phase : (options.previous?.phase ?? '');
  return of === 'end' || isBeside(facts) ? (shared.entryStatus ?? before) : before;
}

/** Whether it is a node of the exit handler, or of a hook of the workflow. */
function isBeside({ shared, node }: ScopeFacts): boolean {
  return node !== undefined && isBesideEntry(node, shared.workflow);
}

function addResources(variables: Variables, facts: ScopeFacts): void {
  const { node, call, shared } = facts;
  if (!hasNodeVariables(facts)) return;
  variables['resourcesDuration.cpu'] = '0';
  variables['resourcesDuration.memory'] = '0';
  if (!node || (shared.options.omitsSums === true && SUMMING_TYPES.has(node.type))) return;
  // A Retry node speaks for its last attempt.
  const spender = (node.type === 'Retry' ? call?.retry?.attempt : undefined) ?? node;
  for (const [resource, seconds] of Object.entries(recordAt(spender.json, 'resourcesDuration')))
    if (typeof seconds === 'number') variables[`resourcesDuration.${resource}`] = String(seconds);
}

/** What all scopes of an object stand on. */
interface WorkflowFacts {
  readonly workflow: WorkflowObject;
  /** Of the version before, where there was one. */
  readonly metadata: Json;
}

const WORKFLOW_GROUPS: VariableGroups<WorkflowFacts> = {
  'workflow.name': (variables, { workflow }) => {
    variables['workflow.name'] = workflow.name;
  },
  'workflow.namespace': (variables, { workflow }) => {
    variables['workflow.namespace'] = textAt(workflow.metadata, 'namespace');
  },
  'workflow.uid': (variables, { workflow }) => {
    variables['workflow.uid'] = workflow.uid;
  },
  'workflow.mainEntrypoint': (variables, { workflow: { spec, runningSpec } }) => {
    variables['workflow.mainEntrypoint'] = textAt(runningSpec, 'entrypoint') || textAt(spec, 'entrypoint');
  },
  'workflow.serviceAccountName': (variables, { workflow: { spec, runningSpec } }) => {
    variables['workflow.serviceAccountName'] =
      textAt(runningSpec, 'serviceAccountName') || textAt(spec, 'serviceAccountName');
  },
  'workflow.priority': (variables, { workflow: { spec, runningSpec } }) => {
    const priority = runningSpec['priority'] ?? spec['priority'];
    if (typeof priority === 'number') variables['workflow.priority'] = String(priority);
  },
  'workflow.creationTimestamp': (variables, { metadata }) => {
    const created = timeAt(metadata, 'creationTimestamp');
    if (created !== undefined) addTimeVariables(variables, 'workflow.creationTimestamp', created);
  },
  'workflow.scheduledTime': (variables, { metadata }) => {
    const scheduled = recordAt(metadata, 'annotations')['workflows.argoproj.io/scheduled-time'];
    if (typeof scheduled === 'string') variables['workflow.scheduledTime'] = scheduled;
  },
  'workflow.labels': (variables, facts) => {
    addTexts(variables, 'labels', facts);
  },
  'workflow.annotations': (variables, facts) => {
    addTexts(variables, 'annotations', facts);
  },
  'workflow.parameters': (variables, { workflow: { spec, runningSpec } }) => {
    const running = recordAt(runningSpec, 'arguments');
    addParameters(variables, 'workflow.parameters', recordAt(spec, 'arguments'));
    addParameters(variables, 'workflow.parameters', running);
    variables['workflow.parameters'] = parametersJson(running);
    variables['workflow.parameters.json'] = variables['workflow.parameters'];
  },
  'workflow.outputs': (variables, { workflow }) => {
    addWorkflowOutputs(variables, recordAt(workflow.status, 'outputs'));
  },
};

function addTexts(variables: Variables, field: 'labels' | 'annotations', facts: WorkflowFacts): void {
  const { workflow, metadata } = facts;
  const prefix = `workflow.${field}`;
  // Go prints maps with sorted keys.
  const sorted = Object.entries(recordAt(metadata, field)).sort(([a], [b]) => (a < b ? -1 : 1));
  const members = sorted.map(([key, text]) => `${marshalJson(key)}:${marshalJson(text)}`);
  variables[prefix] = members.length === 0 ? 'null' : `{${members.join()}}`;
  variables[`${prefix}.json`] = variables[prefix];
  // What came with the object itself counts only where there was nothing before.
  for (const [key, text] of [...Object.entries(recordAt(workflow.metadata, field)), ...sorted])
    if (typeof text === 'string') variables[`${prefix}.${key}`] = text;
  const added = recordAt(recordAt(workflow.runningSpec, 'workflowMetadata'), field);
  for (const [key, text] of Object.entries(added)) variables[`${prefix}.${key}`] = anyText(text) ?? '';
}
