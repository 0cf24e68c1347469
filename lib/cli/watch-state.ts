// The state of `watch`: what its observer counted, and where its watch stands, on a disk before anybody is shown it.
//
// In this order: a `WatchState`; a store with its `clock`; metrics and an observer; `begin`, before the first collection and the
// first object, and before a reader of deltas is opened; `apply` around each event, with the position behind it, and around
// the end of a list; `shown` between each collection and its first byte; `close`. A cluster that was restored from a backup,
// whose list is older than the position: `apply` with `observer.forgetVersions()`, then the list.
import { isMetricStoreError, MetricStoreError } from '../errors.js';
import type { CustomMetrics } from '../argo/emit/custom-metrics.js';
import { FinishedWorkflows } from '../argo/observe/finished-workflows.js';
import type { WorkflowObserver } from '../argo/observe/workflow-observer.js';
import { liveState } from '../argo/state/live-state.js';
import { asConfigured, restoreState } from '../argo/state/restore-state.js';
import { StateFold, type FoldedState } from '../argo/state/state-fold.js';
import type { StateRecord } from '../argo/state/state-record.js';
import { StateRecorder } from '../argo/state/state-recorder.js';
import { snapshotOf, type StateToSave } from '../argo/state/state-snapshot.js';
import { SteadyClock } from '../argo/state/steady-clock.js';
import type { Clock } from '../guard/guarded-clock.js';
import { textOf } from '../guard/thrown.js';
import { Journal, type JournalFound } from '../journal/journal.js';
import { lastCut } from '../store/save.js';
import { coreOf, type StoreCore } from '../store/store-core.js';
import { monotonicMillis } from '../waiting.js';

/** What becomes of workflows that are there when nothing is known of what was counted. */
export type WhenLost =
  /** What is finished counts as counted. */
  | 'baseline'
  /** Everything is counted that is there. */
  | 'count'
  /** As `baseline` where there never was a state; one that cannot be used is an error. */
  | 'refuse';

export interface WatchStateOptions {
  readonly folder: string;
  /** What totals depend on: prefix, compatibility, the server. Other texts, other totals. */
  readonly identity: Readonly<Record<string, string>>;
  readonly whenLost: WhenLost;
  readonly clock: Clock;
  /** Gets what the disk said, each time, and what could not be given back. */
  readonly onError: (error: unknown) => void;
  /** Bytes behind a snapshot, at most. @defaultValue 16 MiB, at most 4 snapshots */
  readonly maxBytes?: number;
  /** What waits for a full disk, at most. @defaultValue 16 MiB */
  readonly maxPendingBytes?: number;
}

/** Whose state it is. */
export interface WatchParts {
  /** With the `clock` of the state; not collected yet. */
  readonly store: object;
  readonly customMetrics: CustomMetrics;
  readonly observer: WorkflowObserver;
}

export interface WatchStateFound {
  readonly outcome: 'none' | 'found' | 'lost';
  /** Why it is lost. */
  readonly detail: string | undefined;
  /** Where the watch goes on; undefined: with a list. */
  readonly position: string | undefined;
  readonly workflows: number;
  readonly series: number;
}

/** Between two snapshots that a disk did not take. */
const SNAPSHOT_PAUSE_MILLIS = 1000;
/** How often a snapshot is begun again because an event came in the middle of its cut. */
const SNAPSHOT_TRIES_MAX = 10;

export class WatchState {
  /** For the store: within an event it stands still. */
  readonly clock: Clock;
  readonly #clock: SteadyClock;
  readonly #options: WatchStateOptions;
  readonly #journal: Journal;
  #parts: (WatchParts & { readonly core: StoreCore }) | undefined;
  #recorder: StateRecorder | undefined;
  #position: string | undefined;
  /** Something is not in the journal, and only a snapshot brings it there. */
  #needsSnapshot = false;
  #snapshot: Promise<void> | undefined;
  #failedAt = -Infinity;
  #errors = 0;

