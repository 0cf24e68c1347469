// A strict reader of Prometheus' protobuf exposition, written from metrics.proto and not from our writer: a field that the
// messages do not have, that comes twice, or is of another type, is an error.
// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

export interface DecodedHistogram {
  readonly count: bigint;
  readonly sum: number;
  readonly buckets: readonly (readonly [bound: number, cumulative: bigint])[];
}

export interface DecodedMetric {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number | DecodedHistogram;
  readonly createdMillis?: number;
}

export interface DecodedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly metrics: readonly DecodedMetric[];
}

const TYPES = new Map([
  [0n, 'counter'],
  [1n, 'gauge'],
  [4n, 'histogram'],
] as const);

/** @throws Error that says what is wrong, and at which byte of its message */
export function decodeMetricFamilies(bytes: Uint8Array): DecodedFamily[] {
  const reader = new Reader(bytes);
  const families: DecodedFamily[] = [];
  while (!reader.isAtEnd) families.push(familyOf(reader.message()));
  return families;
}

function familyOf(bytes: Uint8Array): DecodedFamily {
  const {
    name = '',
    help = '',
    type = 0n,
    unit = '',
    metric = [],
  } = fieldsOf(bytes, {
    1: ['name', 'text'],
    2: ['help', 'text'],
    3: ['type', 'varint'],
    4: ['metric', 'messages'],
    5: ['unit', 'text'],
  }) as { name?: string; help?: string; type?: bigint; unit?: string; metric?: Uint8Array[] };
  const word = TYPES.get(type as 0n);
  if (word === undefined || name === '') throw new Error(`no name, or the type ${type}`);
  return { name, help, type: word, unit, metrics: metric.map(message => metricOf(message, word)) };
}

function metricOf(bytes: Uint8Array, type: DecodedFamily['type']): DecodedMetric {
  const { label = [], ...values } = fieldsOf(bytes, {
    1: ['label', 'messages'],
    2: ['gauge', 'message'],
    3: ['counter', 'message'],
    7: ['histogram', 'message'],
  }) as { label?: Uint8Array[] } & Record<string, Uint8Array>;
  const [message, ...others] = Object.values(values);
  if (!(type in values) || message === undefined || others.length > 0)
    throw new Error(`a ${type} with ${Object.keys(values).join()}`);
  const labels = label.map((pair): [string, string] => {
    const { name = '', value = '' } = fieldsOf(pair, { 1: ['name', 'text'], 2: ['value', 'text'] }) as {
      name?: string;
      value?: string;
    };
    return [name, value];
  });
  if (new Set(labels.map(([name]) => name)).size < labels.length) throw new Error('a label twice');
  return { labels, ...(type === 'histogram' ? histogramOf(message) : numberOf(message, type)) };
}

function numberOf(bytes: Uint8Array, type: string): Pick<DecodedMetric, 'value' | 'createdMillis'> {
  const { value, created } = fieldsOf(bytes, {
    1: ['value', 'double'],
    ...(type === 'counter' && { 3: ['created', 'message'] as const }),
  }) as { value?: number; created?: Uint8Array };
  if (value === undefined) throw new Error('no value');
  return { value, ...createdOf(created) };
}

function histogramOf(bytes: Uint8Array): Pick<DecodedMetric, 'value' | 'createdMillis'> {
  const {
    count,
    sum,
    bucket = [],
    created,
  } = fieldsOf(bytes, {
    1: ['count', 'varint'],
    2: ['sum', 'double'],
    3: ['bucket', 'messages'],
    15: ['created', 'message'],
  }) as { count?: bigint; sum?: number; bucket?: Uint8Array[]; created?: Uint8Array };
  if (count === undefined || sum === undefined) throw new Error('a histogram without count or sum');
  const buckets = bucket.map((message): [number, bigint] => {
    const { cumulative, bound } = fieldsOf(message, {
      1: ['cumulative', 'varint'],
      2: ['bound', 'double'],
    }) as { cumulative?: bigint; bound?: number };
    if (cumulative === undefined || bound === undefined) throw new Error('a bucket without count or bound');
    return [bound, cumulative];
  });
  return { value: { count, sum, buckets }, ...createdOf(created) };
}

function createdOf(bytes: Uint8Array | undefined): Pick<DecodedMetric, 'createdMillis'> {
  if (bytes === undefined) return {};
  const { seconds = 0n, nanos = 0n } = fieldsOf(bytes, {
    1: ['seconds', 'varint'],
    2: ['nanos', 'varint'],
  }) as { seconds?: bigint; nanos?: bigint };
  if (nanos > 999_999_999n) throw new Error(`${nanos} nanoseconds`);
  return { createdMillis: Number(seconds) * 1000 + Number(nanos) / 1e6 };
}

type Kind = 'text' | 'varint' | 'double' | 'message' | 'messages';
const WIRE_TYPES: Readonly<Record<Kind, number>> = { varint: 0, double: 1, text: 2, message: 2, messages: 2 };

function fieldsOf(
  bytes: Uint8Array,
  fields: Readonly<Record<number, readonly [name: string, kind: Kind]>>,
): Record<string, unknown> {
  const reader = new Reader(bytes);
  const found: Record<string, unknown> = {};
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const field = fields[tag >> 3];
    if (field === undefined || (tag & 7) !== WIRE_TYPES[field[1]]) throw reader.error(`the tag ${tag}`);
    const [name, kind] = field;
    if (kind === 'messages') ((found[name] ??= []) as Uint8Array[]).push(reader.message());
    else if (name in found) throw reader.error(`${name} twice`);
    else
      found[name] =
        kind === 'varint'
          ? reader.varint()
          : kind === 'double'
            ? reader.double()
            : kind === 'text'
              ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reader.message())
              : reader.message();
  }
  return found;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  error(what: string): Error {
    return new Error(`${what}, before byte ${this.#at} of ${this.#bytes.length}`);
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw this.error('cut off');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        if (value >= 1n << 64n || (byte === 0 && shift > 0n)) throw this.error('a number of too many bytes');
        return value;
      }
    }
    throw this.error('a number without an end');
  }

  double(): number {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#take(8), 8);
    return view.getFloat64(0, true);
  }

  /** With its length before it. */
  message(): Uint8Array {
    const length = Number(this.varint());
    const begin = this.#take(length);
    return this.#bytes.subarray(begin, begin + length);
  }

  #take(length: number): number {
    const begin = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw this.error('cut off');
    return begin;
  }
}
