// A strict reader of OpenMetrics 1.0, written from its text and not from our writer. Beyond the grammar: metadata and metrics
// are not interleaved, names do not clash, counters and histograms are what they have to be, bounds are canonical numbers.
// https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md

export interface OpenMetricsSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface OpenMetricsFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly OpenMetricsSample[];
}

/** What sample names of a type end with; nothing else of the types is read. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  info: ['_info'],
  unknown: [''],
};

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NUMBER =
  /^(?:[+-]?\d+|[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?|[+-]?\d*\.\d+(?:e[+-]?\d+)?|[+-]?inf(?:inity)?|nan)$/i;
/** A backslash before anything else stands for itself, but "SHOULD NOT be used". */
const ESCAPED = /^(?:[^"\\\n]|\\[n"\\])*$/u;

interface Options {
  /** Names may be quoted, as who says `escaping=allow-utf-8` takes them. */
  readonly utf8Names?: boolean;
}

/** @throws Error with the line that breaks a rule */
export function parseOpenMetrics(text: string, { utf8Names = false }: Options = {}): OpenMetricsFamily[] {
  if (!text.endsWith('# EOF\n')) throw new Error('no # EOF at the end');
  const reading = new Reading(utf8Names);
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1))
    try {
      reading.take(line);
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${line}`, { cause: error });
    }

  return reading.finish();
}

class Reading {
  readonly #utf8Names: boolean;
  readonly #families: OpenMetricsFamily[] = [];
  readonly #names = new Set<string>();
  #metadata = new Map<string, string>();
  #name = '';
  #samples: OpenMetricsSample[] = [];

  constructor(utf8Names: boolean) {
    this.#utf8Names = utf8Names;
  }

  take(line: string): void {
    const metadata = /^# (TYPE|UNIT|HELP) ((?:"(?:[^"\\]|\\.)*"|[^ "]+)) (.*)$/su.exec(line);
    if (metadata === null) {
      check(!line.startsWith('#'), 'neither metadata nor a sample');
      this.#takeSample(line);
      return;
    }
    const [, keyword = '', written = '', value = ''] = metadata;
    const name = this.#metricName(written);
    if (name !== this.#name || this.#samples.length > 0) this.#begin(name);
    check(!this.#metadata.has(keyword), `a second ${keyword}`);
    if (keyword === 'TYPE') check(value in SUFFIXES, 'no type');
    if (keyword === 'UNIT')
      check(/^[a-zA-Z0-9_:]+$/.test(value) && name.endsWith(`_${value}`), 'no unit of the name');
    this.#metadata.set(keyword, keyword === 'HELP' ? unescaped(value) : value);
  }

  finish(): OpenMetricsFamily[] {
    this.#end();
    checkNames(this.#families);
    return this.#families;
  }

  #begin(name: string): void {
    this.#end();
    check(!this.#names.has(name), 'a family a second time');
    this.#names.add(name);
    this.#name = name;
  }

  #end(): void {
    if (this.#name === '') return;
    const [type = 'unknown', unit = '', help = ''] = ['TYPE', 'UNIT', 'HELP'].map(key =>
      this.#metadata.get(key),
    );
    const family = { name: this.#name, type, unit, help, samples: this.#samples };
    check(type !== 'info' || unit === '', `info with a unit ${unit}`);
    checkSamples(family);
    this.#families.push(family);
    this.#metadata = new Map();
    this.#samples = [];
  }

  #takeSample(line: string): void {
    const sample = this.#sample(line);
    const suffixes = SUFFIXES[this.#metadata.get('TYPE') ?? 'unknown'] ?? [];
    check(
      suffixes.some(suffix => sample.name === this.#name + suffix),
      `no sample of "${this.#name}"`,
    );
    this.#samples.push(sample);
  }

  #sample(line: string): OpenMetricsSample {
    const [, outside = '', body, number = ''] =
      /^([^{ ]*)(?:\{((?:"(?:[^"\\]|\\.)*"|[^"}])*)\})? ([^ ]+)$/su.exec(line) ?? [];
    check(NUMBER.test(number), 'no sample with a number');
    let rest = body ?? '';
    let name = outside;
    if (name === '') {
      const [whole = '', quoted = ''] = /^("(?:[^"\\]|\\.)*")(?:,|$)/su.exec(rest) ?? [];
      name = this.#metricName(quoted);
      rest = rest.slice(whole.length);
    } else check(METRIC_NAME.test(name), 'no name');
    const labels: Record<string, string> = {};
    while (rest !== '') {
      const match = /^([^="]+|"(?:[^"\\]|\\.)*")="((?:[^"\\]|\\.)*)"(,(?=.)|$)/su.exec(rest);
      if (match === null) throw new Error('no label');
      const [whole, written = '', value = ''] = match;
      const key = written.startsWith('"') ? this.#quoted(written, LABEL_NAME) : written;
      check(written.startsWith('"') || LABEL_NAME.test(key), 'no label name');
      check(!Object.hasOwn(labels, key), 'a label twice');
      Object.defineProperty(labels, key, { value: unescaped(value), enumerable: true });
      rest = rest.slice(whole.length);
    }
    return { name, labels, value: numberOf(number) };
  }

  #metricName(written: string): string {
    if (written.startsWith('"')) return this.#quoted(written, METRIC_NAME);
    check(METRIC_NAME.test(written), 'no name');
    return written;
  }

  #quoted(written: string, plain: RegExp): string {
    check(this.#utf8Names, 'a quoted name');
    const name = unescaped(written.slice(1, -1));
    check(name !== '' && !plain.test(name), 'quoted for nothing');
    // As Prometheus' lexer has it, which takes one in values and texts only.
    check(!name.includes('\0'), 'a NUL in a name');
    return name;
  }
}

function check(isTrue: boolean, why: string): asserts isTrue {
  if (!isTrue) throw new Error(why);
}

function unescaped(text: string): string {
  check(ESCAPED.test(text), 'no escaped text');
  return text.replaceAll(/\\(.)/gsu, (_, character: string) => (character === 'n' ? '\n' : character));
}

function numberOf(text: string): number {
  const word = /^([+-]?)(inf|nan)/i.exec(text);
  if (word === null) return Number(text);
  return word[2]?.toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
}

/** "MUST NOT result in a potential clash for sample metric names": of what could be there, as well as of what is. */
function checkNames(families: readonly OpenMetricsFamily[]): void {
  const owners = new Map<string, string>();
  for (const { name, type } of families)
    for (const sample of new Set([name, ...(SUFFIXES[type] ?? []).map(suffix => name + suffix)])) {
      const owner = owners.get(sample);
      check(owner === undefined, `"${sample}" belongs to "${owner}" and to "${name}"`);
      owners.set(sample, name);
    }
}

function checkSamples({ name, type, samples }: OpenMetricsFamily): void {
  const metrics = new Map<string, OpenMetricsSample[]>();
  let last: OpenMetricsSample[] | undefined;
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const isBucket = type === 'histogram' && sample.name === `${name}_bucket`;
    check(isBucket === (le !== undefined) || type !== 'histogram', `le where none is, or none where it is`);
    const key = JSON.stringify(Object.entries(type === 'histogram' ? labels : sample.labels).sort());
    const metric = metrics.get(key) ?? [];
    check(metric === last || metric.length === 0, `interleaved metrics of ${name}`);
    metrics.set(key, metric);
    metric.push(sample);
    last = metric;
  }
  for (const metric of metrics.values())
    if (type === 'histogram') checkHistogram(name, metric);
    else checkSingle(name, type, metric);
}

function checkSingle(name: string, type: string, metric: readonly OpenMetricsSample[]): void {
  const names = metric.map(sample => sample.name);
  check(new Set(names).size === names.length, `a sample of ${name} twice`);
  const [first] = metric;
  if (type === 'info') check(first?.value === 1, `${name}: info that is not 1`);
  if (type !== 'counter') return;
  check(first?.name === `${name}_total`, `${name}: no total before anything else`);
  check(first.value >= 0, `${name}: a counter that is ${first.value}`);
}

function checkHistogram(name: string, metric: readonly OpenMetricsSample[]): void {
  const of = (suffix: string): OpenMetricsSample[] => metric.filter(sample => sample.name === name + suffix);
  const buckets = of('_bucket').map(({ labels, value }) => ({ bound: labels['le'] ?? '', value }));
  check(
    metric.slice(0, buckets.length).every(({ name: sample }) => sample === `${name}_bucket`),
    `${name}: buckets apart`,
  );
  let before = { bound: -Infinity, value: 0 };
  for (const { bound, value } of buckets) {
    check(bound === canonical(numberOf(bound)), `${name}: the bound ${bound} is not canonical`);
    check(Number.isInteger(value) && value >= before.value, `${name}: a bucket that holds less, or a part`);
    check(numberOf(bound) > before.bound, `${name}: bounds that do not ascend`);
    before = { bound: numberOf(bound), value };
  }
  check(before.bound === Infinity, `${name}: no +Inf at the end`);
  const [sums, counts] = [of('_sum'), of('_count')];
  check(
    sums.length < 2 && sums.length === counts.length,
    `${name}: sum and count are there together, and once`,
  );
  check(counts.length === 0 || counts[0]?.value === before.value, `${name}: a count that is not in +Inf`);
  check(
    sums.length === 0 || !buckets.some(({ bound }) => numberOf(bound) < 0),
    `${name}: a sum below negative bounds`,
  );
  check(of('_created').length < 2, `${name}: created twice`);
}

/** "Equivalent to the default Go rendering of float64 values (i.e. %g), with a .0 appended in case there is no decimal point or exponent". */
function canonical(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === 0) return '0.0';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6)
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
