/*
 * One reader's view of the store: collects cuts in its own temporality, undisturbed by other readers, in this thread or
 * in others. Called from the thread that opened it.
 */
import { MetricStoreError } from '../../errors.js';
import { READ_STEPS } from '../../limits.js';
import { isExpired } from '../../memory/reclaim.js';
import type { Region } from '../../memory/region.js';
import type { StatisticName } from '../../memory/statistics.js';
import type { Swap } from '../../memory/swap.js';
import { readGauge, readHistogram, readSum } from '../../memory/totals.js';
import { LOST } from '../../memory/words.js';
import type { CutQueue } from './cut-queue.js';
import type { FirstSeen } from './first-seen.js';
import type { Clock } from '../../guard/guarded-clock.js';
import { HeldSeries } from './held-series.js';
import { ObservedSeries } from './observed-series.js';
import type { Observers } from './observers.js';
import { PlaneLease } from './plane-lease.js';
import { mayBeHeld, type Series, type SeriesCatalog } from '../series/series-catalog.js';
import type { ResolvedOptions } from '../definition/store-options.js';
import { StreamPoints } from './stream-points.js';
import type {
  CollectedStream,
  Cut,
  HistogramValue,
  InstrumentKind,
  StreamDefinition,
  Temporality,
} from '../definition/stream.js';
import type { RegisteredStream, StreamRegistry } from '../series/stream-registry.js';
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
  readonly firstSeen: FirstSeen;
  count(name: StatisticName): void;
  /** Two threads observed a gauge with equal attributes. */
  overwritten(name: string): void;
  warn(cause: string, detail: string): void;
}

export interface CollectOptions {
  /** Bound of waiting for observable callbacks, beside the store's callbackTimeoutMillis. */
  readonly timeoutMillis?: number | undefined;
  /** Streams to read; the others are drained all the same. @defaultValue all */
  readonly only?: ((definition: StreamDefinition) => boolean) | undefined;
}

export class StoreReader {
  readonly #core: CollectionContext;
  readonly #temporalityOfKind: (kind: InstrumentKind) => Temporality;
  readonly #temporalityOf: (stream: RegisteredStream) => Temporality;
  readonly #hasDelta: boolean;
  readonly #zeroStart: ZeroStart;
  readonly #lease: PlaneLease | undefined;
  readonly #observed: ObservedSeries;
  #commitObserved: (() => void) | undefined;
  /** A collection that could not get the right returned nothing that could arrive. */
  #hasResult = false;
  /** What a collection shows that could not get the right in time. */
  #previous: readonly CollectedStream[] = [];
  #running: Promise<unknown> = Promise.resolve();
  /** Delta readers: when the last interval ended. The clock may go back, intervals do not. */
  #until = -Infinity;
  /** Delta readers: how many streams there were when the last collection began, at that of what is sealed, of what arrived. */
  #streamsBegun = 0;
  #streamsSealed = 0;
  #streamsArrived = 0;
  /** Delta readers: slots of gauges that run. */
  #clocks: ReadonlySet<number> | undefined;

