// One collection as it is read back from each of the formats, in one form: what is equal here is equal to a server.
import type { ExpositionFormat } from '../../lib/exposition/negotiation/exposition-format.js';
import type { Exposition } from '../../lib/exposition/writer/prometheus-writer.js';
import { decodeMetricFamilies } from '../support/protobuf-decoder.js';
import type { DecodedFamily } from '../support/protobuf-decoder.js';
import { parseOpenMetrics } from '../support/openmetrics-parser.js';
import { parsePrometheusText } from '../support/prometheus-parser.js';

export interface ReadBack {
  /** By sample name and labels, with `le` as a number. */
  readonly samples: ReadonlyMap<string, number>;
  /** `type help` by the name that a family has in Prometheus' text. */
  readonly families: ReadonlyMap<string, string>;
  /** Since when a counter or histogram counts, in milliseconds; by the name of the family and labels. */
  readonly created: ReadonlyMap<string, number>;
}

type Labels = Readonly<Record<string, string>>;

class Reading implements ReadBack {
  readonly samples = new Map<string, number>();
  readonly families = new Map<string, string>();
  readonly created = new Map<string, number>();

  sample(name: string, labels: Labels, value: number): void {
    const { le, ...others } = labels;
    const bound =
      name.endsWith('_bucket') && le !== undefined ? { le: le === '+Inf' ? Infinity : Number(le) } : { le };
    const key = keyOf(name, { ...others, ...bound });
    if (this.samples.has(key)) throw new Error(`a second ${key}`);
    this.samples.set(key, value);
  }
}

function keyOf(name: string, labels: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== undefined);
  return `${name} ${JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, String(value)]))}`;
}

export function readText(text: string, utf8Names = false): ReadBack {
  const reading = new Reading();
  for (const { name, type, help = '', samples } of parsePrometheusText(text, { utf8Names }).values()) {
    reading.families.set(name, `${type} ${help}`);
    for (const sample of samples) reading.sample(sample.name, sample.labels, sample.value);
  }
  return reading;
}

export function readOpenMetrics(text: string, utf8Names = false): ReadBack {
  const reading = new Reading();
  for (const { name, type, help, samples } of parseOpenMetrics(text, { utf8Names })) {
    const [plain, word] =
      type === 'counter'
        ? [`${name}_total`, type]
        : type === 'info'
          ? [`${name}_info`, 'gauge']
          : [name, type === 'unknown' ? 'counter' : type];
    reading.families.set(plain, `${word} ${help}`);
    for (const sample of samples)
      if (sample.name === `${name}_created` && type !== 'gauge' && type !== 'unknown')
        reading.created.set(keyOf(plain, sample.labels), Math.round(sample.value * 1000));
      else reading.sample(sample.name, sample.labels, sample.value);
  }
  return reading;
}

export function readProtobuf(bytes: Uint8Array): ReadBack {
  const reading = new Reading();
  for (const family of decodeMetricFamilies(bytes)) readFamily(reading, family);
  return reading;
}

function readFamily(reading: Reading, { name, type, help, unit, metrics }: DecodedFamily): void {
  if (unit !== '' && !name.replace(/_total$/, '').endsWith(`_${unit}`)) throw new Error(`${name} in ${unit}`);
  reading.families.set(name, `${type} ${help}`);
  for (const { labels: pairs, value, createdMillis } of metrics) {
    const labels = Object.fromEntries(pairs);
    if (createdMillis !== undefined) reading.created.set(keyOf(name, labels), createdMillis);
    if (typeof value === 'number') {
      reading.sample(name, labels, value);
      continue;
    }
    for (const [bound, cumulative] of value.buckets)
      reading.sample(
        `${name}_bucket`,
        { ...labels, le: bound === Infinity ? '+Inf' : `${bound}` },
        Number(cumulative),
      );
    reading.sample(`${name}_sum`, labels, value.sum);
    reading.sample(`${name}_count`, labels, Number(value.count));
  }
}

/** A chunk is copied before the next one is made. */
export async function bytesOf(exposition: Exposition, format: ExpositionFormat): Promise<Buffer> {
  const copies: Buffer[] = [];
  for (const chunk of await exposition.chunks(format)) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

export async function textOf(exposition: Exposition, format: ExpositionFormat): Promise<string> {
  return (await bytesOf(exposition, format)).toString();
}
