// Step 1 of an emission: which Workflow objects tell something new, and which of them are gone.
import { BoundedMap } from '../../guard/bounded-map.js';
import { hasMethod, readOptions, refuseOption } from '../../guard/option-checks.js';
import { textOf } from '../../guard/thrown.js';
import type { CustomMetrics } from '../emit/custom-metrics.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { FinishedWorkflows } from './finished-workflows.js';
import { isRecord } from '../../guard/json-value.js';
import { MetricsCache } from './metrics-cache.js';
import { SharedObjects } from './shared-objects.js';
import { isFinal, readWorkflow } from '../workflow/workflow-object.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';
import { newestTimeOf } from '../workflow/workflow-times.js';
import type { ObserverState } from './observer-state.js';
import type { ObserverLog, TrackerState } from './tracker-state.js';
import { WorkflowTracker } from './workflow-tracker.js';

/** One event of a Kubernetes watch of Workflows. */
export interface WorkflowEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: unknown;
}

/** Characters of a wrong type that a message shows. */
const TYPE_SHOWN_MAX = 40;

/** Characters that a message shows of what a getter threw. */
const REASON_SHOWN_MAX = 200;

/** What reading throws that goes as deep as the object. */
const STACK_ENDS = /^RangeError: Maximum call stack size exceeded/;

/** Deleted workflows whose late events are recognised. */
const DELETED_MAX = 10_000;

/** Workflows that are over, and still there, of which is known what was counted. */
export const FINISHED_MAX = 200_000;

/** Forgotten behind one object, at most: some milliseconds. There are more when fewer may be kept than before. */
const FORGOTTEN_AT_ONCE_MAX = 500;

/** The clock of who writes workflows may be before this one. */
const CLOCKS_APART_MILLIS = 3_600_000;

/** A list whose objects are being taken. */
interface ListInWork {
  readonly isBaseline: boolean;
  /** UIDs of what is in it, or came as an event meanwhile. */
  readonly present: Set<string>;
  /** Something in it could not be read. */
  hasUnknown: boolean;
}

/**
 * Turns Workflow objects into emissions of the metrics that they declare. Holds no sockets: who has objects hands them in.
 *
 * Belongs to the thread of its `customMetrics`, which should have no other observer: each counts what it sees. Events that are
 * delivered twice, or older than what was seen, count once.
 * An older version that shows later times than any before comes from a cluster that was restored from a backup: it counts,
 * without what was counted before.
 * Of 200,000 workflows that are over it is known what was counted. Of more, those that ended first are forgotten: what ended
 * by then, and was not seen before, counts as counted.
 * What cannot be recorded or read is returned, and given to the `onDiagnostic` of `customMetrics`.
 *
 * @example
 * const observer = new WorkflowObserver({ customMetrics });
 * for (const line of lines) observer.observe(JSON.parse(line));
 */
export class WorkflowObserver {
  readonly #customMetrics: CustomMetrics;
  readonly #cache: MetricsCache;
  readonly #shared = new SharedObjects();
  readonly #trackers = new Map<string, WorkflowTracker>();
  /** Those that are over have no tracker, but for what bytes cannot hold. */
  #finished = new FinishedWorkflows();
  #finishedMax = FINISHED_MAX;
  /** The newest time that one showed that was forgotten. */
  #forgottenUntil = -Infinity;
  #forgotten = 0;
  #lost = 0;
  /** UIDs of what is gone, with the newest time that it showed. */
  readonly #deleted = new BoundedMap<string, number>(DELETED_MAX);
  #hasBaseline = false;
  /** Those that still come. */
  readonly #lists = new Set<ListInWork>();
  #log: ObserverLog | undefined;

  /** @throws MetricStoreError INVALID_OPTION */
  constructor(options: { customMetrics: CustomMetrics }) {
    const { customMetrics } = readOptions<{ customMetrics: CustomMetrics }>(
      'the options of WorkflowObserver',
      options,
      { customMetrics: true },
    );
    if (!['compile', 'complete', 'delete'].every(method => hasMethod(customMetrics, method)))
      refuseOption('customMetrics', 'a CustomMetrics', customMetrics);
    this.#customMetrics = customMetrics;
    this.#cache = new MetricsCache(customMetrics);
  }

