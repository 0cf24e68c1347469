// What is remembered of a workflow that is over, as bytes.
//
// Flags, the version, two times, the mark of the metrics as they were started, the values, each by its number or as JSON, and
// the runs, to the end.
import type { CountedValues, HeldValue } from './counted-values.js';
import type { TrackerState, WrittenMetric } from './tracker-state.js';

const SAID_HIDDEN = 1;
/** The version is a number of 48 bits; else a text. */
const NUMBER = 2;
/** Both times are whole seconds, or none. */
const SECONDS = 4;
const STARTED = 8;

const VERSION_BYTES = 6;
const VERSION = /^(?:0|[1-9]\d{0,13})$/;
/** In the place of a time that there is not. */
const NONE = 2 ** 32 - 1;
const MARK_LOW_BYTES = 4;
const MARK_BYTES = 7;

/** How a value is held: not at all, as JSON, as keys and as many texts as there are, or by its number and 3. */
const ABSENT = 0;
const INLINE = 1;
const KEYED = 2;
const FIRST_ID = 3;
/** Phase, labels, annotations, the first metrics, and what was written into them. */
const VALUES = 5;

const NUMBER_BYTES_MAX = 8;
/** Of one UTF-16 unit. */
const UTF8_BYTES_MAX = 3;
/** Flags, version, times, mark, and how each value is held. */
const FIXED_BYTES_MAX = 256;
const FIRST_BYTES = 4096;
/** One that had to grow beyond this is not kept. */
const KEPT_BYTES_MAX = 1024 * 1024;

let kept = Buffer.allocUnsafeSlow(FIRST_BYTES);

/** To be copied at once. Undefined if something of it is no JSON; nothing is held then. */
export function packState(state: TrackerState, values: CountedValues): Buffer | undefined {
  const { annotations, labels, phase, runs, versions, written } = state;
  const held = holdAll([phase, labels, annotations, written.first, written.written], values);
  if (held === undefined) return undefined;
  const texts = held.flatMap(textsOf);
  const textBytes = texts.reduce((sum, { length }) => sum + NUMBER_BYTES_MAX + length * UTF8_BYTES_MAX, 0);
  const bytes = bufferOf(FIXED_BYTES_MAX + versions.length * UTF8_BYTES_MAX + textBytes + runs.length);
  let flags = state.saidHidden ? SAID_HIDDEN : 0;
  let at = 1;
  if (VERSION.test(versions)) {
    flags |= NUMBER;
    at = bytes.writeUIntLE(Number(versions), at, VERSION_BYTES);
  } else at = putText(bytes, at, versions);

  const times = [state.newestTime, state.startedAt];
  if (times.every(isSecond)) {
    flags |= SECONDS;
    for (const time of times) at = bytes.writeUInt32LE(time === undefined ? NONE : time / 1000, at);
  } else for (const time of times) at = bytes.writeDoubleLE(time ?? NaN, at);
  if (written.started !== undefined) {
    flags |= STARTED;
    at = bytes.writeUInt32LE(written.started % 2 ** 32, at);
    at = bytes.writeUIntLE(Math.floor(written.started / 2 ** 32), at, MARK_BYTES - MARK_LOW_BYTES);
  }
  for (const value of held) {
    if (value === undefined) at = putNumber(bytes, at, ABSENT);
    else if ('id' in value) at = putNumber(bytes, at, FIRST_ID + value.id);
    else if ('json' in value) at = putNumber(bytes, at, INLINE);
    else at = putNumber(bytes, putNumber(bytes, putNumber(bytes, at, KEYED), value.keys), value.texts.length);
    for (const text of textsOf(value)) at = putText(bytes, at, text);
  }
  bytes[0] = flags;
  at += bytes.write(runs, at, 'latin1');
  return bytes.subarray(0, at);
}

export function unpackState(bytes: Buffer, values: CountedValues): TrackerState {
  const reader = new Reader(bytes);
  const versions = reader.version();
  const newestTime = reader.time();
  const startedAt = reader.time();
  const started = reader.mark();
  const [phase, labels, annotations, first, written] = reader.values().map(held => held && values.read(held));
  // Each field by itself: what V8 copies from another object is old from the beginning, and waits there.
  return {
    versions,
    runs: reader.rest(),
    newestTime,
    phase: phase as string | undefined,
    labels,
    annotations,
    startedAt,
    saidHidden: reader.saidHidden,
    written: { first, started, written: written as readonly WrittenMetric[] },
  };
}

