// What a Prometheus text has of each metric: how many series, and which labels make them. Fed line by line, in memory that
// does not grow with their number. A histogram or a summary is one series for each set of labels, as it is in a store; two
// samples of one name and one set of labels are one series, as they are for a Prometheus server.
import { HashedLabels } from '../cardinality/hashed-labels.js';
import { LabelRoom, MetricLabels, type LabelReport, type LabelTexts } from '../cardinality/label-report.js';
import { MetricTypes, type SampleOwner } from './metric-types.js';
import { printable } from './printable-text.js';
import { SampleLine } from './sample-line.js';
import { SeenSets } from './seen-sets.js';

/** More are no page that anybody scrapes. */
const METRICS_MAX = 100_000;
const SHOWN_MAX = 120;

export interface PageMetric {
  readonly name: string;
  /** As the text says it; `unknown` when it does not. */
  readonly type: string;
  /** Overflow series not counted. */
  readonly series: number;
  readonly hasOverflow: boolean;
  readonly labels: readonly LabelReport[];
}

interface Tally {
  readonly id: number;
  labels: MetricLabels | undefined;
  series: number;
  hasOverflow: boolean;
}

/** What there is of the samples of a name. */
interface SampleName {
  readonly text: string;
  readonly bytes: Buffer;
  /** Whose they are, as far as it is known. Undefined: to be found out again. */
  owner: SampleOwner | undefined;
  /** Each of them a series. Of what is surely a part, nothing is counted here. */
  readonly whole: Tally;
  /** What this is of a histogram or a summary, of which not everybody exposes a count. Counted until one comes. */
  parts: Tally | undefined;
  /** Of which part of a series this counts one: a bucket or a quantile. */
  part: string | undefined;
}

const TYPE = /^#[ \t]+TYPE[ \t]+(?:"((?:[^"\\]|\\.)*)"|(\S+))[ \t]+(\w+)[ \t]*$/;
const END = /^#[ \t]+EOF[ \t]*$/;
const END_LENGTH_MAX = 16;
const HASH = 35;
const LETTER_OF_TYPE = 84;

/** Ends of the names of samples that may be of one metric. */
const SUFFIXES = ['', '_count', '_gcount', '_bucket', '_sum', '_gsum', '_total', '_created', '_info'];
/** Of a sample with one of these labels, whatever its type is. */
const [BUCKET, QUANTILE] = ['le', 'quantile'];

/** How OpenTelemetry's overflow series is exposed. */
const OVERFLOW_KEYS: ReadonlySet<string> = new Set(['otel_metric_overflow', 'otel.metric.overflow']);

export class PrometheusPage {
  readonly #room = new LabelRoom();
  readonly #roomOfParts = new LabelRoom();
  readonly #hashed = new HashedLabels();
  readonly #line = new SampleLine();
  readonly #types = new MetricTypes();
  readonly #names = new Map<string, SampleName>();
  readonly #seen = new SeenSets();
  #last: SampleName | undefined;
  #samples = 0;
  #tallies = 0;
  /** Names without a type. */
  #undeclared = 0;
  #repeated = 0;
  #hasEnd = false;

  get samples(): number {
    return this.#samples;
  }

  /** Samples of a series that had one already. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Whether the last line says that it is the last one. */
  get hasEnd(): boolean {
    return this.#hasEnd;
  }

  /** Whether it has what only OpenMetrics has, whose last line is known. */
  get isOpenMetrics(): boolean {
    return this.#types.isOpenMetrics;
  }

  /** Whether labels were left out, because there were too many. */
  get isCrowded(): boolean {
    return this.#room.isFull || this.#roomOfParts.isFull;
  }

