import type { Attributes } from '@opentelemetry/api';
import { diag } from '../guard/guarded-diag.js';
import type { CollectedStream } from '../store/definition/stream.js';
import { TimeSlice } from '../guard/time-slice.js';
import { escapeHelp } from './escape.js';
import { labelRules, labelText } from './label-text.js';
import { mergeSeries } from './merge-series.js';
import type { OrderedSeries } from './merge-series.js';
import { metricFamilies } from './metric-families.js';
import type { MetricFamily } from './metric-families.js';
import { bucketEnds, histogramLines, sampleLine, sampleName } from './series-lines.js';
import { SeriesTexts } from './series-texts.js';
import type { AlignedTexts } from './series-texts.js';

/**
 * A chunk is given away as soon as it is this long, in UTF-16 code units: big enough that sending costs little per
 * series, small enough that a slow client holds back the work and not the memory.
 */
const CHUNK_LENGTH = 65_536;

/** The metric that carries the resource: Prometheus joins it to the others, so that they need not repeat it. */
const TARGET_INFO = 'target_info';
const TARGET_INFO_HELP = 'Target metadata';

export interface PrometheusTextOptions {
  /** Announced as `target_info`; without it, or empty, there is no such metric. */
  readonly resourceAttributes?: Attributes;
}

interface PreparedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly series: OrderedSeries;
}

/**
 * The text of one collection in chunks of about 64 Ki characters, written anew each time it is asked for, while it is
 * read. Several may be read at once, and later collections do not disturb them.
 */
export type TextChunks = () => Generator<string, void, undefined>;

/**
 * Writes collections as Prometheus text (format 0.0.4), ordered by metric name and then by label text, so that equal data
 * give equal bytes. Keep one instance per collecting thread: it remembers the escaped labels of each series.
 *
 * A verbatim stream is exposed under exactly its name; any other by OpenTelemetry's rules: unit and `_total` suffixes,
 * `otel_scope_*` labels, translated label keys. Only cumulative streams can be written.
 */
export class PrometheusText {
  readonly #warned = new Set<string>();
  #texts = new Map<string, SeriesTexts>();

  /** Makes what is new of the text, in short turns of this thread. One call at a time. */
  async prepare(
    streams: readonly CollectedStream[],
    { resourceAttributes = {} }: PrometheusTextOptions = {},
  ): Promise<TextChunks> {
    const targetLabels = labelText(resourceAttributes, { verbatim: false, isHistogram: false, fixed: [] });
    const families = metricFamilies(streams, targetLabels === '' ? [] : [TARGET_INFO], this.#warn);
    const slice = new TimeSlice();
    const texts = new Map<string, SeriesTexts>();
    const prepared: PreparedFamily[] = [];
    for (const family of families) {
      const { name, type, help } = family;
      prepared.push({ name, type, help, series: await this.#seriesOf(family, texts, slice) });
      if (slice.isOver()) await slice.next();
    }
    // Texts were taken over from the previous collection; of streams that are gone nothing is kept.
    this.#texts = texts;
    const whole = targetLabels === '' ? prepared : withTargetInfo(prepared, targetLabels);
    return () => chunksOf(whole);
  }

  async #seriesOf(
    { name, type, streams }: MetricFamily,
    textsOfStreams: Map<string, SeriesTexts>,
    slice: TimeSlice,
  ): Promise<OrderedSeries> {
    const aligned: AlignedTexts[] = [];
    for (const [position, { definition, points }] of streams.entries()) {
      const rules = labelRules(definition);
      const key = JSON.stringify([name, type, rules, position]);
      const texts =
        this.#texts.get(key) ??
        new SeriesTexts(attributes => {
          const labels = labelText(attributes, rules);
          return rules.isHistogram ? labels : sampleName(name, labels);
        });
      textsOfStreams.set(key, texts);
      aligned.push(await texts.align(points, slice));
    }
    return mergeSeries(streams, aligned, (subject, message) =>
      this.#warn(`series of ${name}: ${subject}`, message),
    );
  }

  /** Once per subject: a scrape comes every few seconds. */
  readonly #warn = (subject: string, message: string): void => {
    if (this.#warned.has(subject)) return;
    this.#warned.add(subject);
    diag.warn(message);
  };
}

function withTargetInfo(prepared: readonly PreparedFamily[], labels: string): PreparedFamily[] {
  const texts = [sampleName(TARGET_INFO, labels)];
  const series = { order: [0], texts, values: [1], boundariesOf: () => [] };
  const info = { name: TARGET_INFO, type: 'gauge', help: TARGET_INFO_HELP, series };
  const later = prepared.findIndex(({ name }) => name > TARGET_INFO);
  return prepared.toSpliced(later < 0 ? prepared.length : later, 0, info);
}

function* chunksOf(prepared: readonly PreparedFamily[]): Generator<string, void, undefined> {
  let pending = '';
  for (const { name, type, help, series } of prepared) {
    if (help !== '') pending += `# HELP ${name} ${escapeHelp(help)}\n`;
    pending += `# TYPE ${name} ${type}\n`;
    const writeSeries = seriesWriter(name, series);
    for (const index of series.order) {
      pending += writeSeries(index);
      if (pending.length >= CHUNK_LENGTH) {
        yield pending;
        pending = '';
      }
    }
  }
  if (pending !== '') yield pending;
}

function seriesWriter(
  name: string,
  { texts, values, boundariesOf }: OrderedSeries,
): (index: number) => string {
  // Nearly always all series of a name have the same boundaries, so the last ones are remembered.
  let boundaries: readonly number[] = [];
  let ends: readonly string[] = [];
  return index => {
    const text = texts[index] ?? '';
    const value = values[index] ?? Number.NaN;
    if (typeof value === 'number') return sampleLine(text, value);
    const own = boundariesOf(index);
    if (own !== boundaries) {
      boundaries = own;
      ends = bucketEnds(own);
    }
    return histogramLines(name, text, value, ends);
  };
}
