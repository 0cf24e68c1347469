// The label texts of new series, made and sorted by the row kernel, some thousands at a time: a run. Nothing is made for a
// single series where its canonical text is the label text but for how a pair is written.
import type { TimeSlice } from '../../guard/time-slice.js';
import type { SeriesLabels, SeriesList } from '../../store/definition/stream.js';
import { viewOf } from '../labels/byte-words.js';
import type { LabelMaker } from '../labels/label-maker.js';
import { rowKernel } from '../rows/row-kernel.js';
import type { RowKernel } from '../rows/row-kernel.js';
import {
  CANONICAL,
  CANONICAL_BYTES,
  NEXT_LINE,
  NEXT_ROW,
  OTHER_WAY,
  RULES,
  RUN_BYTES,
  RUN_KEYS,
  RUN_OFFSETS,
  RUN_ORDER,
  RUN_PLACES,
  RUN_ROWS,
  RUN_SORTED,
  RUN_SORTED_OFFSETS,
  RUN_TEXTS,
} from '../rows/row-layout.js';
import { ruleImage } from './rule-image.js';
import type { RuleImage } from './rule-image.js';

/** Rows in the order of their texts. */
export interface LabelRun {
  readonly rows: number;
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where each text begins; behind them, where the last one ends. */
  readonly offsets: Uint32Array;
  /** For each row, the position of its series. */
  readonly positions: Uint32Array;
}

/** Makes runs for one stream. */
export class LabelRuns {
  readonly #maker: LabelMaker;
  readonly #image: RuleImage | undefined;
  readonly #kernel: RowKernel;

  constructor(maker: LabelMaker, kernel = rowKernel()) {
    this.#maker = maker;
    this.#kernel = kernel;
    this.#image = maker.rules === undefined ? undefined : ruleImage(maker.rules);
  }

  /**
   * In short turns of this thread.
   *
   * @param positions of those of the series that are wanted
   */
  async make(series: SeriesList, positions: Uint32Array, slice: TimeSlice): Promise<readonly LabelRun[]> {
    const runs: LabelRun[] = [];
    for (let from = 0; from < positions.length;) {
      const run = this.#run(series, positions.subarray(from, from + RUN_ROWS));
      runs.push(run);
      from += run.rows;
      if (slice.isOver()) await slice.next();
    }
    return runs;
  }

  /** Of the first ones, as many as have room. */
  #run(series: SeriesList, positions: Uint32Array): LabelRun {
    const { bytes, u32, putLabels } = this.#kernel;
    const end = RUN_TEXTS + RUN_BYTES;
    if (this.#image !== undefined) bytes.set(this.#image.bytes, RULES);
    u32[RUN_OFFSETS / 4] = 0;
    let at = RUN_TEXTS;
    let rows = 0;
    let [staged, done] = [0, 0];
    while (rows < positions.length) {
      if (done === staged) [staged, done] = [this.#stage(series, positions, rows), 0];
      if (done < staged) {
        const places = RUN_PLACES + 8 * done;
        const offsets = RUN_OFFSETS + 4 * (rows + 1);
        const fixed = this.#image?.fixedBytes ?? 0;
        at = putLabels(RULES, places, staged - done, fixed, at, end, RUN_TEXTS, offsets);
        rows += u32[NEXT_ROW / 4] ?? 0;
        done += u32[NEXT_ROW / 4] ?? 0;
        if (done === staged) continue;
        if (u32[NEXT_LINE / 4] !== OTHER_WAY && rows > 0) break;
        done++;
      }
      const text = Buffer.from(this.#textOf(series.at(positions[rows] ?? 0)));
      if (at + text.length > end) {
        if (rows > 0) break;
        return runOf(text, Uint32Array.of(0, text.length), positions.slice(0, 1));
      }
      bytes.set(text, at);
      at += text.length;
      u32[RUN_OFFSETS / 4 + ++rows] = at - RUN_TEXTS;
    }
    return this.#sorted(rows, positions);
  }

  #textOf(series: SeriesLabels | undefined): string {
    return series === undefined ? '' : this.#maker.textOf(series);
  }

  /** Puts canonical texts into the kernel's memory. Returns how many: none, if it cannot make the next one. */
  #stage(series: SeriesList, positions: Uint32Array, from: number): number {
    const { bytes, u32 } = this.#kernel;
    if (this.#image === undefined) return 0;
    const end = CANONICAL + CANONICAL_BYTES;
    const into = { bytes, places: u32 };
    if (series.columns !== undefined)
      return series.columns.stageTexts(positions.subarray(from), [CANONICAL, end], into, RUN_PLACES / 4);
    let at = CANONICAL;
    let index = from;
    for (; index < positions.length; index++) {
      const text = series.at(positions[index] ?? 0)?.text;
      // No character has more bytes for each of its code units.
      if (text === undefined || at + 3 * text.length > end) break;
      const place = RUN_PLACES / 4 + 2 * (index - from);
      u32[place] = at;
      at += bytes.write(text, at);
      u32[place + 1] = at;
    }
    return index - from;
  }

  #sorted(rows: number, positions: Uint32Array): LabelRun {
    const { bytes, u32, sortTexts } = this.#kernel;
    sortTexts(RUN_TEXTS, RUN_OFFSETS, RUN_ORDER, RUN_KEYS, rows, RUN_SORTED, RUN_SORTED_OFFSETS);
    const offsets = u32.slice(RUN_SORTED_OFFSETS / 4, RUN_SORTED_OFFSETS / 4 + rows + 1);
    const texts = Buffer.allocUnsafeSlow(offsets[rows] ?? 0);
    texts.set(bytes.subarray(RUN_SORTED, RUN_SORTED + texts.length));
    const sorted = u32.slice(RUN_ORDER / 4, RUN_ORDER / 4 + rows);
    for (let row = 0; row < rows; row++) sorted[row] = positions[sorted[row] ?? 0] ?? 0;
    return runOf(texts, offsets, sorted);
  }
}

function runOf(bytes: Buffer, offsets: Uint32Array, positions: Uint32Array): LabelRun {
  return { rows: positions.length, bytes, view: viewOf(bytes), offsets, positions };
}
