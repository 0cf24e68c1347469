import type { Attributes } from '@opentelemetry/api';
import { diag } from '../guard/guarded-diag.js';
import { TimeSlice } from '../guard/time-slice.js';
import type { CollectedStream } from '../store/definition/stream.js';
import type { ExpositionFormat } from './exposition-format.js';
import { labelPutter } from './label-bytes.js';
import { LabelBlockBuilder } from './label-block.js';
import { labelRules, labelText } from './label-text.js';
import { RowMerger } from './merge-rows.js';
import type { RowSection } from './merge-rows.js';
import { metricFamilies } from './metric-families.js';
import type { MetricFamily } from './metric-families.js';
import { RowWriter } from './row-writer.js';
import type { Chunks } from './row-writer.js';
import type { RowTemplate } from './row-template.js';
import { SeriesRows } from './series-rows.js';
import { textLayout } from './text-layout.js';
import type { FamilyHead, FamilyLayout } from './text-layout.js';

/** The metric that carries the resource: Prometheus joins it to the others, so that they need not repeat it. */
const TARGET_INFO = 'target_info';
const TARGET_INFO_HELP = 'Target metadata';

export interface ExpositionOptions {
  /** Announced as `target_info`; without it, or empty, there is no such metric. */
  readonly resourceAttributes?: Attributes;
}

/**
 * One collection, ready to be written. Several may be read at once, each from the start, and later collections do not
 * disturb them.
 */
export interface Exposition {
  /**
   * Made while it is read, in chunks of 64 KiB or a little less that cut no line, unless one is longer than that. A chunk
   * is a view of memory that the next step of any iteration in this thread uses again: take what is needed of it, or copy
   * it, before anything else runs.
   */
  chunks(format: ExpositionFormat): Chunks;
}

interface PreparedFamily extends FamilyHead {
  readonly sections: readonly RowSection[];
  readonly memory: FamilyMemory;
}

/**
 * Writes collections for Prometheus, ordered by metric name and then by the bytes of the label text, so that equal data
 * give equal bytes. Keep one instance per collecting thread: it remembers the escaped labels of each series.
 *
 * A verbatim stream is exposed under exactly its name; any other by OpenTelemetry's rules: unit and `_total` suffixes,
 * `otel_scope_*` labels, translated label keys. Only cumulative streams can be written.
 */
export class PrometheusWriter {
  readonly #warned = new Set<string>();
  readonly #targetInfo = new FamilyMemory(() => undefined);
  #families = new Map<string, FamilyMemory>();

  /** Makes what is new of the text, in short turns of this thread. One call at a time. */
  async prepare(
    streams: readonly CollectedStream[],
    { resourceAttributes = {} }: ExpositionOptions = {},
  ): Promise<Exposition> {
    const targetLabels = labelText(resourceAttributes, { verbatim: false, isHistogram: false, fixed: [] });
    const families = metricFamilies(streams, targetLabels === '' ? [] : [TARGET_INFO], this.#warn);
    const slice = new TimeSlice();
    const memories = new Map<string, FamilyMemory>();
    const prepared: PreparedFamily[] = [];
    for (const family of families) {
      const { name, type, help } = family;
      const key = JSON.stringify([name, type, help]);
      const memory =
        this.#families.get(key) ??
        new FamilyMemory((subject, message) => this.#warn(`series of ${name}: ${subject}`, message));
      memories.set(key, memory);
      prepared.push({ name, type, help, memory, sections: await memory.sectionsOf(family, slice) });
      if (slice.isOver()) await slice.next();
    }
    // Taken over from the previous collection; of metrics that are gone nothing is kept.
    this.#families = memories;
    const whole = targetLabels === '' ? prepared : this.#withTargetInfo(prepared, targetLabels);
    return { chunks: format => chunksOf(whole, format) };
  }

  #withTargetInfo(prepared: readonly PreparedFamily[], labels: string): PreparedFamily[] {
    const builder = new LabelBlockBuilder();
    const text = Buffer.from(labels);
    builder.pushBytes(text, 0, text.length);
    const section: RowSection = {
      boundaries: [],
      blocks: builder.finish(),
      positions: undefined,
      width: 1,
      numbers: Float64Array.of(1),
      starts: Float64Array.of(0),
    };
    const info: PreparedFamily = {
      name: TARGET_INFO,
      type: 'gauge',
      help: TARGET_INFO_HELP,
      sections: [section],
      memory: this.#targetInfo,
    };
    const later = prepared.findIndex(({ name }) => name > TARGET_INFO);
    return prepared.toSpliced(later < 0 ? prepared.length : later, 0, info);
  }

  /** Once per subject: a scrape comes every few seconds. */
  readonly #warn = (subject: string, message: string): void => {
    if (this.#warned.has(subject)) return;
    this.#warned.add(subject);
    diag.warn(message);
  };
}

/** What is remembered of one metric name. */
class FamilyMemory {
  readonly #merger: RowMerger;
  #rows = new Map<string, SeriesRows>();
  #layout: FamilyLayout | undefined;
  readonly #templates = new Map<string, RowTemplate>();

  constructor(warn: (subject: string, message: string) => void) {
    this.#merger = new RowMerger(warn);
  }

  async sectionsOf({ streams }: MetricFamily, slice: TimeSlice): Promise<readonly RowSection[]> {
    const rowsOfStreams = new Map<string, SeriesRows>();
    const aligned = [];
    for (const [position, { definition, points }] of streams.entries()) {
      const rules = labelRules(definition);
      const key = JSON.stringify([rules, position]);
      const rows = this.#rows.get(key) ?? new SeriesRows(labelPutter(rules));
      rowsOfStreams.set(key, rows);
      aligned.push(await rows.align(points.series, slice));
    }
    this.#rows = rowsOfStreams;
    return this.#merger.merge(streams, aligned, slice);
  }

  layoutOf(head: FamilyHead): FamilyLayout {
    this.#layout ??= textLayout(head);
    return this.#layout;
  }

  templateOf(layout: FamilyLayout, boundaries: readonly number[]): RowTemplate {
    const key = boundaries.join();
    const template = this.#templates.get(key) ?? layout.templateOf(boundaries);
    this.#templates.set(key, template);
    return template;
  }
}

function* chunksOf(families: readonly PreparedFamily[], _format: ExpositionFormat): Chunks {
  const writer = new RowWriter();
  for (const family of families) {
    const layout = family.memory.layoutOf(family);
    yield* writer.bytes(layout.head);
    for (const section of family.sections)
      yield* writer.section(section, family.memory.templateOf(layout, section.boundaries));
  }
  yield* writer.rest();
}