  /**
   * Takes a complete list. The first one is the baseline: what is already finished is not emitted again, running
   * realtime gauges come back. A later one follows a gap in the watch: what was missed is emitted once, and workflows
   * that are not in it count as deleted.
   *
   * A list that comes in pages is an async iterable of its objects, of which none is kept. Events may come meanwhile:
   * a workflow that they show is not missing in the list. The promise is never rejected; it waits for the iterable as long
   * as that takes.
   */
  sync(objects: Iterable<unknown>): readonly Diagnostic[];
  sync(objects: AsyncIterable<unknown>): Promise<readonly Diagnostic[]>;
  sync(
    objects: Iterable<unknown> | AsyncIterable<unknown>,
  ): readonly Diagnostic[] | Promise<readonly Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    if (hasIterator(objects, Symbol.iterator)) {
      const list = this.#beginList();
      const isRead = this.#attempt('the list of workflows', diagnostics, () => {
        for (const object of objects as Iterable<unknown>) this.#takeOf(list, object, diagnostics);
      });
      this.#endList(list, isRead);
    } else if (hasIterator(objects, Symbol.asyncIterator))
      return this.#syncAsync(objects as AsyncIterable<unknown>, diagnostics);
    else this.#invalid('the list of workflows is no list', diagnostics);
    return diagnostics;
  }

  /** Takes one watch event. Of a workflow never seen before, everything that is finished is emitted. */
  observe(event: WorkflowEvent): readonly Diagnostic[] {
    const diagnostics: Diagnostic[] = [];
    this.#attempt('the event', diagnostics, () => this.#takeEvent(event, diagnostics));
    return diagnostics;
  }

  /** @internal From now on this one hears what is remembered. */
  logTo(log: ObserverLog | undefined): void {
    this.#log = log;
  }

  /** @internal Another number of those that are over. @param max at least 1 */
  keepFinished(max: number): void {
    this.#finishedMax = max;
  }

  /** @internal How many of those that are over were forgotten, because there were too many. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** @internal How many were gone from a list that had not ended when they were seen last. */
  get lost(): number {
    return this.#lost;
  }

  /** @internal Between two objects. */
  save(): ObserverState {
    return {
      hasBaseline: this.#hasBaseline,
      workflows: mapped(this.#trackers, tracker => tracker.save()),
      finished: this.#finished,
      gone: this.#deleted,
      forgottenUntil: this.#forgottenUntil,
    };
  }

  /** @internal Of those that still exist. */
  count(): { running: number; finished: number } {
    let finished = 0;
    for (const tracker of this.#trackers.values()) if (tracker.hasEnded) finished++;
    return { running: this.#trackers.size - finished, finished: this.#finished.size + finished };
  }

  /** @internal What an observer of another process remembered, before the first object. */
  restore({ hasBaseline, workflows, finished, gone, forgottenUntil }: ObserverState): void {
    this.#hasBaseline = hasBaseline;
    this.#finished = finished;
    this.#forgottenUntil = forgottenUntil;
    for (const [uid, state] of workflows) this.#trackers.set(uid, this.#trackerOf(state));
    for (const [uid, newestTime] of gone) this.#deleted.renew(uid, newestTime);
  }

  /**
   * @internal For a cluster that was restored from a backup, before its list is taken: what it shows is looked at whatever
   * its version is, and what was counted is not counted again.
   */
  forgetVersions(): void {
    this.#log?.begin();
    for (const uid of [...this.#trackers.keys(), ...this.#finished.uids()]) {
      const tracker = this.#known(uid);
      if (tracker) this.#change(uid, tracker, () => this.#keep(uid, tracker, () => tracker.forgetVersions()));
    }
    this.#log?.end();
  }

  async #syncAsync(
    objects: AsyncIterable<unknown>,
    diagnostics: Diagnostic[],
  ): Promise<readonly Diagnostic[]> {
    const list = this.#beginList();
    let isRead = false;
    try {
      for await (const object of objects) this.#takeOf(list, object, diagnostics);
      isRead = true;
    } catch (error) {
      this.#unreadable('the list of workflows', error, diagnostics);
    }
    this.#endList(list, isRead);
    return diagnostics;
  }

  #beginList(): ListInWork {
    const list = { isBaseline: !this.#hasBaseline, present: new Set<string>(), hasUnknown: false };
    this.#lists.add(list);
    return list;
  }

  #takeOf(list: ListInWork, object: unknown, diagnostics: Diagnostic[]): void {
    const take = (): void => this.#take(object, list, diagnostics);
    if (!this.#attempt('an object of the list', diagnostics, take)) list.hasUnknown = true;
  }

  #endList(list: ListInWork, isRead: boolean): void {
    this.#lists.delete(list);
    if (isRead && !this.#hasBaseline) {
      this.#hasBaseline = true;
      this.#log?.baseline();
    }
    // What could not be read may be any of those that are missing.
    if (!isRead || list.hasUnknown) return;
    const missing: string[] = [];
    for (const uids of [this.#trackers.keys(), this.#finished.uids()])
      for (const uid of uids) if (!list.present.has(uid)) missing.push(uid);
    for (const uid of missing) {
      // It ended, or was deleted, and nobody saw how.
      if (this.#trackers.get(uid)?.hasEnded === false) this.#lost++;
      this.#delete(uid);
    }
  }

  /** Notes the workflow as present before anything else of it is read. */
  #take(object: unknown, list: ListInWork, diagnostics: Diagnostic[]): void {
    const workflow = readWorkflow(object);
    if (!workflow) {
      this.#invalid('an object of the list is no Workflow with a name and a uid', diagnostics);
      return;
    }
    list.present.add(workflow.uid);
    this.#look(workflow, list.isBaseline, diagnostics);
  }

  #takeEvent(event: unknown, diagnostics: Diagnostic[]): void {
    const type = isRecord(event) ? event['type'] : undefined;
    const workflow = isRecord(event) ? readWorkflow(event['object']) : undefined;
    if (!workflow) this.#invalid('the object of the event is no Workflow with a name and a uid', diagnostics);
    else if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') {
      const got = typeof type === 'string' ? `'${type.slice(0, TYPE_SHOWN_MAX)}'` : `a ${typeof type}`;
      this.#invalid(`the type of the event is ${got}, not ADDED, MODIFIED or DELETED`, diagnostics);
    } else {
      this.#log?.begin();
      try {
        this.#look(workflow, false, diagnostics);
      } finally {
        if (type === 'DELETED') this.#delete(workflow.uid);
        this.#log?.end();
      }
    }
  }

  /** Reads what may be made of getters and proxies. False when one of them threw, which is told. */
  #attempt(what: string, diagnostics: Diagnostic[], read: () => void): boolean {
    try {
      read();
      return true;
    } catch (error) {
      this.#unreadable(what, error, diagnostics);
      return false;
    }
  }

  #unreadable(what: string, error: unknown, diagnostics: Diagnostic[]): void {
    const text = textOf(error);
    const reason = STACK_ENDS.test(text) ? 'it is nested too deeply' : text.slice(0, REASON_SHOWN_MAX);
    this.#invalid(`${what} cannot be read: ${reason}`, diagnostics);
  }

  #invalid(message: string, diagnostics: Diagnostic[]): void {
    const diagnostic: Diagnostic = { code: 'OBJECT_INVALID', severity: 'error', path: '', message };
    diagnostics.push(this.#customMetrics.report(diagnostic));
  }

  #look(workflow: WorkflowObject, isBaseline: boolean, diagnostics: Diagnostic[]): void {
    const { uid } = workflow;
    for (const list of this.#lists) list.present.add(uid);
    // Most of a list are over, and nothing is new about them.
    if (this.#finished.isLatest(uid, workflow.resourceVersion)) return;
    const known = this.#known(uid);
    if (known?.hasSeen(workflow)) return;
    const newestTime = newestTimeOf(workflow) ?? -Infinity;
    // UIDs are never given twice, so nothing new can come of one that was deleted, unless the cluster was restored from a
    // backup. Then what happens from now on is new.
    const deletedWith = this.#deleted.get(uid);
    if (deletedWith !== undefined && newestTime <= deletedWith) return;
    // It may be one of those that were forgotten.
    const isForgotten = !known && this.#forgottenUntil > -Infinity;
    if (isForgotten && isFinal(workflow) && newestTime <= this.#forgottenUntil) return;
    const tracker = known ?? new WorkflowTracker(this.#customMetrics, this.#cache, this.#shared);
    const seenUntil = deletedWith ?? (isForgotten ? this.#forgottenUntil : undefined);
    const knownUntil = known ? undefined : isBaseline ? Infinity : seenUntil;
    this.#change(uid, known, () => {
      this.#deleted.delete(uid);
      this.#keep(uid, tracker, () => tracker.look(workflow, knownUntil, diagnostics));
    });
  }

  #known(uid: string): WorkflowTracker | undefined {
    const tracker = this.#trackers.get(uid);
    if (tracker) return tracker;
    const state = this.#finished.get(uid);
    return state && this.#trackerOf(state);
  }

  #trackerOf(state: TrackerState): WorkflowTracker {
    const tracker = new WorkflowTracker(this.#customMetrics, this.#cache, this.#shared);
    tracker.restore(state);
    return tracker;
  }

  /** While something changes it is a tracker; when it is over then, it is bytes. */
  #keep(uid: string, tracker: WorkflowTracker, change: () => void): void {
    this.#trackers.set(uid, tracker);
    try {
      change();
    } finally {
      // A listener may have handed in another object of it.
      if (!tracker.isLooking && this.#trackers.get(uid) === tracker)
        if (this.#finished.set(uid, tracker.save())) this.#trackers.delete(uid);
    }
  }

  #delete(uid: string): void {
    const known = this.#known(uid);
    this.#change(uid, known, () => {
      this.#customMetrics.delete(uid);
      const newestTime = known?.newestTime ?? this.#deleted.get(uid) ?? -Infinity;
      this.#trackers.delete(uid);
      this.#finished.delete(uid);
      this.#deleted.renew(uid, newestTime);
    });
  }

  /** Whatever a look throws, what it has remembered until then stays. */
  #change(uid: string, known: WorkflowTracker | undefined, change: () => void): void {
    const log = this.#log;
    log?.begin();
    try {
      log?.before(uid, () => known?.save());
      change();
    } finally {
      log?.after(uid, this.#known(uid)?.save() ?? { goneAt: this.#deleted.get(uid) ?? -Infinity });
      this.#forgetTooMany();
      log?.end();
    }
  }

  #forgetTooMany(): void {
    const tooMany = Math.min(this.#finished.size - this.#finishedMax, FORGOTTEN_AT_ONCE_MAX);
    for (let count = 0; count < tooMany; count++) {
      const [uid] = this.#finished.uids();
      if (uid === undefined) return;
      const state = this.#finished.get(uid);
      // Whatever it says of itself: clocks are not so far apart.
      const latest = this.#customMetrics.clock.now() + CLOCKS_APART_MILLIS;
      const endedAt = Math.min(state?.newestTime ?? -Infinity, latest);
      this.#forgottenUntil = Math.max(this.#forgottenUntil, endedAt);
      this.#log?.before(uid, () => state);
      this.#finished.delete(uid);
      this.#forgotten++;
      this.#log?.after(uid, { forgottenUntil: this.#forgottenUntil });
    }
  }
}

function* mapped<Key, Value, Mapped>(
  map: Iterable<readonly [Key, Value]>,
  to: (value: Value) => Mapped,
): Generator<[Key, Mapped], void, undefined> {
  for (const [key, value] of map) yield [key, to(value)];
}

/** The caller may be JavaScript, and a string is a list of characters. */
function hasIterator(value: unknown, iterator: symbol): boolean {
  try {
    return typeof value === 'object' && value !== null && iterator in value;
  } catch {
    return false; // A revoked proxy.
  }
}