  /** @throws Error for a line that is none of a Prometheus text, with its number */
  add(bytes: Buffer, from: number, to: number, number: number): void {
    let at = from;
    while (at < to && (bytes[at] === 32 || bytes[at] === 9)) at++;
    if (at >= to) return;
    this.#hasEnd = false;
    if (bytes[at] === HASH) return this.#comment(bytes, at, to);
    const wrong = this.#line.read(bytes, at, to, this.#hashed);
    if (wrong !== undefined)
      throw new Error(`line ${number} is no Prometheus text: ${wrong}: ${quoted(bytes, from, to)}`);
    this.#samples++;
    const name = this.#nameAt(bytes, this.#line.nameFrom, this.#line.nameTo);
    const { type, role, isDeclared } = (name.owner ??= this.#ownerOf(name));
    if (role === 'series' && !this.#count(name.whole, this.#room, bytes)) this.#repeated++;
    // What has no type may be given one by a later line.
    if (!isDeclared && this.#indexOf(bytes, partKeyOf(name.text)) >= 0)
      this.#countPart(name, partKeyOf(name.text), bytes);
    if (role === 'part' && !this.#hasCount(name.owner))
      this.#countPart(name, type === 'summary' ? QUANTILE : BUCKET, bytes);
  }

  #ownerOf({ text }: SampleName): SampleOwner {
    return this.#types.ownerOf(text, name => this.#names.has(name));
  }

  /** Whether a metric of parts has a sample that counts its series. */
  #hasCount({ name, type }: SampleOwner): boolean {
    const counting = this.#names.get(`${name}${type === 'gaugehistogram' ? '_gcount' : '_count'}`);
    if (counting === undefined || !hasSeries(counting.whole)) return false;
    // It may have a type of its own.
    return (counting.owner ??= this.#ownerOf(counting)).name === name;
  }

  /** False when the series is counted already. */
  #count(tally: Tally, room: LabelRoom, bytes: Buffer): boolean {
    if (this.#isOverflow(bytes)) {
      tally.hasOverflow = true;
      return true;
    }
    if (!this.#seen.add(tally.id, this.#hashed)) return false;
    tally.series++;
    tally.labels ??= new MetricLabels(room, PAGE_TEXTS);
    tally.labels.add(this.#hashed, bytes);
    return true;
  }

  /** Every series has the last bucket, and as a rule the same quantiles. */
  #countPart(name: SampleName, key: string, bytes: Buffer): void {
    const { places } = this.#hashed;
    const index = this.#indexOf(bytes, key);
    if (index >= 0) {
      const part = bytes.toString('latin1', places[4 * index + 2], places[4 * index + 3]);
      name.part ??= key === QUANTILE ? part : '+Inf';
      if (part !== name.part) return;
      this.#hashed.remove(index);
    }
    name.parts ??= this.#newTally();
    this.#count(name.parts, this.#roomOfParts, bytes);
  }

  #indexOf(bytes: Buffer, key: string): number {
    const { places, length } = this.#hashed;
    for (let index = 0; index < length; index++) {
      const from = places[4 * index] ?? 0;
      const to = places[4 * index + 1] ?? 0;
      if (to - from === key.length && bytes.toString('latin1', from, to) === key) return index;
    }
    return -1;
  }

  #isOverflow(bytes: Buffer): boolean {
    const { places, length } = this.#hashed;
    for (let index = 0; index < length; index++) {
      const from = places[4 * index] ?? 0;
      const to = places[4 * index + 1] ?? 0;
      if (to - from === 20 && OVERFLOW_KEYS.has(bytes.toString('latin1', from, to))) return true;
    }
    return false;
  }

  #comment(bytes: Buffer, from: number, to: number): void {
    this.#hasEnd = to - from <= END_LENGTH_MAX && END.test(bytes.toString('latin1', from, to));
    // "# TYPE": other comments may be long, and there is one for each metric.
    if (bytes.indexOf(LETTER_OF_TYPE, from) - from > 8) return;
    const [, quotedName, plainName, type] = TYPE.exec(bytes.toString('utf8', from, to)) ?? [];
    const name =
      quotedName === undefined
        ? plainName
        : PAGE_TEXTS.key(Buffer.from(quotedName), 0, Buffer.byteLength(quotedName));
    if (name === undefined || type === undefined) return;
    this.#types.declare(name, type);
    this.#checkRoom();
    for (const suffix of SUFFIXES) {
      const known = this.#names.get(name + suffix);
      if (known !== undefined) known.owner = undefined;
    }
  }

  #checkRoom(): void {
    if (this.#types.size + this.#undeclared > METRICS_MAX || this.#names.size > 2 * METRICS_MAX)
      throw new Error(`more than ${METRICS_MAX} metrics`);
  }

  #nameAt(bytes: Buffer, from: number, to: number): SampleName {
    const last = this.#last;
    if (last !== undefined && to - from === last.bytes.length && isSame(bytes, from, last.bytes)) return last;
    const text = PAGE_TEXTS.key(bytes, from, to);
    let name = this.#names.get(text);
    if (name === undefined) {
      name = {
        ...{ text, bytes: Buffer.from(bytes.subarray(from, to)), owner: undefined },
        ...{ whole: this.#newTally(), parts: undefined, part: undefined },
      };
      name.owner = this.#ownerOf(name);
      this.#names.set(text, name);
      if (!name.owner.isDeclared) this.#undeclared++;
      this.#checkRoom();
    }
    return (this.#last = name);
  }

  #newTally(): Tally {
    return { id: this.#tallies++, series: 0, hasOverflow: false, labels: undefined };
  }

  /** The metric with the most series first. Those without a sample are left out. */
  metrics(topMax: number): PageMetric[] {
    const found = new Map<string, { type: string; tally: Tally }>();
    for (const name of this.#names.values()) {
      const owner = this.#ownerOf(name);
      const { role, type } = owner;
      if (role === 'beside' || (role === 'part' && this.#hasCount(owner))) continue;
      const tally = role === 'part' ? (name.parts ?? name.whole) : name.whole;
      if (hasSeries(tally)) found.set(owner.name, { type, tally });
    }
    return [...found]
      .map(
        ([
          name,
          {
            type,
            tally: { series, hasOverflow, labels },
          },
        ]) => ({
          ...{ name, type, series, hasOverflow },
          labels: labels?.report(topMax) ?? [],
        }),
      )
      .sort((a, b) => b.series - a.series || (a.name < b.name ? -1 : 1));
  }
}

function partKeyOf(name: string): string {
  return name.endsWith('_bucket') ? BUCKET : QUANTILE;
}

function hasSeries({ series, hasOverflow }: Tally): boolean {
  return series > 0 || hasOverflow;
}

function isSame(bytes: Buffer, from: number, other: Buffer): boolean {
  for (let index = 0; index < other.length; index++) if (bytes[from + index] !== other[index]) return false;
  return true;
}

function quoted(bytes: Buffer, from: number, to: number): string {
  const text = printable(bytes.toString('utf8', from, Math.min(to, from + SHOWN_MAX)));
  return to - from > SHOWN_MAX ? `${text}…` : text;
}

const read = (bytes: Buffer, from: number, to: number): string => {
  const text = bytes.toString('utf8', from, to);
  return text.includes('\\')
    ? text.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
    : text;
};

const PAGE_TEXTS: LabelTexts = { key: read, value: read };
