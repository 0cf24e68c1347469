// What a Prometheus text says, series by series, with all of its numbers: for who compares two of them. A histogram is one
// series. Bounded, because all of it is held.
import { HashedLabels } from '../cardinality/hashed-labels.js';
import { MetricTypes } from './metric-types.js';
import { SampleLine } from './sample-line.js';

/** More are no page that anybody scrapes. */
const SAMPLES_MAX = 1_000_000;
const HASH = 35;
const TYPE = /^#[ \t]+TYPE[ \t]+(\S+)[ \t]+(\w+)[ \t]*$/;
/** What an exporter adds to all labels, and another one does not. */
const ADDED_LABEL = /^otel_scope_/;

export type SeriesType = 'counter' | 'gauge' | 'histogram';

export interface PageSeries {
  readonly metric: string;
  readonly type: SeriesType;
  /** Sorted by key. */
  readonly labels: readonly (readonly [key: string, value: string])[];
  /** One number; of a histogram the count, the sum, and the count up to each bound. */
  readonly numbers: readonly number[];
  /** Of a histogram, ascending. */
  readonly bounds: readonly number[];
}

interface Sample {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

interface Parts {
  readonly labels: readonly (readonly [string, string])[];
  count: number;
  sum: number;
  readonly buckets: Map<number, number>;
}

export class SeriesPage {
  readonly #line = new SampleLine();
  readonly #hashed = new HashedLabels();
  readonly #types = new MetricTypes();
  readonly #names = new Set<string>();
  readonly #samples: Sample[] = [];
  readonly #isWanted: (name: string) => boolean;

  /** @param isWanted of which names samples are kept; those of parts of a metric begin with its name */
  constructor(isWanted: (name: string) => boolean = () => true) {
    this.#isWanted = isWanted;
  }

  /** @throws Error for a line that is none of a Prometheus text, with its number */
  add(bytes: Buffer, from: number, to: number, number: number): void {
    let at = from;
    while (at < to && (bytes[at] === 32 || bytes[at] === 9)) at++;
    if (at >= to) return;
    if (bytes[at] === HASH) {
      const [, name, type] = TYPE.exec(bytes.toString('utf8', at, to)) ?? [];
      if (name !== undefined && type !== undefined) this.#types.declare(name, type);
      return;
    }
    const line = this.#line;
    const wrong = line.read(bytes, at, to, this.#hashed);
    if (wrong !== undefined) throw new Error(`line ${number} is no Prometheus text: ${wrong}`);
    const name = bytes.toString('utf8', line.nameFrom, line.nameTo);
    this.#names.add(name);
    if (!this.#isWanted(name)) return;
    if (this.#samples.length >= SAMPLES_MAX) throw new Error(`more than ${SAMPLES_MAX} samples`);
    const value = numberOf(bytes.toString('latin1', line.valueFrom, line.valueTo));
    this.#samples.push({ name, labels: this.#labels(bytes), value });
  }

  #labels(bytes: Buffer): (readonly [string, string])[] {
    const { places, length } = this.#hashed;
    const text = (from = 0, to = 0): string => unescaped(bytes.toString('utf8', from, to));
    return Array.from(
      { length },
      (_, index) =>
        [
          text(places[4 * index], places[4 * index + 1]),
          text(places[4 * index + 2], places[4 * index + 3]),
        ] as const,
    )
      .filter(([key]) => !ADDED_LABEL.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** By name and labels. Of summaries there are none: Argo has none. */
  series(): Map<string, PageSeries> {
    const found = new Map<string, PageSeries>();
    const histograms = new Map<string, Map<string, Parts>>();
    for (const { name, labels, value } of this.#samples) {
      const { name: metric, type } = this.#types.ownerOf(name, each => this.#names.has(each));
      if (type === 'histogram') addPart(histograms, metric, { name, labels, value });
      else if (type !== 'summary' && !(metric !== name && name.endsWith('_created')))
        found.set(keyOf(metric, labels), {
          ...{ metric, labels, numbers: [value], bounds: [] },
          type: type === 'counter' ? 'counter' : 'gauge',
        });
    }
    for (const [metric, sets] of histograms)
      for (const [key, parts] of sets) found.set(key, histogramOf(metric, parts));
    return found;
  }
}

function addPart(
  histograms: Map<string, Map<string, Parts>>,
  metric: string,
  { name, labels, value }: Sample,
): void {
  const sets = histograms.get(metric) ?? new Map<string, Parts>();
  histograms.set(metric, sets);
  const own = labels.filter(([key]) => key !== 'le');
  const key = keyOf(metric, own);
  const parts = sets.get(key) ?? { labels: own, count: 0, sum: 0, buckets: new Map<number, number>() };
  sets.set(key, parts);
  const [, bound] = labels.find(([label]) => label === 'le') ?? [];
  const suffix = name.slice(metric.length);
  if (suffix === '_count') parts.count = value;
  else if (suffix === '_sum') parts.sum = value;
  else if (suffix === '_bucket' && bound !== undefined) parts.buckets.set(numberOf(bound), value);
}

function histogramOf(metric: string, { labels, count, sum, buckets }: Parts): PageSeries {
  const sorted = [...buckets].filter(([bound]) => bound !== Infinity).sort(([a], [b]) => a - b);
  return {
    ...{ metric, type: 'histogram', labels },
    numbers: [count, sum, ...sorted.map(([, each]) => each)],
    bounds: sorted.map(([bound]) => bound),
  };
}

function keyOf(metric: string, labels: PageSeries['labels']): string {
  return JSON.stringify([metric, labels]);
}

/** As Go reads numbers, as far as anybody writes them. */
function numberOf(text: string): number {
  const [, sign, word] = /^([+-]?)(inf|infinity)$/i.exec(text) ?? [];
  return word === undefined ? Number(text) : sign === '-' ? -Infinity : Infinity;
}

function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : text;
}
