// Delta readers that come and go while others drain: the shipped lease, of a store with one place, so that readers share
// it one after the other. What a reader is shown is made of whole cuts, from the first one after it opened; nothing of it
// is torn, doubled or another reader's. A reader that collects in time keeps its place.
import { explicitHistogram, SUM } from '../../../lib/memory/aggregation.js';
import type { HistogramCells } from '../../../lib/memory/totals.js';
import { Violation, type Exploration } from '../explorer.js';
import type { Bounds, Ghost, ModelThread, Program, Step } from '../model-thread.js';
import { ModelStore, recordsIn, valueOf } from '../model-store.js';
import type { ShippedSources } from '../shipped-sources.js';
import { recordsOfHistogram, BOUNDARY, BUCKETS } from './histogram.js';

export interface ReaderBounds extends Bounds {
  /** It has its place before the scenario begins. */
  readonly isOpen?: boolean;
  readonly collects: number;
  readonly closes?: boolean;
  /** Its time when it opens, and when it collects; a reader that last collected more than LEASE before is idle. */
  readonly opensAt?: number;
  readonly collectsAt?: number;
  /** Whether exports may fail. */
  readonly mayFail?: boolean;
  /** The reader, by its number here, after whose end it begins. */
  readonly after?: number;
}

export interface LeaseBounds {
  /** A histogram with a bucket for records 0 and 1, or the sums of cause and effect by turns. */
  readonly kind: 'histogram' | 'pair';
  /** How many were recorded before the scenario begins. */
  readonly before?: number;
  readonly records: number;
  /** The records from this one on begin after the last reader has opened. */
  readonly afterOpening?: number;
  readonly readers: readonly ReaderBounds[];
  /** Collects without a place. */
  readonly collector?: Bounds & { readonly collects: number };
}

export const LEASE = 5;

/** Ghost: which records returned; which readers opened; the cuts of the collector; then of each reader: */
const RETURNED = 0;
const OPENED = 1;
const CUTS = 2;
const FIRST_READER = 4;
/** which records it has for good; which were before its time, plus 1; whether it must keep its place; its last cut, plus 1. */
const [ARRIVED, BEFORE, KEEPS, CUT] = [0, 1, 2, 3];
const FIELDS = 4;

/** Numbers as they are read: judged only if the collection succeeds. */
type Reading = HistogramCells | number | undefined;

interface Collected {
  readonly outcome: string;
  readonly value?: { readonly shows: boolean; readonly total: Reading; readonly delta: Reading };
  readonly arrives: number;
}

/** The records of a reading whose numbers belong together. */
function recordsOf(reading: Reading): number {
  return typeof reading === 'number' ? recordsIn(reading) : recordsOfHistogram(reading ?? null);
}

const put = (ghost: Ghost, at: number, value: number): Ghost =>
  ghost.map((each, index) => (index === at ? value : each));

class LeaseScenario {
  readonly #sources: ShippedSources;
  readonly #bounds: LeaseBounds;
  readonly #store: ModelStore;
  readonly #read: () => Reading;
  readonly #readDelta: () => Reading;
  readonly #record: (record: number) => Step;

