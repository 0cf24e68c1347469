import type { CollectedStream, StreamDefinition } from '../../store/definition/stream.js';
import type { TimeSlice } from '../../guard/time-slice.js';
import { addRow, rowWidth } from '../rows/row-numbers.js';
import { LabelBlockBuilder, rowText } from '../labels/label-block.js';
import type { LabelBlock } from '../labels/label-block.js';
import { instrumentText } from '../names/metric-name.js';
import type { OrderedRows } from './series-rows.js';
import { sortByText } from '../names/text-order.js';

/** Rows that are merged between two looks at the clock. */
const ROWS_PER_LOOK = 256;

/** Rows of one metric name that have the same lines, ready to be written one after the other. */
export interface RowSection {
  /** Of a histogram. */
  readonly boundaries: readonly number[];
  readonly blocks: readonly LabelBlock[];
  /** For each row, where its numbers stand; undefined: in the order of the rows. */
  readonly positions: Uint32Array | undefined;
  /** Doubles that a row has in `numbers`. */
  readonly width: number;
  readonly numbers: Float64Array;
  /** Unix milliseconds. */
  readonly starts: Float64Array;
}

/** Where a row of a merged metric gets its numbers from. */
interface Source {
  readonly stream: number;
  readonly position: number;
}

interface MergedSection {
  readonly boundaries: readonly number[];
  readonly blocks: readonly LabelBlock[];
  readonly rows: readonly Source[];
  /** What is added to which row. */
  readonly additions: readonly (Source & { readonly row: number })[];
}

type Warn = (subject: string, message: string) => void;

/**
 * Brings the series of all streams of one metric name together. A stream alone, the usual case, is passed through; how
 * others go together is remembered until a series comes or goes.
 *
 * Series that translating made equal would be the same series twice, for which a server refuses the scrape. Within one
 * instrument they are parts of one whole, so their counts are added; of gauges, which cannot be added, the first stays.
 * The numbers of two instruments say nothing together: the series of the one that was registered first stays.
 */
export class RowMerger {
  readonly #warn: Warn;
  #aligned: readonly OrderedRows[] = [];
  #definitions: readonly StreamDefinition[] = [];
  #sections: readonly MergedSection[] = [];

  /** @param warn is told the subject, the same for the same conflict, and a text. */
  constructor(warn: Warn) {
    this.#warn = warn;
  }

