// Step 2 of an emission: which metrics of a Workflow object are due, with which variables. What is remembered of the workflow
// between two of its objects says what is new; only of that more is read than its phase and its times.
import type { CustomMetrics, MetricsBlock } from '../emit/custom-metrics.js';
import type { EmitOptions } from '../emit/emission-request.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { emissionsInArgo, isReportedByArgo } from './exact-emissions.js';
import { isRecord, textAt } from '../../guard/json-value.js';
import { lookOrder } from './look-order.js';
import { Look, stateMarkOf } from './look.js';
import type { WorkflowMetricScope } from '../variables/metric-scope.js';
import type { MetricsCache } from './metrics-cache.js';
import { pathOfRunningSpec, templateMetricsOf } from '../workflow/node-template.js';
import type { PreviousVersion } from '../variables/scope.js';
import { RunLedger } from './run-ledger.js';
import { endRun, ranAgain, restartRun } from './run.js';
import type { Run } from './run.js';
import { SeenVersions } from './seen-versions.js';
import { SharedObjects } from './shared-objects.js';
import { isEndedByController } from './suspension.js';
import type { TrackerState } from './tracker-state.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import { isFinal } from '../workflow/workflow-object.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';
import { newestTimeOf } from '../workflow/workflow-times.js';
import { WrittenMetrics } from './written-metrics.js';

/** Types of nodes that Argo emits for. Groups, containers and what was skipped never emit. */
const EMITTING_TYPES = new Set(['Pod', 'Steps', 'DAG', 'Retry', 'HTTP', 'Plugin', 'Suspend']);

/** How the message of a workflow begins that the controller gave up before it came to the workflow's metrics. */
const GIVEN_UP = /^error in (?:entry|exit) template execution\b/;

/** What an emission of a node is made with. */
interface NodeEmission {
  readonly metrics: MetricsBlock;
  readonly template: Readonly<Record<string, unknown>>;
  readonly scope: WorkflowMetricScope;
}

type HowToEmit = Omit<EmitOptions, 'owner' | 'emissionId'>;

export class WorkflowTracker {
  readonly #customMetrics: CustomMetrics;
  readonly #cache: MetricsCache;
  readonly #shared: SharedObjects;
  readonly #versions = new SeenVersions();
  readonly #ledger = new RunLedger();
  readonly #written: WrittenMetrics;
  #newestTime: number | undefined;
  /** Of the object before; `undefined`: there was none. */
  #phase: string | undefined;
  #labels: unknown;
  #annotations: unknown;
  #startedAt: number | undefined;
  #saidHidden = false;

  constructor(customMetrics: CustomMetrics, cache: MetricsCache, shared = new SharedObjects()) {
    this.#customMetrics = customMetrics;
    this.#cache = cache;
    this.#shared = shared;
    this.#written = new WrittenMetrics(shared);
  }

