// What is remembered of one workflow between two of its objects, and what follows from the next one.
import type { CompiledMetrics, CustomMetrics } from './custom-metrics.js';
import type { Diagnostic } from './diagnostic.js';
import { isRecord, listAt, recordAt, textAt } from './json-value.js';
import type { MetricsCache } from './metrics-cache.js';
import { attemptNodesOf, attemptsOf } from './node-attempts.js';
import type { Attempt } from './node-attempts.js';
import { orderNodes } from './node-order.js';
import { pathOfRunningSpec, templateMetricsOf } from './node-template.js';
import { WorkflowScope } from './scope.js';
import type { PreviousVersion } from './scope.js';
import { SeenVersions } from './seen-versions.js';
import { isFinal } from './workflow-object.js';
import type { WorkflowNode, WorkflowObject } from './workflow-object.js';

/** Types of nodes that Argo emits for. Groups, containers, suspensions and what was skipped never emit. */
const EMITTING_TYPES = new Set(['Pod', 'Steps', 'DAG', 'Retry', 'HTTP', 'Plugin']);

/** How the message of a workflow begins that the controller gave up before it came to the workflow's metrics. */
const GIVEN_UP = /^error in (?:entry|exit) template execution\b/;

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
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly isBaseline: boolean;
  readonly diagnostics: Diagnostic[];
}

export class WorkflowTracker {
  readonly #customMetrics: CustomMetrics;
  readonly #cache: MetricsCache;
  readonly #isExact: boolean;
  readonly #versions = new SeenVersions();
  readonly #nodes = new Map<string, Run>();
  readonly #self: Run = newRun();
  /** `metrics` of the first object that had some: the controller writes values into those of later objects. */
  #firstMetrics: unknown;
  #previous: PreviousVersion | undefined;
  #saidHidden = false;

  constructor(customMetrics: CustomMetrics, cache: MetricsCache) {
    this.#customMetrics = customMetrics;
    this.#cache = cache;
    this.#isExact = customMetrics.argoCompatibility === 'exact';
  }

  /** Whether this version, or a later one, was seen already. */
  hasSeen(workflow: WorkflowObject): boolean {
    return this.#versions.has(workflow.resourceVersion);
  }

  /** Emits what this object says is new. A baseline only remembers it, and brings realtime gauges back. */
  look(workflow: WorkflowObject, isBaseline: boolean, diagnostics: Diagnostic[]): void {
    const scope = new WorkflowScope(workflow, {
      nowUnixMillis: this.#customMetrics.clock.now(),
      previous: this.#previous,
      omitsSums: this.#isExact,
    });
    const look: Look = { workflow, scope, attempts: attemptsOf(workflow.nodes), isBaseline, diagnostics };
    const metrics = this.#workflowMetrics(look);
    if (!isFinal(workflow)) restart(this.#self);
    this.#reportWorkflow(look, metrics);
    this.#lookAtNodes(look);
    this.#finishWorkflow(look, metrics);
    this.#previous = previousOf(workflow);
    this.#versions.add(workflow.resourceVersion);
  }

  #workflowMetrics({ workflow, scope, diagnostics }: Look): CompiledMetrics {
    const { runningSpec, spec } = workflow;
    const isOwn = isRecord(spec['metrics']) || !isRecord(runningSpec['metrics']);
    const path = isOwn ? 'spec' : pathOfRunningSpec(workflow);
    const current = isOwn ? spec['metrics'] : runningSpec['metrics'];
    this.#firstMetrics ??= current;
    const metrics = this.#isExact ? current : withRealtimeOf(this.#firstMetrics, current);
    return this.#cache.compile(metrics, `${path}.metrics`, diagnostics, scope.work);
  }

  #reportWorkflow(look: Look, metrics: CompiledMetrics): void {
    const { workflow, scope, diagnostics } = look;
    // One that is over reports with all its metrics, or never ran: an invalid workflow emits nothing.
    if (workflow.startedAt === undefined || isFinal(workflow)) return;
    const state = [workflow.phase, workflow.startedAt, workflow.finishedAt].join();
    // The real controller reports at every reconcile, which shows where another workflow took the series away.
    if (this.#self.reported === state && !this.#isExact) return;
    this.#self.reported = state;
    diagnostics.push(...metrics.emit(scope.atStart(), { owner: workflow.uid, realtimeOnly: true }));
  }