/** As `TrackerState` has it. */
export function versionsIn(bytes: Buffer): string {
  return new Reader(bytes).version();
}

/** How its values are held. */
export function heldIn(bytes: Buffer): HeldValue[] {
  const reader = new Reader(bytes);
  reader.version();
  reader.time();
  reader.time();
  reader.mark();
  return reader.values().filter(held => held !== undefined);
}

function textsOf(held: HeldValue | undefined): readonly string[] {
  if (held === undefined || 'id' in held) return [];
  return 'json' in held ? [held.json] : held.texts;
}

function holdAll(wanted: readonly unknown[], values: CountedValues): (HeldValue | undefined)[] | undefined {
  const all: (HeldValue | undefined)[] = [];
  for (const value of wanted) {
    const held = value === undefined ? undefined : values.hold(value);
    if (held === undefined && value !== undefined) {
      for (const each of all) if (each !== undefined) values.release(each);
      return undefined;
    }
    all.push(held);
  }
  return all;
}

function bufferOf(bytes: number): Buffer {
  const buffer = kept.length >= bytes ? kept : Buffer.allocUnsafeSlow(bytes);
  if (bytes <= KEPT_BYTES_MAX) kept = buffer;
  return buffer;
}

function isSecond(time: number | undefined): boolean {
  return (
    time === undefined ||
    (Number.isInteger(time / 1000) && time >= 0 && time / 1000 < NONE && !Object.is(time, -0))
  );
}

/** Seven bits a byte. */
function putNumber(bytes: Buffer, at: number, number: number): number {
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) + 128;
  bytes[at++] = rest;
  return at;
}

function putText(bytes: Buffer, at: number, text: string): number {
  const length = Buffer.byteLength(text);
  const begin = putNumber(bytes, at, length);
  return begin + bytes.write(text, begin, length, 'utf8');
}

class Reader {
  readonly #bytes: Buffer;
  readonly #flags: number;
  #at = 1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#flags = bytes.readUInt8(0);
  }

  get saidHidden(): boolean {
    return (this.#flags & SAID_HIDDEN) !== 0;
  }

  version(): string {
    if ((this.#flags & NUMBER) !== 0) {
      this.#at += VERSION_BYTES;
      return String(this.#bytes.readUIntLE(this.#at - VERSION_BYTES, VERSION_BYTES));
    }
    return this.#text();
  }

  time(): number | undefined {
    if ((this.#flags & SECONDS) !== 0) {
      this.#at += 4;
      const seconds = this.#bytes.readUInt32LE(this.#at - 4);
      return seconds === NONE ? undefined : seconds * 1000;
    }
    this.#at += 8;
    const time = this.#bytes.readDoubleLE(this.#at - 8);
    return Number.isNaN(time) ? undefined : time;
  }

  mark(): number | undefined {
    if ((this.#flags & STARTED) === 0) return undefined;
    this.#at += MARK_BYTES;
    const low = this.#bytes.readUInt32LE(this.#at - MARK_BYTES);
    const highBytes = MARK_BYTES - MARK_LOW_BYTES;
    return this.#bytes.readUIntLE(this.#at - highBytes, highBytes) * 2 ** 32 + low;
  }

  values(): (HeldValue | undefined)[] {
    return Array.from({ length: VALUES }, () => {
      const how = this.#number();
      if (how === ABSENT) return undefined;
      if (how === INLINE) return { json: this.#text() };
      if (how !== KEYED) return { id: how - FIRST_ID };
      const keys = this.#number();
      return { keys, texts: Array.from({ length: this.#number() }, () => this.#text()) };
    });
  }

  /** The runs: what stands behind everything else. */
  rest(): string {
    return this.#bytes.toString('latin1', this.#at);
  }

  #number(): number {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.#at++);
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }

  #text(): string {
    const length = this.#number();
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }
}
