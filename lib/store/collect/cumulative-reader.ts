// What was recorded since a series began: from a snapshot of the totals, without the right. One per reader that shows a
// counter, histogram or gauge as cumulative; called from its thread.
import { TimeSlice } from '../../guard/time-slice.js';
import type { Snapshot, SnapshotParts } from '../../memory/snapshot.js';
import { cellWidthOf, NO_NUMBERS, putValue, valueAt } from '../definition/columns.js';
import type {
  HistogramValue,
  InstrumentKind,
  PointColumns,
  SeriesLabels,
  SeriesList,
  StreamDefinition,
} from '../definition/stream.js';
import { mayBeHeld, type Series } from '../series/known-series.js';
import type { StreamRows } from '../series/series-rows.js';
import { SeriesTexts } from '../series/series-texts.js';
import type { RegisteredStream, StreamRegistry } from '../series/stream-registry.js';
import type { ColumnSpace } from './column-space.js';
import { HeldSeries } from './held-series.js';
import { chooseRows, fillCells, fillGauges, fillStarts, fillSums } from './snapshot-rows.js';
import { ShownSeries } from './shown-series.js';
import { warnOfSaturation } from './series-values.js';
import type { SnapshotInUse } from './snapshots.js';
import type { StreamPoints } from './stream-points.js';
import type { OwedLife, ZeroStart } from './zero-start.js';

/** Series that are read between two looks at the clock. */
const ROWS_PER_LOOK = 8192;

interface ReaderContext {
  readonly registry: StreamRegistry;
  warn(cause: string, detail: string): void;
}

export interface CumulativeRequest {
  /** Unix milliseconds. */
  readonly at: number;
  /** Where the columns are made. */
  readonly space: ColumnSpace;
  readonly only: (definition: StreamDefinition) => boolean;
  /** What gets them. */
  readonly points: StreamPoints;
}

/** One reading. */
interface Reading {
  readonly snapshot: Snapshot;
  /** Unix milliseconds. */
  readonly at: number;
  readonly space: ColumnSpace;
  readonly slice: TimeSlice;
}

/** What of a stream was shown last. */
interface ShownRows {
  readonly rows: StreamRows;
  /** Positions in the rows. */
  readonly chosen: Int32Array;
  readonly series: ShownSeries;
}

export class CumulativeReader {
  readonly #context: ReaderContext;
  readonly #zeroStart: ZeroStart;
  readonly #isShown: (kind: InstrumentKind) => boolean;
  /** By stream. */
  readonly #last: (ShownRows | undefined)[] = [];

  constructor(context: ReaderContext, zeroStart: ZeroStart, isShown: (kind: InstrumentKind) => boolean) {
    this.#context = context;
    this.#zeroStart = zeroStart;
    this.#isShown = isShown;
  }

  /** What must be in a snapshot. To be asked under the right, so that no stream is missed that the cut has. */
  parts(): SnapshotParts {
    return {
      firstSeen: this.#zeroStart.isOn,
      usedAt: this.#context.registry.all().some(mayBeHeld),
    };
  }

  /** In short turns, without the right. */
  async read(
    { snapshot, rows: all }: Pick<SnapshotInUse, 'snapshot' | 'rows'>,
    { at, space, only, points: into }: CumulativeRequest,
  ): Promise<void> {
    this.#zeroStart.begin();
    const reading = { snapshot, at, space, slice: new TimeSlice() };
    const ended = new Map<RegisteredStream, OwedLife[]>();
    for (const life of this.#zeroStart.ended(snapshot, ({ stream }) => only(stream.definition))) {
      const lives = ended.get(life.series.stream);
      if (lives === undefined) ended.set(life.series.stream, [life]);
      else lives.push(life);
    }
    const byStream = new Map(all.map(rows => [rows.stream, rows]));
    for (const stream of new Set([...byStream.keys(), ...ended.keys()])) {
      const { definition } = stream;
      if (!this.#isShown(definition.kind) || !only(definition)) continue;
      const rows = byStream.get(stream) ?? noRows(stream);
      const points = await this.#read(rows, ended.get(stream) ?? [], reading);
      if (points.length > 0) into.putColumns(stream, points);
    }
  }

  /** The reading was handed out. */
  end(): void {
    this.#zeroStart.end();
  }

  /** From now on everything is shown as it is, and not as 0. */
  endZeroStart(): void {
    this.#zeroStart.stop();
  }

  async #read(rows: StreamRows, ended: readonly OwedLife[], reading: Reading): Promise<PointColumns> {
    const { snapshot, slice } = reading;
    const isOwed = (row: number): boolean =>
      this.#zeroStart.owesAny && this.#zeroStart.isOwed(rows.at(row), snapshot);
    let chosen: Int32Array = new Int32Array(rows.slots.length);
    let length = 0;
    for (const range of rangesOf(0, chosen.length)) {
      length = chooseRows(snapshot, rows, range, isOwed, chosen, length);
      if (slice.isOver()) await slice.next();
    }
    chosen = chosen.subarray(0, length);
    if (rows.hasHeld) chosen = bestOf(rows, chosen, snapshot);
    if (ended.length > 0) chosen = this.#withoutNextLives(rows, chosen, ended, reading);
    return this.#columns(rows, chosen, ended, reading);
  }

