// One reader's view of the store: collects cuts in its own temporality, undisturbed by other readers, in this thread or
// in others. Called from the thread that opened it. What it shows is read by its parts: a delta reader, a cumulative
// reader, and what callbacks observed.
//
// The way of a collection, and what of it is shared with others of this thread:
// 1. *Callbacks* (observers.ts). They run for one reader: its calls join one that has not begun. Each waits until its own
//    deadline. What has not answered by then is named, and the collection goes on without it.
// 2. *The reader's turn*: from here on its calls come one after the other.
// 3. *The cut* (cut-queue.ts). Whoever is ready shares it: delta readers read their places, cumulative ones take one snapshot.
//    It comes behind the callbacks, so that it has what they saw recorded. Therefore those who wait for callbacks and those who
//    do not have no cut in common, and there is no one queue for all.
// 4. *Columns*, of the snapshot, without the right.
import { MetricStoreError } from '../../errors.js';
import type { Clock } from '../../guard/guarded-clock.js';
import { Turns } from '../../guard/turns.js';
import type { Region } from '../../memory/region.js';
import type { StatisticName } from '../../memory/statistics.js';
import type { CutResult, Swap } from '../../memory/swap.js';
import { monotonicMillis } from '../../waiting.js';
import type { ResolvedOptions } from '../definition/store-options.js';
import type {
  CollectedStream,
  Cut,
  InstrumentKind,
  StreamDefinition,
  Temporality,
} from '../definition/stream.js';
import type { SeriesCatalog } from '../series/series-catalog.js';
import type { RegisteredStream, StreamRegistry } from '../series/stream-registry.js';
import { ColumnSpaces, type ColumnSpace } from './column-space.js';
import { CumulativeReader } from './cumulative-reader.js';
import type { CutQueue } from './cut-queue.js';
import { DeltaReader, type HeldLease } from './delta-reader.js';
import { ObservedSeries } from './observed-series.js';
import type { ObservationRound, Observers } from './observers.js';
import { RightPace } from './right-pace.js';
import { SeriesValues } from './series-values.js';
import { SeriesWalk } from './series-walk.js';
import type { SnapshotInUse, Snapshots } from './snapshots.js';
import type { ValueKeeper } from './value-keeper.js';
import { StreamPoints } from './stream-points.js';
import { ZeroStart } from './zero-start.js';

const BANKED: readonly InstrumentKind[] = ['COUNTER', 'UP_DOWN_COUNTER', 'HISTOGRAM', 'GAUGE'];

const OBSERVED: readonly InstrumentKind[] = ['OBSERVABLE_COUNTER', 'OBSERVABLE_UP_DOWN_COUNTER'];

/** What a reader needs of the store of its thread. */
export interface CollectionContext {
  readonly region: Region;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly registry: StreamRegistry;
  readonly catalog: SeriesCatalog;
  readonly observers: Observers;
  readonly swap: Swap;
  readonly cuts: CutQueue;
  readonly snapshots: Snapshots;
  readonly valueKeeper: Pick<ValueKeeper, 'look'>;
  /** Where another thread holds a place of deltas for this one, which has one reader of deltas then. */
  readonly heldLease: HeldLease | undefined;
  count(name: StatisticName): void;
  /** Two threads observed a gauge with equal attributes. */
  overwritten(name: string): void;
  warn(cause: string, detail: string): void;
}

export interface ReadOptions {
  /** Streams to read; the others are drained all the same. @defaultValue all */
  readonly only?: ((definition: StreamDefinition) => boolean) | undefined;
}

export interface CollectOptions extends ReadOptions {
  /** Bound of waiting for observable callbacks, beside the store's callbackTimeoutMillis. */
  readonly timeoutMillis?: number | undefined;
}

/** A collection that was asked for, and what callbacks told it. */
export interface AskedRound extends ObservationRound {
  /** When it was asked for, Unix milliseconds. */
  readonly at: number;
  /** How many streams there were then. */
  readonly streams: number;
}

/** A collection whose numbers were read. */
interface Collected {
  readonly round: ObservationRound;
  /** Unix milliseconds. */
  readonly at: number;
  readonly only: (definition: StreamDefinition) => boolean;
  /** Undefined where nothing is cumulative. */
  readonly snapshot: SnapshotInUse | undefined;
}

/** What a collection showed, and where its columns stand. */
interface Shown {
  readonly streams: readonly CollectedStream[];
  readonly space?: ColumnSpace | undefined;
}

const NOTHING: Shown = { streams: [] };