  /** @throws MetricStoreError STATE_REFUSED */
  constructor(options: WatchStateOptions) {
    const { clock, folder, identity, ...rest } = options;
    this.#options = options;
    this.clock = this.#clock = new SteadyClock(clock);
    this.#journal = new Journal({
      ...rest,
      folder,
      identity: JSON.stringify(Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1))),
      onError: error => this.#failed(error),
    });
  }

  /** Of the disk. */
  get errors(): number {
    return this.#errors;
  }

  get bytes(): number {
    return this.#journal.bytes;
  }

  /**
   * Takes the folder over, and gives the parts back what they had. From then on what they do is written.
   *
   * @throws MetricStoreError STATE_REFUSED, RESTORE_TOO_LATE
   */
  async begin(parts: WatchParts): Promise<WatchStateFound> {
    const core = coreOf(parts.store);
    // The time at which all of it is there again.
    this.#clock.stop();
    try {
      return await this.#begin({ ...parts, core }, this.#clock.now());
    } finally {
      this.#clock.go();
    }
  }

  async #begin(parts: WatchParts & { readonly core: StoreCore }, at: number): Promise<WatchStateFound> {
    const { core } = parts;
    let folded = this.#fresh(parts, at);
    let result: Pick<WatchStateFound, 'outcome' | 'detail'> = { outcome: 'none', detail: undefined };
    await this.#journal.begin(async found => {
      const restored = await this.#fold(found, parts, at);
      if (typeof restored !== 'string') {
        folded = asConfigured(restored, parts);
        result = { outcome: found.outcome, detail: undefined };
        return { records: textsOf(folded), isLost: false };
      }
      if (this.#options.whenLost === 'refuse')
        throw new MetricStoreError(
          'STATE_REFUSED',
          `the state in ${this.#options.folder} cannot be used, and whenLost is refuse: ${restored}`,
        );
      folded = this.#fresh(parts, at);
      result = { outcome: 'lost', detail: restored };
      return { records: textsOf(folded), isLost: true };
    });
    restoreState(folded, parts, error => this.#failed(error));
    this.#position = folded.position;
    this.#parts = parts;
    this.#recorder = new StateRecorder({
      core,
      clock: this.#clock,
      write: record => this.#write(record),
      failed: error => {
        this.#needsSnapshot = true;
        this.#failed(error);
      },
    });
    parts.customMetrics.target.logged.log = this.#recorder;
    parts.observer.logTo(this.#recorder);
    return {
      ...result,
      position: folded.position,
      workflows: folded.workflows.size + folded.finished.size,
      series: folded.streams.reduce((sum, { series }) => sum + series.length, 0),
    };
  }

  /** Where the watch goes on after a restart. */
  get position(): string | undefined {
    return this.#position;
  }

  /**
   * What happens in `act` and the position behind it are there together, or not at all. In one turn: `act` must not wait.
   */
  apply<Result>(position: string | undefined, act: () => Result): Result {
    const recorder = this.#recorder;
    recorder?.begin();
    try {
      return act();
    } finally {
      if (position !== undefined && position !== this.#position) {
        this.#position = position;
        recorder?.moved(position);
      }
      recorder?.end();
    }
  }

  /**
   * Between a collection and the first byte of it that anybody gets. False: the disk does not take it, so it must not be
   * shown.
   *
   * @throws MetricStoreError STATE_TAKEN: another process goes on with these counts
   */
  async shown(): Promise<boolean> {
    this.#recorder?.cut();
    if (this.#needsSnapshot || this.#journal.wantsSnapshot) await this.#takeSnapshot();
    const result = await this.#journal.sync();
    if (result === 'taken')
      throw new MetricStoreError('STATE_TAKEN', `another process has the state in ${this.#options.folder}`);
    return result === 'durable' && !this.#needsSnapshot;
  }

  /** What was written is on the disk, if that takes it. Nothing is written any more. */
  async close(): Promise<void> {
    await this.#snapshot;
    await this.#journal.sync();
    if (this.#parts !== undefined) delete this.#parts.customMetrics.target.logged.log;
    this.#parts?.observer.logTo(undefined);
    this.#recorder = undefined;
    this.#journal.close();
  }

  /** Text: why there is no state. */
  async #fold(
    found: JournalFound,
    parts: WatchParts & { readonly core: StoreCore },
    at: number,
  ): Promise<FoldedState | string> {
    if (found.outcome === 'none') return this.#fresh(parts, at);
    if (found.outcome === 'lost') return `${found.reason}: ${found.detail}`;
    const fold = new StateFold(parts.core, { isExact: parts.customMetrics.argoCompatibility === 'exact' });
    try {
      for (const record of found.records()) await fold.take(JSON.parse(record) as StateRecord);
      return await fold.finish(at);
    } catch (error) {
      if (isMetricStoreError(error) && error.code === 'MEMORY_UNAVAILABLE') throw error;
      return `it cannot be read: ${textOf(error)}`;
    } finally {
      fold.close();
    }
  }

  /** With a baseline that has nothing in it, the first list is counted. */
  #fresh({ customMetrics }: WatchParts, at: number): FoldedState {
    return {
      ...{ streams: [], held: [], workflows: new Map(), gone: new Map() },
      ...{ finished: new FinishedWorkflows(), forgottenUntil: -Infinity },
      hasBaseline: this.#options.whenLost === 'count',
      position: undefined,
      holder: customMetrics.target.holder,
      ...{ cutAt: 0, at },
    };
  }

  #write(record: StateRecord): void {
    this.#journal.append(JSON.stringify(record));
    if (this.#journal.wantsSnapshot) void this.#takeSnapshot();
  }

  #takeSnapshot(): Promise<void> {
    if (monotonicMillis() - this.#failedAt < SNAPSHOT_PAUSE_MILLIS) return Promise.resolve();
    return (this.#snapshot ??= this.#trySnapshot().finally(() => (this.#snapshot = undefined)));
  }

  async #trySnapshot(): Promise<void> {
    try {
      for (let tries = 0; tries < SNAPSHOT_TRIES_MAX; tries++) {
        const core = this.#parts?.core;
        if (core === undefined || core.hasEnded) return;
        const { value } = await core.cuts.request(() => (this.#replace() ? 'done' : 'again'));
        if (value === 'done') return;
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Under the right. False: something was recorded since the cut, which is not in the totals. */
  #replace(): boolean {
    const [parts, recorder] = [this.#parts, this.#recorder];
    if (parts === undefined || recorder === undefined) return true;
    if (recorder.isInside || recorder.epoch === lastCut(parts.core).epoch) return false;
    if (this.#journal.replace(textsOf(liveState(parts.core, parts, this.#position)))) {
      recorder.restart();
      this.#needsSnapshot = false;
    } else this.#failedAt = monotonicMillis();
    return true;
  }

  #failed(error: unknown): void {
    this.#errors++;
    this.#options.onError(error);
  }
}

function* textsOf(state: StateToSave): Generator<string, void, undefined> {
  for (const record of snapshotOf(state)) yield JSON.stringify(record);
}