  /** Attributes whose last life is shown for the last time: the next one waits for the next reading. */
  #withoutNextLives(
    rows: StreamRows,
    chosen: Int32Array,
    ended: readonly OwedLife[],
    { snapshot }: Reading,
  ): Int32Array {
    const texts = new Set(ended.map(({ series }) => series.text));
    return chosen.filter(row => {
      const series = rows.at(row);
      if (!texts.has(series.text)) return true;
      const value = totalOf(snapshot, series);
      this.#zeroStart.shown(series, value, snapshot.isLeftOut(series.slot), snapshot);
      return false;
    });
  }

  async #columns(
    rows: StreamRows,
    chosen: Int32Array,
    ended: readonly OwedLife[],
    reading: Reading,
  ): Promise<PointColumns> {
    const { snapshot, space, slice, at } = reading;
    const { definition } = rows.stream;
    const width = cellWidthOf(definition);
    const first = ended.length;
    const length = first + chosen.length;
    const points: PointColumns = {
      length,
      series: await this.#seriesOf(rows, chosen, ended, slice),
      starts: space.take(length),
      numbers: width === 0 ? space.take(length) : NO_NUMBERS,
      cells: width === 0 ? NO_NUMBERS : space.take(length * width),
    };
    ended.forEach(({ startUnixMillis, value }, index) => {
      points.starts[index] = startUnixMillis;
      putValue(points, index, value);
    });
    const starts = points.starts.subarray(first);
    const numbers = points.numbers.subarray(width === 0 ? first : 0);
    const cells = points.cells.subarray(first * width);
    for (const range of rangesOf(0, chosen.length)) {
      fillStarts(snapshot, rows, chosen, range, starts);
      if (width > 0) fillCells(snapshot, rows, chosen, range, width, cells);
      else if (definition.kind === 'GAUGE')
        fillGauges(snapshot, rows, chosen, range, { at, valueType: definition.valueType }, numbers);
      else if (fillSums(snapshot, rows, chosen, range, numbers)) warnOfSaturation(this.#context, definition);
      if (slice.isOver()) await slice.next();
    }
    if (this.#zeroStart.isOn) this.#showYoungAsZero(rows, chosen, first, points, snapshot);
    return points;
  }

  #showYoungAsZero(
    rows: StreamRows,
    chosen: Int32Array,
    first: number,
    points: PointColumns,
    snapshot: Snapshot,
  ): void {
    for (let index = 0; index < chosen.length; index++) {
      const row = chosen[index] ?? 0;
      const slot = rows.slots[row] ?? 0;
      if (!this.#zeroStart.isYoung(slot, snapshot)) continue;
      const value = valueAt(points, first + index);
      const shown = this.#zeroStart.shown(rows.at(row), value, snapshot.isLeftOut(slot), snapshot);
      if (shown !== value) putValue(points, first + index, shown);
    }
  }

  /** The same list as last time if they are the same series. */
  async #seriesOf(
    rows: StreamRows,
    chosen: Int32Array,
    ended: readonly OwedLife[],
    slice: TimeSlice,
  ): Promise<SeriesList> {
    if (ended.length > 0) return withEnded(rows, chosen, ended);
    const { index } = rows.stream;
    const last = this.#last[index];
    if (last?.rows === rows && haveSame(last.chosen, chosen)) return last.series;
    if (slice.isOver()) await slice.next();
    const isKept = last?.series.moveTo(rows, chosen) === true;
    if (slice.isOver()) await slice.next();
    const series = isKept ? last.series : await ShownSeries.of(rows, chosen, slice);
    this.#last[index] = { rows, chosen, series };
    return series;
  }
}

/** Lives that are shown for the last time come first: there are few, and seldom any. */
function withEnded(rows: StreamRows, chosen: Int32Array, ended: readonly OwedLife[]): SeriesList {
  const series: SeriesLabels[] = ended.map(life => life.series);
  for (const row of chosen) series.push(rows.at(row));
  return series;
}

const NONE = new Int32Array(0);

function noRows(stream: RegisteredStream): StreamRows {
  return {
    stream,
    slots: NONE,
    lives: NONE,
    histograms: new Uint32Array(0),
    texts: new SeriesTexts(),
    places: NO_NUMBERS,
    hasHeld: false,
    at: () => {
      throw new RangeError('there are no rows');
    },
  };
}

/** Of each gauge the copy that is shown. */
function bestOf(rows: StreamRows, chosen: Int32Array, snapshot: Snapshot): Int32Array {
  const held = new HeldSeries(snapshot);
  const rowOf = new Map<Series, number>();
  for (const row of chosen) {
    const series = rows.at(row);
    rowOf.set(series, row);
    held.offer(series);
  }
  return Int32Array.from(held.shown(), series => rowOf.get(series) ?? 0);
}

function totalOf({ totals, cells }: Snapshot, { slot, stream, histogram }: Series): number | HistogramValue {
  const width = cellWidthOf(stream.definition);
  if (width === 0) return (totals[slot] ?? 0) + 0;
  const cell = cells.subarray(histogram >>> 3, (histogram >>> 3) + width);
  return valueAt({ length: 1, numbers: NO_NUMBERS, cells: cell }, 0);
}

function haveSame(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

function* rangesOf(begin: number, end: number): Generator<[from: number, to: number]> {
  for (let from = begin; from < end; from += ROWS_PER_LOOK) yield [from, Math.min(end, from + ROWS_PER_LOOK)];
}
