// What was recorded since the last collection that arrived: read from this reader's plane. One per reader that shows a
// counter, histogram or gauge as delta; called from its thread.
import { MetricStoreError } from '../../errors.js';
import type { Clock } from '../../guard/guarded-clock.js';
import type { Region } from '../../memory/region.js';
import { hasRemovals, isRemoved, slotWord, usedAt } from '../../memory/tables.js';
import { readGauge } from '../../memory/totals.js';
import type { ResolvedOptions } from '../definition/store-options.js';
import type { InstrumentKind } from '../definition/stream.js';
import { mayBeHeld, type Series } from '../series/known-series.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import { HeldSeries, type GaugeSource } from './held-series.js';
import { Lives } from './lives.js';
import { PlaneLease, type LeaseNotes, type LeaseToken } from './plane-lease.js';
import { RunningClocks } from './running-clocks.js';
import type { SeriesValue, SeriesValues } from './series-values.js';
import type { SeriesWalk } from './series-walk.js';
import type { StreamPoints } from './stream-points.js';

export interface DeltaContext {
  readonly region: Region;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  /** Undefined: a reader takes a place of its own. */
  readonly heldLease: HeldLease | undefined;
}

/** A place that another thread holds for this one. */
export interface HeldLease {
  readonly token: LeaseToken;
  readonly notes: LeaseNotes;
}

export class DeltaReader {
  readonly #region: Region;
  readonly #values: SeriesValues;
  readonly #isShown: (kind: InstrumentKind) => boolean;
  readonly #lease: PlaneLease;
  readonly #clocks: RunningClocks;
  /** How many streams there were when the last collection began, at that of what is sealed, of what arrived. */
  #streamsBegun = 0;
  #streamsSealed = 0;
  #streamsArrived = 0;

  /** @throws MetricStoreError TOO_MANY_DELTA_READERS */
  constructor(
    { region, options, clock, heldLease }: DeltaContext,
    values: SeriesValues,
    isShown: (kind: InstrumentKind) => boolean,
  ) {
    const { shared, readerLeaseMillis: leaseMillis } = options;
    this.#region = region;
    this.#values = values;
    this.#isShown = isShown;
    this.#lease =
      heldLease === undefined
        ? PlaneLease.take(region, { now: clock.now(), leaseMillis, shared })
        : PlaneLease.inherit(region, heldLease.token, heldLease.notes);
    this.#clocks = new RunningClocks(region);
  }

  /** @param streams how many there were when the collection was asked for: what was registered since begins in its interval */
  begin(streams: number): void {
    this.#streamsBegun = streams;
  }

  /** @param until where the interval ends at least, Unix milliseconds. Returns false when the right was lost. */
  async read(walk: SeriesWalk, points: StreamPoints, at: number, until: number): Promise<boolean> {
    const sealed = this.#lease.seal(walk.right, until);
    if (sealed !== 'sealed') return sealed === 'empty';
    this.#streamsSealed = this.#streamsBegun;
    const written = this.#lease.plane.slots();
    const held = new HeldSeries(gaugesOf(this.#region));
    const lives = hasRemovals(this.#region) ? new Lives() : undefined;
    const show = (series: Series, value: SeriesValue): void =>
      points.pushSeries(series, this.#startOf(series.stream), value);
    const offer = (series: Series): void => {
      const { kind } = series.stream.definition;
      if (!this.#isShown(kind)) return;
      if (mayBeHeld(series.stream)) return held.offer(series);
      // What was added to a sum stays added; a gauge that was removed has no value.
      if (kind === 'GAUGE' && isRemoved(slotWord(this.#region, series.slot))) return;
      const value = this.#values.delta(series, this.#lease.plane, at);
      if (lives === undefined) show(series, value);
      else lives.add(series, value);
    };
    if (!(await walk.visitEvenRemoved(written, offer))) return false;
    if (this.#isShown('GAUGE') && !(await this.#clocks.visit(walk, new Set(written), offer))) return false;
    for (const series of held.shown()) show(series, this.#values.gauge(series, at));
    for (const { series, value } of lives?.shown() ?? []) show(series, value);
    return true;
  }

  /** When the last interval that was read ended, Unix milliseconds. */
  get until(): number {
    return this.#lease.interval.until;
  }

  /** Why this reader has no numbers any more, or undefined while it has its place. */
  lossOfPlace(): MetricStoreError | undefined {
    if (!this.#lease.isLost()) return undefined;
    return this.#lease.isReleased
      ? new MetricStoreError(
          'READER_SHUT_DOWN',
          'this delta reader was shut down, and has no numbers any more',
        )
      : new MetricStoreError(
          'TOO_MANY_DELTA_READERS',
          'this delta reader was idle for longer than readerLeaseMillis and lost its place',
        );
  }

  acknowledge(): void {
    this.#lease.acknowledge();
    this.#streamsArrived = this.#streamsSealed;
  }

  /** An exporter is about to have what was read last. */
  handOver(): void {
    this.#lease.handOver();
  }

  /** It said that it did not deliver. */
  takeBack(): void {
    this.#lease.takeBack();
  }

  close(): void {
    this.#lease.release();
  }

  /**
   * "The previous collection interval's timestamp, or the creation time of the instrument if this is the first collection
   * interval for the instrument": which a clock may have put behind its end.
   */
  #startOf({ index, startUnixMillis }: RegisteredStream): number {
    const { from, until } = this.#lease.interval;
    return index < this.#streamsArrived ? from : Math.min(Math.max(from, startUnixMillis), until);
  }
}

/** As they stand in shared memory. Under the right. */
function gaugesOf(region: Region): GaugeSource {
  return { gaugeAt: slot => readGauge(region, slot), usedAt: slot => usedAt(region, slot) };
}
