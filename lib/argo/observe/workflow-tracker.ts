// Step 2 of an emission: which metrics of a Workflow object are due, with which variables. What is remembered of the workflow
// between two of its objects says what is new.
import { ObjectWork } from '../budget/object-work.js';
import type { CustomMetrics, MetricsBlock } from '../emit/custom-metrics.js';
import type { EmitOptions } from '../emit/emission-request.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { emissionsInArgo, isReportedByArgo } from './exact-emissions.js';
import { isRecord, recordAt, textAt } from '../../guard/json-value.js';
import type { MetricScope } from '../variables/metric-scope.js';
import type { MetricsCache } from './metrics-cache.js';
import { attemptNodesOf, attemptsOf } from '../workflow/node-attempts.js';
import type { Attempt } from '../workflow/node-attempts.js';
import { orderNodes } from '../workflow/node-order.js';
import { pathOfRunningSpec, templateMetricsOf } from '../workflow/node-template.js';
import { WorkflowScope } from '../variables/scope.js';
import type { PreviousVersion } from '../variables/scope.js';
import { SeenVersions } from './seen-versions.js';
import { isEndedByController } from './suspension.js';
import { isFinal } from '../workflow/workflow-object.js';
import type { WorkflowNode, WorkflowObject } from '../workflow/workflow-object.js';
import { newestTimeOf } from '../workflow/workflow-times.js';
import { WrittenMetrics } from './written-metrics.js';

/** Types of nodes that Argo emits for. Groups, containers and what was skipped never emit. */
const EMITTING_TYPES = new Set(['Pod', 'Steps', 'DAG', 'Retry', 'HTTP', 'Plugin', 'Suspend']);

/** How the message of a workflow begins that the controller gave up before it came to the workflow's metrics. */
const GIVEN_UP = /^error in (?:entry|exit) template execution\b/;

/** One run of something that ends: a node, or the workflow itself. */
interface Run {
  isDone: boolean;
  /** Counts the runs of the same thing: a manual retry is a new one. */
  attempt: number;
  /** What the realtime gauges were last reported with. */
  reported: string;
  /** Seen before it was over. */
  wasRunning: boolean;
  /** Of the last run that ended. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
}

type Times = Pick<WorkflowNode, 'startedAt' | 'finishedAt'>;

/** One look at one object. */
interface Look {
  readonly workflow: WorkflowObject;
  readonly scope: WorkflowScope;
  /** What compiling and emitting the metrics of the object may cost. */
  readonly work: ObjectWork;
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** What was over by then is known already; `undefined`: nothing is. */
  readonly knownUntil: number | undefined;
  readonly diagnostics: Diagnostic[];
}

/** What an emission of a node is made with. */
interface NodeEmission {
  readonly metrics: MetricsBlock;
  readonly template: Readonly<Record<string, unknown>>;
  readonly scope: MetricScope;
}

type HowToEmit = Omit<EmitOptions, 'owner'>;

export class WorkflowTracker {
  readonly #customMetrics: CustomMetrics;
  readonly #cache: MetricsCache;
  readonly #isExact: boolean;
  readonly #versions = new SeenVersions();
  readonly #nodes = new Map<string, Run>();
  readonly #self: Run = newRun();
  readonly #written = new WrittenMetrics();
  #newestTime: number | undefined;
  #previous: PreviousVersion | undefined;
  #startedAt: number | undefined;
  #saidHidden = false;

  constructor(customMetrics: CustomMetrics, cache: MetricsCache) {
    this.#customMetrics = customMetrics;
    this.#cache = cache;
    this.#isExact = customMetrics.argoCompatibility === 'exact';
  }

  /** The newest time that an object of this workflow showed. */
  get newestTime(): number | undefined {
    return this.#newestTime;
  }

