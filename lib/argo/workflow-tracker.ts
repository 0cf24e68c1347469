// What is remembered of one workflow between two of its objects, and what follows from the next one.
import type { CompiledMetrics, CustomMetrics } from './custom-metrics.js';
import type { Diagnostic } from './diagnostic.js';
import { isRecord, listAt, recordAt, textAt } from './json-value.js';
import type { MetricsCache } from './metrics-cache.js';
import { orderNodes } from './node-order.js';
import { pathOfRunningSpec, templateMetricsOf } from './node-template.js';
import { WorkflowScope } from './scope.js';
import { isFinal } from './workflow-object.js';
import type { WorkflowNode, WorkflowObject } from './workflow-object.js';

/** Types of nodes that Argo emits for. Groups, containers, suspensions and what was skipped never emit. */
const EMITTING_TYPES = new Set(['Pod', 'Steps', 'DAG', 'Retry', 'HTTP', 'Plugin']);

/** One run of something that ends: a node, or the workflow itself. */
interface Run {
  isDone: boolean;
  /** Counts the runs of the same thing: a manual retry is a new one. */
  attempt: number;
  /** What the realtime gauges were last reported with. */
  reported: string;
}

/** One look at one object. */
interface Look {
  readonly workflow: WorkflowObject;
  readonly scope: WorkflowScope;
  readonly previousPhase: string;
  readonly isBaseline: boolean;
  readonly diagnostics: Diagnostic[];
}

export class WorkflowTracker {
  readonly #customMetrics: CustomMetrics;
  readonly #cache: MetricsCache;
  readonly #nodes = new Map<string, Run>();
  readonly #self: Run = newRun();
  /** `metrics` of the first object that had some: the controller writes values into those of later objects. */
  #firstMetrics: unknown;
  #phase = '';
  #resourceVersion = '';
  #saidHidden = false;

  constructor(customMetrics: CustomMetrics, cache: MetricsCache) {
    this.#customMetrics = customMetrics;
    this.#cache = cache;
  }