const NOTHING_TO_RELEASE = (): void => undefined;

export class StoreReader {
  readonly #context: CollectionContext;
  readonly #temporalityOf: (stream: RegisteredStream) => Temporality;
  readonly #deltas: DeltaReader | undefined;
  readonly #totals: CumulativeReader | undefined;
  readonly #observed: ObservedSeries;
  /** Whether the intervals of this reader follow each other. */
  readonly #hasIntervals: boolean;
  /** Whether what callbacks tell is compared with what they told before, so must be read in the order in which it was told. */
  readonly #observesInOrder: boolean;
  /** When the last interval ended. The clock may go back, intervals do not. */
  #until = -Infinity;
  #commitObserved: (() => void) | undefined;
  /** A collection that could not get the right returned nothing that could arrive. */
  #hasResult = false;
  /** What a collection shows that could not get the right in time. */
  #previous: Shown = NOTHING;
  readonly #spaces = new ColumnSpaces();
  readonly #turns = new Turns();

  /**
   * @param zeroStartMillis cumulative counters and histograms that have had data for less are shown as 0
   * @throws MetricStoreError TOO_MANY_DELTA_READERS
   */
  constructor(
    context: CollectionContext,
    temporalityOf: (kind: InstrumentKind) => Temporality,
    zeroStartMillis = 0,
  ) {
    const { region, clock, options, registry } = context;
    const isDelta = (kind: InstrumentKind): boolean => temporalityOf(kind) === 'delta';
    const isCumulative = (kind: InstrumentKind): boolean => !isDelta(kind);
    const values = new SeriesValues(context);
    this.#context = context;
    this.#temporalityOf = stream => temporalityOf(stream.definition.kind);
    this.#hasIntervals = [...BANKED, ...OBSERVED].some(isDelta);
    this.#observesInOrder = OBSERVED.some(isDelta);
    if (BANKED.some(isDelta)) this.#deltas = new DeltaReader(context, values, isDelta);
    if (BANKED.some(isCumulative)) {
      const zeroStart = new ZeroStart(region, zeroStartMillis);
      this.#totals = new CumulativeReader(context, zeroStart, isCumulative);
    }
    this.#observed = new ObservedSeries(registry, {
      maxLabelValueLength: options.maxLabelValueLength,
      now: clock.now(),
      isSuccessor: (context.heldLease?.notes.progress.until ?? 0) > 0,
      onOverwritten: stream => context.overwritten(stream.definition.name),
      onSets: ({ index }, sets) => context.observers.lastSets.set(index, sets),
    });
  }

  /**
   * Waits for callbacks, then swaps the banks of all threads, drains them and reads. Never rejects because of a writer, another
   * collector or a callback: what is missing or stale is in `errors`. Calls of one reader are read one after the other; calls
   * of several readers of a thread in the same moment share one swap. Each call waits for callbacks as long as it says, also
   * beside others of the same reader; where deltas are observed, those have their whole turn one after the other.
   */
  async collect({ timeoutMillis, ...options }: CollectOptions = {}): Promise<Cut> {
    if (this.#observesInOrder)
      return this.#turns.take(async () => this.#read(await this.observe(timeoutMillis), options));
    return this.read(await this.observe(timeoutMillis), options);
  }

  /** What callbacks tell within a time, for `read`. Of a reader that observes deltas, `collect` does both in order. */
  async observe(timeoutMillis = Infinity): Promise<AskedRound> {
    const { observers, options, clock, registry } = this.#context;
    const [at, streams] = [clock.now(), registry.all().length];
    const limit = Math.min(timeoutMillis, options.callbackTimeoutMillis);
    return { ...(await observers.observe(limit, this)), at, streams };
  }

  /** A collection that has its observations: the rest of `collect`. */
  read(round: AskedRound, options: ReadOptions = {}): Promise<Cut> {
    return this.#turns.take(() => this.#read(round, options));
  }

  /** What the last collection returned has reached its destination; otherwise the next delta contains it again. */
  acknowledge(): void {
    if (!this.#hasResult) return;
    this.#deltas?.acknowledge();
    this.#commitObserved?.();
    this.#commitObserved = undefined;
  }

  /** An exporter is about to have what the last collection returned. */
  handOver(): void {
    if (this.#hasResult) this.#deltas?.handOver();
  }

  /** An exporter said that it did not deliver it. */
  takeBack(): void {
    if (this.#hasResult) this.#deltas?.takeBack();
  }

  /** What is collected next may be the last: from now on nothing is shown as 0 because it is young. */
  endZeroStart(): void {
    this.#totals?.endZeroStart();
  }

  /** Gives the place of a delta reader back. Idempotent. */
  close(): void {
    this.#deltas?.close();
  }

  async #read(round: AskedRound, { only = () => true }: ReadOptions): Promise<Cut> {
    const { region, catalog, cuts, snapshots, options } = this.#context;
    const { at, streams } = round;
    this.#deltas?.begin(streams);
    await catalog.readAhead();
    let snapshot: SnapshotInUse | undefined;
    try {
      const result = await cuts.request(async (right, isAgain) => {
        // What comes now may contain it again: it is too late to say that it arrived.
        this.#hasResult = false;
        snapshot?.giveBack();
        snapshot = undefined;
        // Nobody takes the right from who reads in one turn. Others wait for it.
        const turnsUntil = isAgain ? 0 : monotonicMillis() + options.stallDeadlineMillis / 2;
        const pace = new RightPace(region, right, turnsUntil);
        const points = new StreamPoints(this.#temporalityOf);
        const walk = new SeriesWalk(catalog, pace, only);
        const until = Math.max(at, this.#until);
        if ((await this.#deltas?.read(walk, points, at, until)) === false) return undefined;
        if (this.#totals === undefined) return points;
        snapshot = await snapshots.take(pace, this.#totals.parts());
        return snapshot === undefined ? undefined : points;
      });
      return await this.#handOut(result, { round, at, only, snapshot });
    } finally {
      snapshot?.giveBack();
      void this.#context.valueKeeper.look();
    }
  }

  /** Makes what was read into what is handed out, without the right. */
  async #handOut(result: CutResult<StreamPoints>, collected: Collected): Promise<Cut> {
    const { round, at, only } = collected;
    const { registry } = this.#context;
    const isFresh = result.value !== undefined;
    const points = result.value ?? new StreamPoints(this.#temporalityOf);
    const space = isFresh ? await this.#showTotals(points, collected) : this.#previous.space;
    const until = this.#endOfInterval(at);
    const observations = round.observations.filter(({ stream }) => only(registry.at(stream).definition));
    const isWhole = round.errors.length === 0;
    const observed = this.#observed.add({ observations, isWhole }, points, this.#temporalityOf, until);
    this.#commitObserved = observed.commit;
    const streams = isFresh ? points.streams() : this.#previous.streams;
    const release = space?.hold() ?? NOTHING_TO_RELEASE;
    if (isFresh) this.#keep({ streams, space });
    this.#hasResult = isFresh;
    const errors = [...round.errors, this.#stale(result), this.#deltas?.lossOfPlace()];
    return {
      atUnixMillis: until,
      streams,
      isStale: !isFresh,
      errors: errors.filter(error => error !== undefined),
      release,
    };
  }

  async #showTotals(
    points: StreamPoints,
    { snapshot, at, only }: Collected,
  ): Promise<ColumnSpace | undefined> {
    // Before new columns are made: they may stand where the old ones stood.
    this.#previous.space?.release();
    this.#previous = NOTHING;
    if (this.#totals === undefined || snapshot === undefined) return undefined;
    const space = this.#spaces.open();
    await this.#totals.read(snapshot, { at, space, only, points });
    this.#totals.end();
    snapshot.giveBack();
    return space;
  }

  /** For a collection that gets nothing new. What was observed as a delta is not shown twice. */
  #keep({ streams, space }: Shown): void {
    if (this.#deltas === undefined)
      this.#previous = { streams: streams.filter(({ temporality }) => temporality === 'cumulative'), space };
    else space?.release();
  }

  #endOfInterval(at: number): number {
    if (this.#hasIntervals) this.#until = Math.max(at, this.#until, this.#deltas?.until ?? at);
    return this.#hasIntervals ? this.#until : at;
  }

  #stale({ outcome, waitMillis }: CutResult<unknown>): MetricStoreError | undefined {
    if (outcome === 'fresh') return undefined;
    this.#context.count('stalledCuts');
    const waited = `${Math.round(waitMillis)} ms (stallDeadlineMillis ${this.#context.options.stallDeadlineMillis})`;
    return outcome === 'stalled'
      ? new MetricStoreError(
          'STALLED_WRITER',
          `a writer was suspended inside a record for ${waited}: these are the numbers of the previous cut`,
        )
      : new MetricStoreError(
          'COLLECT_TIMEOUT',
          `other collectors kept the right to collect for ${waited}: these are the numbers of the previous cut`,
        );
  }
}