  /** Whether this version, or a later one, was seen already. */
  hasSeen(workflow: WorkflowObject): boolean {
    const { resourceVersion } = workflow;
    if (!this.#versions.has(resourceVersion)) return false;
    // A cluster that was restored from a backup counts again from there. What it writes then bears later times.
    return this.#versions.isLatest(resourceVersion) || !isAfter(newestTimeOf(workflow), this.#newestTime);
  }

  /**
   * Emits what this object says is new.
   *
   * @param knownUntil what was over by then is only remembered, in Unix milliseconds; realtime gauges come back all the same
   */
  look(workflow: WorkflowObject, knownUntil: number | undefined, diagnostics: Diagnostic[]): void {
    const nowUnixMillis = this.#customMetrics.clock.now();
    const work = new ObjectWork({ now: () => nowUnixMillis }, workflow.nodes.size);
    const scope = new WorkflowScope(workflow, {
      nowUnixMillis,
      previous: this.#previous,
      omitsSums: this.#isExact,
      budget: work.budget,
    });
    const look: Look = {
      workflow,
      scope,
      work,
      attempts: attemptsOf(workflow.nodes),
      knownUntil,
      diagnostics,
    };
    this.#restartWorkflow(workflow);
    const metrics = this.#workflowMetrics(look);
    this.#reportWorkflow(look, metrics);
    this.#lookAtNodes(look);
    this.#finishWorkflow(look, metrics);
    this.#previous = previousOf(workflow);
    this.#startedAt = workflow.startedAt;
    this.#versions.add(workflow.resourceVersion);
    add(diagnostics, this.#customMetrics.conclude(work));
    const newest = newestTimeOf(workflow);
    if (isAfter(newest, this.#newestTime)) this.#newestTime = newest;
  }

  #restartWorkflow(workflow: WorkflowObject): void {
    const isMissed = !this.#self.isDone && isAfter(workflow.startedAt, this.#startedAt ?? Infinity);
    if (isMissed) this.#written.missedEnd(metricsOf(workflow).metrics);
    if ((!isFinal(workflow) || ranAgain(this.#self, workflow)) && restart(this.#self))
      this.#written.restart();
  }

  #workflowMetrics({ workflow, work, diagnostics }: Look): MetricsBlock {
    const { metrics, path } = metricsOf(workflow);
    return this.#cache.compile(this.#unwritten(metrics, workflow), path, diagnostics, work);
  }

  #unwritten(metrics: unknown, workflow: WorkflowObject): unknown {
    if (this.#isExact) return metrics;
    return isFinal(workflow)
      ? this.#written.ended(metrics)
      : this.#written.running(metrics, workflow.startedAt !== undefined && workflow.phase !== '');
  }

  #reportWorkflow(look: Look, metrics: MetricsBlock): void {
    const { workflow, scope } = look;
    // One that is over reports with all its metrics, or never ran: an invalid workflow emits nothing.
    if (workflow.startedAt === undefined || isFinal(workflow)) return;
    const state = [workflow.phase, workflow.startedAt, workflow.finishedAt].join();
    // The real controller reports at every reconcile, which shows where another workflow took the series away.
    if (this.#self.reported === state && !this.#isExact) return;
    this.#self.reported = state;
    this.#emit(metrics, scope.atStart(), look, { realtimeOnly: true });
  }

  #finishWorkflow(look: Look, metrics: MetricsBlock): void {
    const { workflow, scope, diagnostics } = look;
    const { uid, entryNode, finishedAt, hiddenNodes } = workflow;
    if (hiddenNodes !== undefined && !this.#saidHidden) {
      this.#saidHidden = true;
      this.#report(hiddenNodesDiagnostic(workflow.name, hiddenNodes), diagnostics);
    }
    if (!isFinal(workflow)) return;
    const isComplete = hiddenNodes !== undefined || entryNode?.isFulfilled === true;
    const isGivenUp = GIVEN_UP.test(textAt(workflow.status, 'message'));
    if (isComplete && !isGivenUp && !this.#self.isDone && !isKnown(workflow, look)) {
      const emissionId = `workflow#${this.#self.attempt}`;
      this.#emit(metrics, scope.atEnd(), look, { emissionId });
    }
    if (isComplete) end(this.#self, workflow);
    this.#customMetrics.complete(uid, finishedAt === undefined ? {} : { at: finishedAt });
  }

  #lookAtNodes(look: Look): void {
    const { nodes, hiddenNodes } = look.workflow;
    for (const node of orderNodes(look.workflow))
      if (EMITTING_TYPES.has(node.type)) this.#lookAtNode(node, look);
    if (hiddenNodes !== undefined) return;
    for (const [id, run] of this.#nodes) {
      if (nodes.has(id) || restart(run) || run.reported === '') continue;
      // It does not run any more, and nothing tells since when.
      run.reported = '';
      this.#customMetrics.endSubject(look.workflow.uid, id, this.#customMetrics.clock.now());
    }
  }

  /** By whatever way a node ended, its realtime gauges do not go on: the metric may be gone from the object, or too dear. */
  #endGauges({ id, isFulfilled, finishedAt }: WorkflowNode, { workflow }: Look): void {
    if (isFulfilled && finishedAt !== undefined) this.#customMetrics.endSubject(workflow.uid, id, finishedAt);
  }

  #lookAtNode(node: WorkflowNode, look: Look): void {
    // What comes from a cache did not run. The real controller counts it where the node waited for a lock before.
    const isCached = recordAt(node.json, 'memoizationStatus')['hit'] === true;
    if (isCached && !this.#isExact) {
      this.#endGauges(node, look);
      return;
    }
    const known = this.#nodes.get(node.id);
    const run = known ?? newRun();
    this.#nodes.set(node.id, run);
    if (!node.isFulfilled || ranAgain(run, node)) restart(run);
    // The last attempt is emitted by its Retry node, when that is over: another attempt may still follow.
    if (node.isFulfilled && look.attempts.get(node.id)?.isLast !== true) {
      const isNew = !run.isDone;
      // A daemon counts when it is ready, and may end later.
      if (!isNew && run.finishedAt === node.finishedAt) return;
      end(run, node);
      if (isNew && !isKnown(node, look)) this.#finishNode(node, run, look);
      this.#endGauges(node, look);
      return;
    }
    run.wasRunning ||= !node.isFulfilled;
    if (isFinal(look.workflow)) return;
    const state = stateOf(node, look);
    // Realtime gauges of what is retried are those of the Retry node, from the first attempt to the last.
    const isWanted = this.#isExact
      ? run.reported === '' && look.knownUntil === undefined && isReportedByArgo(node, look.attempts)
      : !look.attempts.has(node.id) && run.reported !== state;
    run.reported = state;
    if (isWanted) this.#reportNode(node, look);
  }

  #finishNode(node: WorkflowNode, run: Run, look: Look): void {
    const emission = this.#emissionOf(node, look);
    if (!emission) return;
    const isAttempt = look.attempts.has(node.id);
    const own = node.type === 'Retry' ? attemptNodesOf(node, look.workflow.nodes).at(-1) : node;
    const { metrics, template, scope } = emission;
    const isAnswered = own?.type === 'Suspend' && !isEndedByController(own, template, scope.variables);
    const subject = node.id;
    const emissionId = `${subject}#${run.attempt}`;
    if (this.#isExact) {
      const facts = { isAttempt, isAnswered, wasRunning: run.wasRunning };
      const times = emissionsInArgo(node, look.workflow, facts);
      if (times > 0) this.#emit(metrics, scope, look, { subject, emissionId });
      if (times > 1) this.#emit(metrics, scope, look, { subject, emissionId: `${emissionId}, again` });
      return;
    }
    // What a person ended is not counted, but its realtime gauges end.
    const realtimeOnly = isAnswered && own === node && !isAttempt;
    this.#emit(metrics, scope, look, { subject, emissionId, realtimeOnly, omitsRealtime: isAttempt });
  }

  #reportNode(node: WorkflowNode, look: Look): void {
    const emission = this.#emissionOf(node, look, true);
    if (emission)
      this.#emit(emission.metrics, emission.scope, look, { subject: node.id, realtimeOnly: true });
  }