  /** Whether this version, or a later one, was seen already. */
  hasSeen(workflow: WorkflowObject): boolean {
    const [last, next] = [this.#resourceVersion, workflow.resourceVersion];
    if (!/^\d+$/.test(last) || !/^\d+$/.test(next)) return false;
    return BigInt(next) <= BigInt(last);
  }

  /** Emits what this object says is new. A baseline only remembers it, and brings realtime gauges back. */
  look(workflow: WorkflowObject, isBaseline: boolean, diagnostics: Diagnostic[]): void {
    const scope = new WorkflowScope(workflow, this.#customMetrics.clock.now());
    const look: Look = { workflow, scope, previousPhase: this.#phase, isBaseline, diagnostics };
    const metrics = this.#workflowMetrics(look);
    if (!isFinal(workflow)) restart(this.#self);
    this.#reportWorkflow(look, metrics);
    this.#lookAtNodes(look);
    this.#finishWorkflow(look, metrics);
    this.#phase = workflow.phase;
    this.#resourceVersion = workflow.resourceVersion;
  }

  #workflowMetrics({ workflow, diagnostics }: Look): CompiledMetrics {
    const { runningSpec, spec } = workflow;
    const isOwn = isRecord(spec['metrics']) || !isRecord(runningSpec['metrics']);
    const path = isOwn ? 'spec' : pathOfRunningSpec(workflow);
    const current = isOwn ? spec['metrics'] : runningSpec['metrics'];
    this.#firstMetrics ??= current;
    const metrics = withRealtimeOf(this.#firstMetrics, current);
    return this.#cache.compile(metrics, `${path}.metrics`, diagnostics);
  }

  #reportWorkflow(look: Look, metrics: CompiledMetrics): void {
    const { workflow, scope, previousPhase, diagnostics } = look;
    // One that is over reports with all its metrics, or never ran: an invalid workflow emits nothing.
    if (workflow.startedAt === undefined || isFinal(workflow)) return;
    const state = [workflow.phase, workflow.startedAt, workflow.finishedAt].join();
    if (this.#self.reported === state) return;
    this.#self.reported = state;
    const options = { owner: workflow.uid, realtimeOnly: true };
    // The real controller has the phase of the last object here; on the first one that is no phase at all, and every
    // comparison with it an error.
    const status = previousPhase || workflow.phase;
    diagnostics.push(...metrics.emit(scope.scopeOf(undefined, status), options));
  }

  #finishWorkflow(look: Look, metrics: CompiledMetrics): void {
    const { workflow, scope, diagnostics } = look;
    const { uid, entryNode, finishedAt, hidesNodes } = workflow;
    if (hidesNodes && !this.#saidHidden) {
      this.#saidHidden = true;
      const message = `the nodes of workflow '${workflow.name}' are not in its object; only its own metrics are recorded`;
      diagnostics.push({ code: 'NODES_NOT_IN_OBJECT', severity: 'warning', path: 'status.nodes', message });
    }
    if (!isFinal(workflow)) return;
    const isComplete = hidesNodes || entryNode?.isFulfilled === true;
    if (isComplete && !this.#self.isDone && !look.isBaseline) {
      const final = scope.scopeOf(entryNode, entryNode?.phase ?? workflow.phase);
      const emissionId = `workflow#${this.#self.attempt}`;
      diagnostics.push(...metrics.emit(final, { owner: uid, emissionId }));
    }
    this.#self.isDone ||= isComplete;
    this.#customMetrics.complete(uid, finishedAt === undefined ? {} : { at: finishedAt });
  }

  #lookAtNodes(look: Look): void {
    const { nodes, hidesNodes } = look.workflow;
    const attempts = attemptsOf(nodes);
    for (const node of orderNodes(look.workflow)) {
      if (!EMITTING_TYPES.has(node.type) || recordAt(node.json, 'memoizationStatus')['hit'] === true)
        continue;
      this.#lookAtNode(node, attempts.get(node.id), look);
    }
    if (hidesNodes) return;
    for (const [id, run] of this.#nodes) if (!nodes.has(id)) restart(run);
  }

  #lookAtNode(node: WorkflowNode, attempt: 'earlier' | 'last' | undefined, look: Look): void {
    const run = this.#nodes.get(node.id) ?? newRun();
    this.#nodes.set(node.id, run);
    if (!node.isFulfilled) restart(run);
    // The last attempt is emitted by its Retry node, when that is over: another attempt may still follow.
    if (node.isFulfilled && attempt !== 'last') {
      if (run.isDone) return;
      run.isDone = true;
      if (!look.isBaseline) this.#emitNode(node, look, { emissionId: `${node.id}#${run.attempt}` });
      return;
    }
    const state = [node.phase, node.startedAt, node.finishedAt].join();
    if (node.type === 'Retry' || run.reported === state || isFinal(look.workflow)) return;
    run.reported = state;
    this.#emitNode(node, look, { realtimeOnly: true });
  }

  #emitNode(node: WorkflowNode, look: Look, how: { emissionId?: string; realtimeOnly?: boolean }): void {
    const { workflow, scope, diagnostics } = look;
    const found = templateMetricsOf(node, workflow);
    if (!found) return;
    if (found === 'unknown') {
      if (how.realtimeOnly) return;
      const path = `status.nodes[${JSON.stringify(node.id)}]`;
      const message = `the template of node '${node.name}' is not in the object; its metrics are not recorded`;
      diagnostics.push({ code: 'TEMPLATE_NOT_FOUND', severity: 'warning', path, message });
      return;
    }
    const metrics = this.#cache.compile(found.metrics, found.path, diagnostics);
    const isInExit = node.name.startsWith(`${workflow.name}.onExit`);
    const status = isInExit ? (workflow.entryNode?.phase ?? look.previousPhase) : look.previousPhase;
    // A Retry node speaks for its last attempt, so it takes over that one's realtime series.
    const subject = node.type === 'Retry' ? (node.children.at(-1) ?? node.id) : node.id;
    diagnostics.push(...metrics.emit(scope.scopeOf(node, status), { owner: workflow.uid, subject, ...how }));
  }
}

function newRun(): Run {
  return { isDone: false, attempt: 0, reported: '' };
}

/** Something that was over runs again. */
function restart(run: Run): void {
  if (!run.isDone) return;
  run.isDone = false;
  run.attempt += 1;
  run.reported = '';
}

/** Which nodes are attempts of a Retry node. */
function attemptsOf(nodes: ReadonlyMap<string, WorkflowNode>): Map<string, 'earlier' | 'last'> {
  const attempts = new Map<string, 'earlier' | 'last'>();
  for (const { type, children } of nodes.values()) {
    if (type !== 'Retry') continue;
    const present = children.filter(id => nodes.has(id));
    for (const [index, id] of present.entries()) {
      attempts.set(id, index === present.length - 1 ? 'last' : 'earlier');
    }
  }
  return attempts;
}

/** The current metrics, with the realtime gauges as they were at first. */
function withRealtimeOf(first: unknown, current: unknown): unknown {
  if (first === current || !isRecord(current)) return current;
  const firstList = listAt(first, 'prometheus');
  const prometheus = listAt(current, 'prometheus').map((metric, index) => {
    const original = firstList[index];
    const isSame = textAt(original, 'name') === textAt(metric, 'name');
    return isSame && isRealtime(metric) && isRealtime(original) ? original : metric;
  });
  return { ...current, prometheus };
}

function isRealtime(metric: unknown): boolean {
  return recordAt(metric, 'gauge')['realtime'] === true;
}