  /**
   * @param zeroStartMillis cumulative counters and histograms that have had data for less are shown as 0
   * @throws MetricStoreError TOO_MANY_DELTA_READERS
   */
  constructor(
    core: CollectionContext,
    temporalityOf: (kind: InstrumentKind) => Temporality,
    zeroStartMillis = 0,
  ) {
    const { region, clock, options } = core;
    this.#core = core;
    this.#temporalityOfKind = temporalityOf;
    this.#zeroStart = new ZeroStart(core.firstSeen, zeroStartMillis);
    this.#temporalityOf = stream => temporalityOf(stream.definition.kind);
    const isDelta = (kind: InstrumentKind): boolean => temporalityOf(kind) === 'delta';
    const needsPlane = BANKED.some(isDelta);
    this.#hasDelta = needsPlane || OBSERVED.some(isDelta);
    const { shared, readerLeaseMillis: leaseMillis } = options;
    if (needsPlane) this.#lease = PlaneLease.take(region, { now: clock.now(), leaseMillis, shared });
    this.#observed = new ObservedSeries(core.registry, options.maxLabelValueLength, clock.now(), stream =>
      core.overwritten(stream.definition.name),
    );
  }

  /**
   * Swaps the banks of all threads, drains them and reads. Never rejects because of a writer, another collector or a
   * callback: what is missing or stale is in `errors`. Calls of one reader run one after the other; calls of several
   * readers of a thread in the same moment share one swap.
   */
  collect(options: CollectOptions = {}): Promise<Cut> {
    const next = this.#running.then(() => this.#collect(options));
    this.#running = next.catch(() => undefined);
    return next;
  }

  /** What the last collection returned has reached its destination; otherwise the next delta contains it again. */
  acknowledge(): void {
    if (!this.#hasResult) return;
    this.#lease?.acknowledge();
    this.#streamsArrived = this.#streamsSealed;
    this.#commitObserved?.();
    this.#commitObserved = undefined;
  }

  /** Gives the place of a delta reader back. Idempotent. */
  close(): void {
    this.#lease?.release();
  }

  async #collect(options: CollectOptions): Promise<Cut> {
    const core = this.#core;
    const at = core.clock.now();
    this.#streamsBegun = core.registry.all().length;
    // What comes now may contain it again: it is too late to say that it arrived.
    this.#hasResult = false;
    const errors: Error[] = [];
    const { callbackTimeoutMillis } = core.options;
    const round = await core.observers.observe(
      Math.min(options.timeoutMillis ?? callbackTimeoutMillis, callbackTimeoutMillis),
    );
    for (const error of round.errors) errors.push(error);
    const only = (definition: StreamDefinition): boolean => options.only?.(definition) ?? true;
    const ahead = core.catalog.readAhead();
    if (ahead !== undefined) await ahead;
    const result = await core.cuts.request(right => this.#read(right, at, only));
    if (result.outcome !== 'fresh') errors.push(this.#stale(result.outcome, result.waitMillis));
    if (this.#lease?.isLost() === true) errors.push(withoutPlace(this.#lease));
    const points = result.value ?? new StreamPoints(this.#temporalityOf);
    if (this.#hasDelta) this.#until = Math.max(at, this.#until, this.#lease?.interval.until ?? at);
    const until = this.#hasDelta ? this.#until : at;
    const { commit } = this.#observed.add(
      round.observations.filter(({ stream }) => only(core.registry.at(stream).definition)),
      points,
      this.#temporalityOf,
      until,
    );
    this.#hasResult = result.value !== undefined;
    if (this.#hasResult) this.#zeroStart.end();
    this.#commitObserved = commit;
    const streams = result.value === undefined ? this.#previous : points.streams();
    if (this.#lease === undefined) this.#previous = streams;
    return { atUnixMillis: until, streams, isStale: !this.#hasResult, errors };
  }

  #stale(outcome: 'stalled' | 'busy', waitMillis: number): MetricStoreError {
    this.#core.count('stalledCuts');
    const waited = `${Math.round(waitMillis)} ms (stallDeadlineMillis ${this.#core.options.stallDeadlineMillis})`;
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

  /** Under the right. Undefined when it was lost. */
  #read(
    right: number,
    at: number,
    only: (definition: StreamDefinition) => boolean,
  ): StreamPoints | undefined {
    const points = new StreamPoints(this.#temporalityOf);
    const catalog = this.#core.catalog;
    let steps = 0;
    const visit = (slots: Iterable<number>, read: (series: Series) => void): boolean => {
      for (const slot of slots) {
        if (++steps % READ_STEPS === 0 && this.#core.region.kernel.beat(right) === LOST) return false;
        const series = catalog.at(slot);
        if (series !== undefined && only(series.stream.definition)) read(series);
      }
      return true;
    };
    if (
      this.#lease !== undefined &&
      !this.#lease.isLost() &&
      !this.#readDelta(this.#lease, right, at, points, visit)
    )
      return undefined;
    const everythingIsDelta = BANKED.every(kind => this.#isDelta(kind));
    if (everythingIsDelta) return points;
    const held = new HeldSeries(this.#core.region);
    this.#zeroStart.begin();
    const show = (series: Series, isLast = false): void => {
      const value = this.#zeroStart.shown(series, this.#total(series, at), isLast);
      this.#push(points, series, series.startUnixMillis, value);
    };
    const cumulative = (series: Series): void => {
      if (this.#isDelta(series.stream.definition.kind)) return;
      const isLast = isExpired(this.#core.region, series.slot, at);
      if (isLast && !this.#zeroStart.isOwed(series)) return;
      if (mayBeHeld(series.stream)) held.offer(series);
      else show(series, isLast);
    };
    if (!visit(catalog.slots(), cumulative)) return undefined;
    for (const series of held.shown()) show(series);
    return points;
  }

  #readDelta(
    lease: PlaneLease,
    right: number,
    at: number,
    points: StreamPoints,
    visit: (slots: Iterable<number>, read: (series: Series) => void) => boolean,
  ): boolean {
    const sealed = lease.seal(right, Math.max(at, this.#until));
    if (sealed !== 'sealed') return sealed === 'empty';
    this.#streamsSealed = this.#streamsBegun;
    const slots = lease.plane.slots();
    const held = new HeldSeries(this.#core.region);
    const show = (series: Series, value: number | HistogramValue | undefined): void =>
      this.#push(points, series, this.#begin(lease, series.stream), value);
    const push = (series: Series, value: number | HistogramValue | undefined): void =>
      mayBeHeld(series.stream) ? held.offer(series) : show(series, value);
    const touched = (series: Series): void => {
      if (this.#isDelta(series.stream.definition.kind)) push(series, this.#delta(lease, series, at));
    };
    if (!visit(slots, touched)) return false;
    if (this.#isDelta('GAUGE') && !this.#readClocks(new Set(slots), push, at, visit)) return false;
    for (const series of held.shown()) show(series, this.#gauge(series, at));
    return true;
  }

  /**
   * "The previous collection interval's timestamp, or the creation time of the instrument if this is the first collection
   * interval for the instrument": which a clock may have put behind its end.
   */
  #begin({ interval: { from, until } }: PlaneLease, { index, startUnixMillis }: RegisteredStream): number {
    return index < this.#streamsArrived ? from : Math.min(Math.max(from, startUnixMillis), until);
  }

  /** A running clock has a new value at each collection, although nobody wrote it. */
  #readClocks(
    written: ReadonlySet<number>,
    push: (series: Series, value: number | undefined) => void,
    at: number,
    visit: (slots: Iterable<number>, read: (series: Series) => void) => boolean,
  ): boolean {
    const runs = (slot: number): boolean => readGauge(this.#core.region, slot)?.kind === 'elapsed';
    // Whoever started before this reader was opened is looked for once; later ones were written since.
    const candidates =
      this.#clocks === undefined ? this.#core.catalog.slots() : [...this.#clocks, ...written];
    const clocks = new Set<number>();
    const read = (series: Series): void => {
      if (series.stream.definition.kind !== 'GAUGE' || !runs(series.slot) || clocks.has(series.slot)) return;
      clocks.add(series.slot);
      if (!written.has(series.slot)) push(series, this.#gauge(series, at));
    };
    if (!visit(candidates, read)) return false;
    this.#clocks = clocks;
    return true;
  }

  #isDelta(kind: InstrumentKind): boolean {
    return this.#lease !== undefined && this.#temporalityOfKind(kind) === 'delta';
  }

  #push(
    points: StreamPoints,
    series: Series,
    startUnixMillis: number,
    value: number | HistogramValue | undefined,
  ): void {
    if (value !== undefined)
      points.push(series.stream, { attributes: series.attributes, startUnixMillis, value });
  }

  #total(series: Series, at: number): number | HistogramValue | undefined {
    const { kind, boundaries } = series.stream.definition;
    if (kind === 'HISTOGRAM')
      return readHistogram(this.#core.region, series.histogram, boundaries.length + 1);
    return kind === 'GAUGE'
      ? this.#gauge(series, at)
      : this.#sum(series, readSum(this.#core.region, series.slot));
  }

  #delta(lease: PlaneLease, series: Series, at: number): number | HistogramValue | undefined {
    const { kind, boundaries } = series.stream.definition;
    if (kind === 'HISTOGRAM') return lease.plane.readHistogram(series.histogram, boundaries.length + 1);
    return kind === 'GAUGE' ? this.#gauge(series, at) : this.#sum(series, lease.plane.readSum(series.slot));
  }

  #sum({ stream }: Series, value: number | undefined): number | undefined {
    if (Math.abs(value ?? 0) === Number.MAX_VALUE)
      this.#core.warn(
        'saturated',
        `a sum of ${stream.definition.name} was cut off at the largest number there is`,
      );
    return value;
  }

  #gauge(series: Series, at: number): number | undefined {
    const gauge = readGauge(this.#core.region, series.slot);
    if (gauge === undefined) return undefined;
    if (gauge.kind !== 'elapsed') return gauge.value;
    // A start in the future, by another thread's clock, is no time at all and not a negative one.
    const seconds = Math.max(0, (at - gauge.value) / 1000);
    return series.stream.definition.valueType === 0 ? Math.trunc(seconds) : seconds;
  }
}

function withoutPlace({ isReleased }: PlaneLease): MetricStoreError {
  return isReleased
    ? new MetricStoreError('READER_SHUT_DOWN', 'this delta reader was shut down, and has no numbers any more')
    : new MetricStoreError(
        'TOO_MANY_DELTA_READERS',
        'this delta reader was idle for longer than readerLeaseMillis and lost its place',
      );
}