  /** In short turns of this thread. One call at a time. */
  async merge(
    streams: readonly CollectedStream[],
    aligned: readonly OrderedRows[],
    slice: TimeSlice,
  ): Promise<readonly RowSection[]> {
    const [stream] = streams;
    const [rows] = aligned;
    if (stream === undefined || rows === undefined) return [];
    if (streams.length === 1 && !rows.hasDuplicates) {
      this.#aligned = [];
      const { boundaries } = stream.definition;
      return [{ boundaries, blocks: rows.blocks, positions: rows.positions, ...numbersOf(stream) }];
    }
    const definitions = streams.map(({ definition }) => definition);
    if (!isSame(this.#aligned, aligned) || !isSame(this.#definitions, definitions)) {
      this.#sections = await mergedSections(definitions, aligned, this.#warn, slice);
      this.#aligned = aligned;
      this.#definitions = definitions;
    }
    const sections: RowSection[] = [];
    for (const section of this.#sections) {
      sections.push(await gathered(section, streams, slice));
      if (slice.isOver()) await slice.next();
    }
    return sections;
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((item, index) => item === now[index]);
}

function numbersOf({
  definition,
  points,
}: CollectedStream): Pick<RowSection, 'width' | 'numbers' | 'starts'> {
  const numbers = definition.kind === 'HISTOGRAM' ? points.cells : points.numbers;
  return { width: rowWidth(definition), numbers, starts: points.starts };
}

async function gathered(
  { boundaries, blocks, rows, additions }: MergedSection,
  streams: readonly CollectedStream[],
  slice: TimeSlice,
): Promise<RowSection> {
  const sources = streams.map(numbersOf);
  const width = sources[rows[0]?.stream ?? -1]?.width ?? 1;
  const numbers = new Float64Array(rows.length * width);
  const starts = new Float64Array(rows.length);
  for (const [row, { stream, position }] of rows.entries()) {
    const source = sources[stream];
    if (source !== undefined) {
      numbers.set(source.numbers.subarray(position * width, (position + 1) * width), row * width);
      starts[row] = source.starts[position] ?? 0;
    }
    if (row % ROWS_PER_LOOK === 0 && slice.isOver()) await slice.next();
  }
  for (const { row, stream, position } of additions) {
    const source = sources[stream];
    if (source === undefined) continue;
    addRow(numbers, row, source.numbers, position, width);
    starts[row] = Math.min(starts[row] ?? 0, source.starts[position] ?? 0);
  }
  return { boundaries, blocks, positions: undefined, width, numbers, starts };
}

async function mergedSections(
  definitions: readonly StreamDefinition[],
  aligned: readonly OrderedRows[],
  warn: Warn,
  slice: TimeSlice,
): Promise<readonly MergedSection[]> {
  const all = await sortByText(await textedSources(aligned, slice), slice);
  const sections: MergedSection[] = [];
  let builder = new SectionBuilder([]);
  for (let row = 0; row < all.length;) {
    const text = all[row]?.text ?? '';
    const equal: Source[] = [];
    for (let next = all[row]; next?.text === text; next = all[++row]) equal.push(next);
    // As they were collected: which row of its text is the first one decides.
    equal.sort((a, b) => a.stream - b.stream || a.position - b.position);
    const [first, ...others] = equal;
    const definition = definitions[first?.stream ?? -1];
    if (first === undefined || definition === undefined) break;
    if (!isSame(builder.boundaries, definition.boundaries)) {
      builder.finishInto(sections);
      builder = new SectionBuilder(definition.boundaries);
    }
    builder.push(text, first);
    for (const other of others) {
      const later: StreamDefinition = definitions[other.stream] ?? definition;
      if (later !== definition) warn(...twoInstruments(later, definition));
      else if (isGauge(definition)) warn(...twoValues(definition));
      else builder.add(other);
    }
    if (row % ROWS_PER_LOOK === 0 && slice.isOver()) await slice.next();
  }
  builder.finishInto(sections);
  return sections;
}

async function textedSources(
  aligned: readonly OrderedRows[],
  slice: TimeSlice,
): Promise<readonly (Source & { readonly text: string })[]> {
  const sources: (Source & { readonly text: string })[] = [];
  for (const [stream, { blocks, positions }] of aligned.entries()) {
    let row = 0;
    for (const block of blocks) {
      for (let index = 0; index < block.rows; index++)
        sources.push({ text: rowText(block, index), stream, position: positions[row++] ?? 0 });
      if (slice.isOver()) await slice.next();
    }
  }
  return sources;
}

class SectionBuilder {
  readonly boundaries: readonly number[];
  readonly #labels = new LabelBlockBuilder();
  readonly #rows: Source[] = [];
  readonly #additions: (Source & { readonly row: number })[] = [];

  constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries;
  }

  push(text: string, source: Source): void {
    this.#labels.push(text);
    this.#rows.push(source);
  }

  /** To the last row. */
  add(source: Source): void {
    this.#additions.push({ ...source, row: this.#rows.length - 1 });
  }

  finishInto(sections: MergedSection[]): void {
    if (this.#rows.length === 0) return;
    const blocks = this.#labels.finish();
    sections.push({ boundaries: this.boundaries, blocks, rows: this.#rows, additions: this.#additions });
  }
}

function isGauge({ kind }: StreamDefinition): boolean {
  return kind === 'GAUGE' || kind === 'OBSERVABLE_GAUGE';
}

function twoInstruments(
  later: StreamDefinition,
  first: StreamDefinition,
): [subject: string, message: string] {
  const subject = instrumentText(later);
  return [
    subject,
    `Not exposed to Prometheus: series of ${subject} whose labels ${instrumentText(first)} has too, because the names ` +
      'of both come out the same. Rename one of them, for example by a View.',
  ];
}

function twoValues(definition: StreamDefinition): [subject: string, message: string] {
  const subject = instrumentText(definition);
  return [subject, `Two series of ${subject} have the same labels in Prometheus. The first is exposed.`];
}