  #emit(
    metrics: MetricsBlock,
    scope: MetricScope,
    { workflow, work, diagnostics }: Look,
    how: HowToEmit,
  ): void {
    const options = { owner: workflow.uid, ...how };
    add(diagnostics, this.#customMetrics.emitWithin(metrics, scope, options, work));
  }

  /** What concerns no metric; the listener gets it as it gets what the metrics say. */
  #report(diagnostic: Diagnostic, diagnostics: Diagnostic[]): void {
    diagnostics.push(this.#customMetrics.report(diagnostic));
  }

  #emissionOf(node: WorkflowNode, look: Look, realtimeOnly = false): NodeEmission | undefined {
    const { workflow, scope, work, diagnostics } = look;
    const found = templateMetricsOf(node, workflow);
    if (!found) return undefined;
    if (found === 'unknown') {
      if (realtimeOnly || !work.tells()) return undefined;
      const path = `status.nodes[${JSON.stringify(node.id)}]`;
      const message = `the template of node '${node.name}' is not in the object; its metrics are not recorded`;
      this.#report({ code: 'TEMPLATE_NOT_FOUND', severity: 'warning', path, message }, diagnostics);
      return undefined;
    }
    const { template, loop } = found;
    const around = found.around.map(each => look.attempts.get(each.id)?.parent ?? each);
    const metrics = this.#cache.compile(found.metrics, found.path, diagnostics, work);
    return {
      metrics,
      template,
      scope: scope.of(node, { node, template, loop, around, retry: retryOf(node, look) }),
    };
  }
}