  #finishWorkflow(look: Look, metrics: CompiledMetrics): void {
    const { workflow, scope, diagnostics } = look;
    const { uid, entryNode, finishedAt, hiddenNodes } = workflow;
    if (hiddenNodes !== undefined && !this.#saidHidden) {
      this.#saidHidden = true;
      diagnostics.push(hiddenNodesDiagnostic(workflow.name, hiddenNodes));
    }
    if (!isFinal(workflow)) return;
    const isComplete = hiddenNodes !== undefined || entryNode?.isFulfilled === true;
    const isGivenUp = GIVEN_UP.test(textAt(workflow.status, 'message'));
    if (isComplete && !isGivenUp && !this.#self.isDone && !look.isBaseline) {
      const emissionId = `workflow#${this.#self.attempt}`;
      diagnostics.push(...metrics.emit(scope.atEnd(), { owner: uid, emissionId }));
    }
    this.#self.isDone ||= isComplete;
    this.#customMetrics.complete(uid, finishedAt === undefined ? {} : { at: finishedAt });
  }

  #lookAtNodes(look: Look): void {
    const { nodes, hiddenNodes } = look.workflow;
    for (const node of orderNodes(look.workflow)) {
      if (!EMITTING_TYPES.has(node.type) || recordAt(node.json, 'memoizationStatus')['hit'] === true)
        continue;
      this.#lookAtNode(node, look);
    }
    if (hiddenNodes !== undefined) return;
    for (const [id, run] of this.#nodes) if (!nodes.has(id)) restart(run);
  }

  #lookAtNode(node: WorkflowNode, look: Look): void {
    const run = this.#nodes.get(node.id) ?? newRun();
    this.#nodes.set(node.id, run);
    if (!node.isFulfilled) restart(run);
    // The last attempt is emitted by its Retry node, when that is over: another attempt may still follow.
    if (node.isFulfilled && look.attempts.get(node.id)?.isLast !== true) {
      if (run.isDone) return;
      run.isDone = true;
      if (!look.isBaseline) this.#finishNode(node, run.attempt, look);
      return;
    }
    if (isFinal(look.workflow)) return;
    const state = [node.phase, node.startedAt, node.finishedAt].join();
    const isWanted = this.#isExact
      ? isReportedByArgo(node, run, look)
      : node.type !== 'Retry' && run.reported !== state;
    run.reported = state;
    if (isWanted) this.#emitNode(node, look, { realtimeOnly: true });
  }

  #finishNode(node: WorkflowNode, attempt: number, look: Look): void {
    this.#emitNode(node, look, { emissionId: `${node.id}#${attempt}` });
    if (this.#isExact && isCountedTwice(node, look)) {
      this.#emitNode(node, look, { emissionId: `${node.id}#${attempt}, again` });
    }
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
    const metrics = this.#cache.compile(found.metrics, found.path, diagnostics, scope.work);
    const retry = retryOf(node, look);
    const variables = scope.of(node, { node, template: found.template, retry });
    // A Retry node speaks for its last attempt, so it takes over that one's realtime series.
    const subject = retry?.attempt?.id ?? node.id;
    diagnostics.push(...metrics.emit(variables, { owner: workflow.uid, subject, ...how }));
  }
}

/** Without what else is in the metadata, which may be long. */
function previousOf({ phase, metadata }: WorkflowObject): PreviousVersion {
  const { labels, annotations, creationTimestamp } = metadata;
  return { phase, metadata: { labels, annotations, creationTimestamp } };
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

/** The attempt that a node is, or speaks for. */
function retryOf(node: WorkflowNode, { workflow, attempts }: Look) {
  if (node.type === 'Retry') {
    const attempt = attemptNodesOf(node, workflow.nodes).at(-1);
    return { parent: node, attempt, before: attempt && attempts.get(attempt.id)?.before };
  }
  const attempt = attempts.get(node.id);
  return attempt && { parent: attempt.parent, attempt: node, before: attempt.before };
}

/** The real controller reports realtime gauges of a node once, when it makes the node; of attempts, their Retry node. */
function isReportedByArgo(node: WorkflowNode, run: Run, { attempts, isBaseline }: Look): boolean {
  return run.reported === '' && !isBaseline && !attempts.has(node.id);
}

/** What is retried and ends while the controller works on it is emitted by the inner and by the outer call. */
function isCountedTwice(node: WorkflowNode, { workflow }: Look): boolean {
  if (node.type !== 'Retry') return false;
  const last = attemptNodesOf(node, workflow.nodes).at(-1);
  return last?.type === 'Steps' || last?.type === 'DAG';
}

function hiddenNodesDiagnostic(name: string, why: 'offloaded' | 'unreadable'): Diagnostic {
  const reason = why === 'offloaded' ? 'are not in its object' : 'cannot be decompressed';
  const message = `the nodes of workflow '${name}' ${reason}; only its own metrics are recorded`;
  return { code: 'NODES_NOT_IN_OBJECT', severity: 'warning', path: 'status.nodes', message };
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