  get #isExact(): boolean {
    return this.#customMetrics.argoCompatibility === 'exact';
  }

  /** The newest time that an object of this workflow showed. */
  get newestTime(): number | undefined {
    return this.#newestTime;
  }

  /** As its last object says; it may be retried all the same. */
  get hasEnded(): boolean {
    return this.#phase !== undefined && isFinal({ phase: this.#phase });
  }

  /** Whether one of its objects is looked at just now. */
  get isLooking(): boolean {
    return this.#ledger.isOpen;
  }

  /** Between two looks. */
  save(): TrackerState {
    return {
      versions: this.#versions.save(),
      runs: this.#ledger.packed,
      newestTime: this.#newestTime,
      phase: this.#phase,
      labels: this.#labels,
      annotations: this.#annotations,
      startedAt: this.#startedAt,
      saidHidden: this.#saidHidden,
      written: this.#written.save(),
    };
  }

  /** What a tracker of another process had saved. */
  restore(state: TrackerState): void {
    this.#versions.restore(state.versions);
    this.#ledger.restore(state.runs);
    this.#newestTime = state.newestTime;
    this.#phase = state.phase;
    this.#labels = this.#shared.share(state.labels);
    this.#annotations = this.#shared.share(state.annotations);
    this.#startedAt = state.startedAt;
    this.#saidHidden = state.saidHidden;
    this.#written.restore(state.written);
  }

  /** Any version is new from now on. What was counted stays so. */
  forgetVersions(): void {
    this.#versions.clear();
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
    const runs = this.#ledger.open();
    try {
      const look = new Look(workflow, {
        runs,
        nowUnixMillis: this.#customMetrics.clock.now(),
        previous: this.#previousOf(workflow),
        isExact: this.#isExact,
        knownUntil,
        diagnostics,
      });
      this.#restartWorkflow(look);
      const metrics = this.#workflowMetrics(look);
      this.#reportWorkflow(look, metrics);
      this.#lookAtNodes(look);
      this.#finishWorkflow(look, metrics);
      this.#remember(workflow);
      add(diagnostics, this.#customMetrics.conclude(look.work));
    } finally {
      this.#ledger.close();
    }
  }

  #previousOf({ metadata }: WorkflowObject): PreviousVersion | undefined {
    if (this.#phase === undefined) return undefined;
    const { creationTimestamp } = metadata;
    return {
      phase: this.#phase,
      metadata: { labels: this.#labels, annotations: this.#annotations, creationTimestamp },
    };
  }

  /** Without what else is in the metadata, which may be long. */
  #remember(workflow: WorkflowObject): void {
    const { metadata, phase, startedAt, resourceVersion } = workflow;
    this.#phase = phase;
    this.#labels = this.#shared.keep(this.#labels, metadata['labels']);
    this.#annotations = this.#shared.keep(this.#annotations, metadata['annotations']);
    this.#startedAt = startedAt;
    this.#versions.add(resourceVersion);
    const newest = newestTimeOf(workflow);
    if (isAfter(newest, this.#newestTime)) this.#newestTime = newest;
  }

  #restartWorkflow({ workflow, runs: { self } }: Look): void {
    const isMissed = !self.isDone && isAfter(workflow.startedAt, this.#startedAt ?? Infinity);
    if (isMissed) this.#written.missedEnd(metricsOf(workflow).metrics);
    if ((!isFinal(workflow) || ranAgain(self, workflow)) && restartRun(self)) this.#written.restart();
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
    const { workflow, runs } = look;
    // One that is over reports with all its metrics, or never ran: an invalid workflow emits nothing.
    if (workflow.startedAt === undefined || look.isFinal) return;
    const state = stateMarkOf(workflow.phase, workflow.startedAt, workflow.finishedAt);
    // The real controller reports at every reconcile, which shows where another workflow took the series away.
    if (runs.self.reported === state && !this.#isExact) return;
    runs.self.reported = state;
    if (metrics.realtime.length > 0) this.#emit(metrics, look.scope.atStart(), look, { realtimeOnly: true });
  }

  #finishWorkflow(look: Look, metrics: MetricsBlock): void {
    const { workflow, diagnostics } = look;
    const { self } = look.runs;
    const { uid, entryNode, finishedAt, hiddenNodes } = workflow;
    if (hiddenNodes !== undefined && !this.#saidHidden) {
      this.#saidHidden = true;
      this.#report(hiddenNodesDiagnostic(workflow.name, hiddenNodes), diagnostics);
    }
    if (!look.isFinal) return;
    const isComplete = hiddenNodes !== undefined || entryNode?.isFulfilled === true;
    const isGivenUp = GIVEN_UP.test(textAt(workflow.status, 'message'));
    if (isComplete && !isGivenUp && !self.isDone && !look.isKnown(workflow))
      this.#emit(metrics, look.scope.atEnd(), look, {});
    if (isComplete) endRun(self, workflow);
    this.#customMetrics.complete(uid, finishedAt === undefined ? {} : { at: finishedAt });
  }

  #lookAtNodes(look: Look): void {
    const { workflow } = look;
    const due: WorkflowNode[] = [];
    const runs: Run[] = [];
    const isFirst = look.runs.isEmpty;
    for (const node of workflow.nodes.values()) {
      const run = EMITTING_TYPES.has(node.type) ? this.#runIfDue(node, look, isFirst) : undefined;
      if (!run) continue;
      if (node.isFulfilled && look.isKnown(node)) {
        // Emits nothing.
        this.#lookAtNode(node, run, look);
        continue;
      }
      due.push(node);
      runs[node.index] = run;
    }
    for (const node of lookOrder(workflow, due)) {
      const run = runs[node.index];
      if (run) this.#lookAtNode(node, run, look);
    }
    if (workflow.hiddenNodes === undefined) this.#restartMissing(look);
  }

  /** Its run if anything of the node is new since it was looked at last. */
  #runIfDue(node: WorkflowNode, look: Look, isFirst: boolean): Run | undefined {
    const { runs } = look;
    const run = isFirst ? undefined : runs.find(node.id);
    if (run) return this.#isDue(node, run, look) ? run : undefined;
    // What comes from a cache did not run.
    return !this.#isExact && node.isFromCache ? undefined : runs.add(node.id);
  }

  #isDue(node: WorkflowNode, run: Run, look: Look): boolean {
    const { isFulfilled } = node;
    if (run.isDone) return !isFulfilled || run.finishedAt !== node.finishedAt || ranAgain(run, node);
    // Not so the last attempt, until its Retry node is over or another one follows; nor what came from a cache.
    if (isFulfilled) return !look.attempts.isLast(node);
    return !run.wasRunning || (!look.isFinal && look.stateOf(node) !== run.reported);
  }

  /** Nodes that are not in the object any more: if they come back, they run again. */
  #restartMissing({ workflow, runs }: Look): void {
    if (runs.unseen().length === 0) return;
    const { nodes, uid } = workflow;
    // Those of other types too: not asked for is not missing.
    for (const id of nodes.keys()) runs.find(id);
    let isReported = false;
    for (const run of runs.unseen()) if (!restartRun(run) && run.reported !== 0) isReported = true;
    if (!isReported) return;
    // It does not run any more, and nothing tells since when.
    const isOver = (id: string): boolean => !nodes.has(id) && (runs.peek(id)?.reported ?? 0) !== 0;
    this.#customMetrics.endSubjects(uid, isOver, this.#customMetrics.clock.now());
    for (const run of runs.unseen()) run.reported = 0;
  }

  /** By whatever way a node ended, its realtime gauges do not go on: the metric may be gone from the object, or too dear. */
  #endGauges({ id, isFulfilled, finishedAt }: WorkflowNode, { workflow }: Look): void {
    if (isFulfilled && finishedAt !== undefined) this.#customMetrics.endSubject(workflow.uid, id, finishedAt);
  }

  #lookAtNode(node: WorkflowNode, run: Run, look: Look): void {
    // What comes from a cache did not run. The real controller counts it where the node waited for a lock before.
    if (!this.#isExact && node.isFromCache) {
      this.#endGauges(node, look);
      return;
    }
    if (!node.isFulfilled || ranAgain(run, node)) restartRun(run);
    // The last attempt is emitted by its Retry node, when that is over: another attempt may still follow.
    const isAttempt = look.attempts.of(node) !== undefined;
    if (node.isFulfilled && !look.attempts.isLast(node)) {
      const isNew = !run.isDone;
      // A daemon counts when it is ready, and may end later.
      if (!isNew && run.finishedAt === node.finishedAt) return;
      endRun(run, node);
      if (isNew && !look.isKnown(node)) this.#finishNode(node, run, look, isAttempt);
      this.#endGauges(node, look);
      return;
    }
    run.wasRunning ||= !node.isFulfilled;
    if (look.isFinal) return;
    const state = look.stateOf(node);
    // Realtime gauges of what is retried are those of the Retry node, from the first attempt to the last.
    const isWanted = this.#isExact
      ? run.reported === 0 && look.knownUntil === undefined && !isAttempt && isReportedByArgo(node)
      : !isAttempt && run.reported !== state;
    run.reported = state;
    if (isWanted) this.#reportNode(node, look);
  }

  #finishNode(node: WorkflowNode, run: Run, look: Look, isAttempt: boolean): void {
    const emission = this.#emissionOf(node, look);
    if (!emission) return;
    const lastAttempt = look.attempts.lastOf(node);
    const own = node.type === 'Retry' ? lastAttempt : node;
    const { metrics, template, scope } = emission;
    const isAnswered = own?.type === 'Suspend' && !isEndedByController(own, template, scope.variables);
    const subject = node.id;
    if (this.#isExact) {
      const facts = { isAttempt, lastAttempt, isAnswered, wasRunning: run.wasRunning };
      const times = emissionsInArgo(node, look.workflow, facts);
      for (let time = 0; time < times; time++) this.#emit(metrics, scope, look, { subject });
      return;
    }
    // What a person ended is not counted, but its realtime gauges end.
    const realtimeOnly = isAnswered && own === node && !isAttempt;
    this.#emit(metrics, scope, look, { subject, realtimeOnly, omitsRealtime: isAttempt });
  }

  #reportNode(node: WorkflowNode, look: Look): void {
    const emission = this.#emissionOf(node, look, true);
    if (emission)
      this.#emit(emission.metrics, emission.scope, look, { subject: node.id, realtimeOnly: true });
  }

  #emit(
    metrics: MetricsBlock,
    scope: WorkflowMetricScope,
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
    const { workflow, work, diagnostics } = look;
    const found = templateMetricsOf(node, workflow);
    if (!found) return undefined;
    if (found === 'unknown') {
      if (realtimeOnly || !work.tells()) return undefined;
      const path = `status.nodes[${JSON.stringify(node.id)}]`;
      const message = `the template of node '${node.name}' is not in the object; its metrics are not recorded`;
      this.#report({ code: 'TEMPLATE_NOT_FOUND', severity: 'warning', path, message }, diagnostics);
      return undefined;
    }
    const metrics = this.#cache.compile(found.metrics, found.path, diagnostics, work);
    // Its variables are the dearest part.
    if ((realtimeOnly ? metrics.realtime : metrics.all).length === 0) return undefined;
    const { template, loop } = found;
    const around = found.around.map(each => look.attempts.of(each)?.parent ?? each);
    return {
      metrics,
      template,
      scope: look.scope.of(node, { node, template, loop, around, retry: look.retryOf(node) }),
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

function isAfter(time: number | undefined, other: number | undefined): boolean {
  return time !== undefined && (other === undefined || time > other);
}

function hiddenNodesDiagnostic(name: string, why: 'offloaded' | 'unreadable'): Diagnostic {
  const reason = why === 'offloaded' ? 'are not in its object' : 'cannot be decompressed';
  const message = `the nodes of workflow '${name}' ${reason}; only its own metrics are recorded`;
  return { code: 'NODES_NOT_IN_OBJECT', severity: 'warning', path: 'status.nodes', message };
}