/** Those of the workflow itself, and where in the object they stand. */
function metricsOf(workflow: WorkflowObject): { metrics: unknown; path: string } {
  const { runningSpec, spec } = workflow;
  const isOwn = isRecord(spec['metrics']) || !isRecord(runningSpec['metrics']);
  if (isOwn) return { metrics: spec['metrics'], path: 'spec.metrics' };
  return { metrics: runningSpec['metrics'], path: `${pathOfRunningSpec(workflow)}.metrics` };
}

/** One by one: there may be more than a call takes arguments. */
function add(diagnostics: Diagnostic[], found: readonly Diagnostic[]): void {
  for (const diagnostic of found) diagnostics.push(diagnostic);
}

/** Without what else is in the metadata, which may be long. */
function previousOf({ phase, metadata }: WorkflowObject): PreviousVersion {
  const { labels, annotations, creationTimestamp } = metadata;
  return { phase, metadata: { labels, annotations, creationTimestamp } };
}

function newRun(): Run {
  const times = { startedAt: undefined, finishedAt: undefined };
  return { isDone: false, attempt: 0, reported: '', wasRunning: false, ...times };
}

function end(run: Run, { startedAt, finishedAt }: Times): void {
  run.isDone = true;
  run.startedAt = startedAt;
  run.finishedAt = finishedAt;
}

/** Whether what is over began after it was over before: it was made to run again, and that was missed. */
function ranAgain(run: Run, { startedAt }: Times): boolean {
  return isAfter(startedAt, run.startedAt ?? Infinity) && !isAfter(run.finishedAt ?? Infinity, startedAt);
}

/** Something that was over runs again; false when it was not over. */
function restart(run: Run): boolean {
  if (!run.isDone) return false;
  run.isDone = false;
  run.attempt++;
  run.reported = '';
  run.wasRunning = false;
  return true;
}

/** Whether it was over before the observer began to count. */
function isKnown(
  { startedAt, finishedAt }: Pick<WorkflowNode, 'startedAt' | 'finishedAt'>,
  look: Look,
): boolean {
  const { knownUntil } = look;
  return knownUntil !== undefined && (finishedAt ?? startedAt ?? -Infinity) <= knownUntil;
}

function isAfter(time: number | undefined, other: number | undefined): boolean {
  return time !== undefined && (other === undefined || time > other);
}

/** What can change the labels of a realtime gauge. */
function stateOf(node: WorkflowNode, { workflow }: Look): string {
  const own = [node.phase, node.startedAt, node.finishedAt];
  const last = node.type === 'Retry' ? attemptNodesOf(node, workflow.nodes).at(-1) : undefined;
  return [...own, last?.id, last?.phase].join();
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

function hiddenNodesDiagnostic(name: string, why: 'offloaded' | 'unreadable'): Diagnostic {
  const reason = why === 'offloaded' ? 'are not in its object' : 'cannot be decompressed';
  const message = `the nodes of workflow '${name}' ${reason}; only its own metrics are recorded`;
  return { code: 'NODES_NOT_IN_OBJECT', severity: 'warning', path: 'status.nodes', message };
}