  constructor(sources: ShippedSources, bounds: LeaseBounds) {
    this.#sources = sources;
    this.#bounds = bounds;
    const store = new ModelStore(sources, 1, 2);
    this.#store = store;
    const { region } = store.region;
    const plane = new sources.Plane(region, 0);
    if (bounds.kind === 'histogram') {
      const boundaries = store.storeBoundary(BOUNDARY);
      const series = store.addSeries(store.addStream(explicitHistogram(BUCKETS), 1, boundaries));
      const { histogramOffset: offset } = sources.tables.readSlot(region, series.slot);
      this.#read = () => sources.totals.readHistogram(region, offset, BUCKETS);
      this.#readDelta = () =>
        Array.from(plane.slots()).includes(series.slot) ? plane.readHistogram(offset, BUCKETS) : undefined;
      this.#record = record =>
        store.recordStep(record, 0, recorder => recorder.record(series, valueOf(record), boundaries, 1));
    } else {
      const stream = store.addStream(SUM, 1);
      const series = [store.addSeries(stream), store.overflowSeries(stream)];
      const sum = (read: (slot: number) => number | undefined): number =>
        series.reduce((total, { slot }) => total + (read(slot) ?? 0), 0);
      this.#read = () => sum(slot => sources.totals.readSum(region, slot));
      this.#readDelta = () => {
        const noted = Array.from(plane.slots());
        return sum(slot => (noted.includes(slot) ? plane.readSum(slot) : 0));
      };
      this.#record = record =>
        store.recordStep(record, 0, recorder => recorder.add(series[record % 2]!, valueOf(record)));
    }
  }

  explore(): Exploration {
    const { readers, records, before = 0, afterOpening = records } = this.#bounds;
    const region = this.#store.region;
    for (let record = 0; record < before; record++)
      this.#record(record).run({ carried: this.#store.stripeAddress(0) });
    const lastOpens = (ghost: Ghost): boolean => (ghost[OPENED]! & (1 << (readers.length - 1))) !== 0;
    const programs: Program[] = [
      {
        name: 'writer',
        carried: this.#store.stripeAddress(0),
        bounds: { questions: 4 },
        steps: Array.from({ length: records - before }, (_, index) => {
          const step = this.#record(before + index);
          return before + index < afterOpening ? step : { ...step, ready: lastOpens };
        }),
      },
    ];
    const { collector } = this.#bounds;
    if (collector !== undefined) programs.push(this.#collector(collector));
    const first = programs.length;
    const opened = readers.map(({ isOpen }) => (isOpen ? this.#open(0)._number : 0));
    // A cut, from which on those that are open are served.
    this.#store.collect(new this.#sources.Swap(region.region), () => 0);
    readers.forEach((reader, index) => programs.push(this.#reader(reader, index, opened[index]!, first)));
    const state = readers.flatMap(({ isOpen }) => [0, isOpen ? 1 : 0, 0, 0]);
    const mask = readers.reduce((set, { isOpen }, index) => set | (isOpen ? 1 << index : 0), 0);
    return {
      region,
      programs,
      ghost: [(1 << before) - 1, mask, 0, 0, ...state],
      always: () => this.#store.checkPhases(),
      atEnd: (ghost, threads) => this.#judgeEnd(ghost, threads),
      maxStates: 8e6,
    };
  }

  #open(now: number): { readonly _number: number } {
    return this.#sources.PlaneLease.take(this.#store.region.region, {
      now,
      leaseMillis: LEASE,
      shared: false,
    });
  }

  #lease(carried: number) {
    const plane = new this.#sources.Plane(this.#store.region.region, 0);
    const lease = new this.#sources.PlaneLease(plane, carried >> 1, undefined);
    return Object.assign(lease, { _arrived: (carried & 1) === 1, _until: 0 });
  }

  #collector({ collects, ...bounds }: Bounds & { readonly collects: number }): Program {
    return {
      name: 'collector',
      bounds,
      steps: Array.from({ length: collects }, (_, round) => ({
        name: `drain ${round}`,
        run: () =>
          this.#store.collect(new this.#sources.Swap(this.#store.region.region), () => [this.#read()]),
        end: (ghost: Ghost, _thread: ModelThread, result: unknown) => {
          const { outcome, value } = result as { outcome: string; value: Reading[] };
          return outcome === 'fresh' ? put(ghost, CUTS + round, recordsOf(value[0]) + 1) : ghost;
        },
      })),
    };
  }

  #reader(reader: ReaderBounds, index: number, opened: number, first: number): Program {
    const { isOpen, collects, closes, opensAt = 0, collectsAt = opensAt, mayFail, after, ...bounds } = reader;
    const steps: Step[] = [];
    if (!isOpen)
      steps.push({
        name: 'open',
        run: () => {
          try {
            return this.#open(opensAt)._number;
          } catch (error) {
            if ((error as { code?: string }).code === 'TOO_MANY_DELTA_READERS') return 0;
            throw error;
          }
        },
        end: (ghost, thread, number) => {
          thread.carried = (number as number) * 2 + 1;
          const keeps = number !== 0 && this.#isInTime(opensAt) ? 1 : 0;
          const next = put(ghost, FIRST_READER + index * FIELDS + KEEPS, keeps);
          return put(next, OPENED, ghost[OPENED]! | (1 << index));
        },
      });
    for (let round = 0; round < collects; round++)
      steps.push({
        name: 'collect',
        begin: (ghost, thread) => {
          thread.asked = ghost[RETURNED]!;
          return ghost;
        },
        run: ({ carried }) => this.#collect(carried, collectsAt, mayFail ?? false),
        end: (ghost, thread, result) => this.#judge(ghost, thread, index, result as Collected),
      });
    if (closes)
      steps.push({
        name: 'close',
        run: ({ carried }) => {
          this.#lease(carried).release();
        },
        end: (ghost, thread) => {
          thread.carried = 0;
          return ghost;
        },
      });
    return {
      name: `reader ${index}`,
      carried: opened * 2 + 1,
      ...(after === undefined ? {} : { after: first + after }),
      bounds,
      steps,
    };
  }

  /** As lib/store/collect/store-reader.ts and delta-reader.ts do it. */
  #collect(carried: number, now: number, mayFail: boolean): Collected {
    if (carried < 2) return { outcome: 'none', arrives: 1 };
    const lease = this.#lease(carried);
    const { outcome, value } = this.#store.collect(
      new this.#sources.Swap(this.#store.region.region),
      right => {
        const sealed = lease.isLost() ? 'empty' : lease.seal(right, now);
        if (sealed === 'lost') return undefined;
        const shows = sealed === 'sealed';
        return { shows, total: this.#read(), delta: shows ? this.#readDelta() : undefined };
      },
    );
    const arrives = mayFail && value?.shows ? this.#store.region.choose(2) : 1;
    return { outcome, value, arrives };
  }

  #judge(ghost: Ghost, thread: ModelThread, index: number, { outcome, value, arrives }: Collected): Ghost {
    const at = FIRST_READER + index * FIELDS;
    if (value === undefined) return ghost;
    const { shows } = value;
    const [total, delta] = [recordsOf(value.total), recordsOf(value.delta)];
    if (outcome === 'fresh' && (total & thread.asked) !== thread.asked)
      throw new Violation(`records ${thread.asked & ~total} returned and are missing from the totals`);
    if (!shows) {
      if (ghost[at + KEEPS]) throw new Violation('a reader lost its place although it collected in time');
      return ghost;
    }
    const arrived = ghost[at + ARRIVED]!;
    if (delta & arrived) throw new Violation(`records ${delta & arrived} come twice`);
    if (delta & ~total) throw new Violation(`records ${delta & ~total} are in a delta and not in the totals`);
    const before = total & ~(arrived | delta);
    const known = ghost[at + BEFORE]!;
    if (known !== 0 && known !== before + 1)
      throw new Violation(`records ${before} are not shown; before it was ${known - 1}`);
    const { afterOpening = 31, readers } = this.#bounds;
    const { opensAt = 0, collectsAt = opensAt } = readers[index]!;
    if (index === readers.length - 1 && before >> afterOpening)
      throw new Violation(`record ${afterOpening} began after the reader had opened, and is not shown`);
    for (let effect = 1; effect < 32; effect++)
      if (before & (1 << effect) && !(before & (1 << (effect - 1))))
        throw new Violation(`record ${effect - 1}, and not its effect, is in a delta`);
    thread.carried = (thread.carried & ~1) | arrives;
    let next = put(ghost, at + BEFORE, before + 1);
    if (arrives) next = put(next, at + ARRIVED, arrived | delta);
    return put(put(next, at + KEEPS, this.#isInTime(collectsAt) ? 1 : 0), at + CUT, total + 1);
  }

  /** Whether a reader that collected at a time is idle for nobody who wants its place. */
  #isInTime(time: number): boolean {
    return this.#bounds.readers.every(({ opensAt = 0 }) => opensAt - LEASE <= time);
  }

  /** One more collection of each reader that has a place, and one without. */
  #judgeEnd(ghost: Ghost, threads: readonly ModelThread[]): void {
    const { readers, collector, before: first = 0 } = this.#bounds;
    let judged = ghost;
    readers.forEach((_, index) => {
      const thread = threads.find(({ program }) => program.name === `reader ${index}`)!;
      if (thread.stop !== 'ended') return;
      const copy = thread.copy();
      copy.asked = ghost[RETURNED]!;
      judged = this.#judge(judged, copy, index, this.#collect(copy.carried, 0, false));
    });
    const swap = new this.#sources.Swap(this.#store.region.region);
    const { outcome, value: cells } = this.#store.collect(swap, () => [this.#read()]);
    const value = recordsOf(cells[0]);
    if (outcome !== 'fresh' || (value & ghost[RETURNED]!) !== ghost[RETURNED]!)
      throw new Violation(`the last collection is ${outcome} and has records ${value}`);
    if (collector === undefined || threads.some(({ stop }) => stop !== 'ended')) return;
    // Nobody took the right from anybody: what a reader does not have is what others' cuts had.
    const cuts = [(1 << first) - 1, ghost[CUTS]! - 1, ghost[CUTS + 1]! - 1];
    readers.forEach((_, index) => cuts.push(ghost[FIRST_READER + index * FIELDS + CUT]! - 1));
    readers.forEach((_, index) => {
      const before = judged[FIRST_READER + index * FIELDS + BEFORE]! - 1;
      if (index === readers.length - 1 && before > 0 && !cuts.includes(before))
        throw new Violation(`records ${before} are not shown, and no cut ended with them`);
    });
  }
}

export function leases(sources: ShippedSources, bounds: LeaseBounds): Exploration {
  return new LeaseScenario(sources, bounds).explore();
}
