// Streams by definition: registered once for all threads, in shared memory, where a thread that never saw the instrument
// finds them. The first registration wins. Any thread; one registry per thread and store.
import { AdmissionTries } from '../../memory/admission-tries.js';
import { explicitHistogram, GAUGE, SUM } from '../../memory/aggregation.js';
import { EncodedText } from '../../memory/encoded-text.js';
import type { Region } from '../../memory/region.js';
import { count } from '../../memory/statistics.js';
import { readStream, streamKey, streamsUsed, type Key } from '../../memory/tables.js';
import { loadText, returnText, storeDoubles, storeText, type StoredText } from '../../memory/text.js';
import { RETRY } from '../../memory/words.js';
import type { InstrumentKind, StreamDefinition } from '../definition/stream.js';

/** A registered stream as one thread sees it. */
export interface RegisteredStream {
  /** Also the slot of its overflow series. */
  readonly index: number;
  readonly definition: StreamDefinition;
  /** In shared memory; 0 if it has none. */
  readonly boundariesAddress: number;
  /** Unix milliseconds. */
  readonly startUnixMillis: number;
}

/** What a stream keeps in the arena of texts. */
interface StreamTexts {
  readonly text: StoredText;
  readonly boundaries?: StoredText;
}

const GAUGES: readonly InstrumentKind[] = ['GAUGE', 'OBSERVABLE_GAUGE'];

/** Whose a stream's text is; that of a series is a stream's, by its index. */
const NO_STREAM = -1;

export class StreamRegistry {
  readonly #region: Region;
  readonly #known: RegisteredStream[] = [];
  /** Index by key, of as many streams as were looked at. */
  readonly #indexes = new Map<string, number>();

  constructor(region: Region) {
    this.#region = region;
  }

  /** Finds or registers. Undefined when the store has no room for another stream; that is counted. */
  register(definition: StreamDefinition, now: number): RegisteredStream | undefined {
    const key = this.#keyOf(definition);
    let texts: StreamTexts | undefined;
    for (const tries = new AdmissionTries(this.#region); tries.next();) {
      const used = streamsUsed(this.#region);
      const found = this.#find(key, used);
      if (found !== undefined) {
        this.#giveBack(texts);
        return this.at(found);
      }
      // Before anything is written: who has no room may ask very often.
      if (used >= this.#region.layout.maxStreams) break;
      texts ??= this.#store(definition);
      if (texts === undefined) break;
      const index = this.#admit(used, key, definition, texts, now);
      if (index >= 0) return this.at(index);
      if (index !== RETRY && streamsUsed(this.#region) === used) break;
    }
    this.#giveBack(texts);
    return this.#refuse();
  }

  #keyOf(definition: StreamDefinition): Key {
    const text = EncodedText.take();
    text.put(identityOf(definition));
    const key = text.keyOf(this.#region.kernel, NO_STREAM);
    EncodedText.giveBack(text);
    return key;
  }

  #store(definition: StreamDefinition): StreamTexts | undefined {
    const text = storeText(this.#region, JSON.stringify(definition));
    if (typeof text === 'string') return undefined;
    if (definition.boundaries.length === 0) return { text };
    const boundaries = storeDoubles(this.#region, definition.boundaries);
    if (typeof boundaries !== 'string') return { text, boundaries };
    this.#giveBack({ text });
    return undefined;
  }

  #giveBack(texts: StreamTexts | undefined): void {
    for (const text of Object.values<StoredText>({ ...texts })) returnText(this.#region, text);
  }

  #admit(
    used: number,
    key: Key,
    definition: StreamDefinition,
    { text, boundaries }: StreamTexts,
    now: number,
  ): number {
    const aggregation = aggregationOf(definition);
    const ttl = ttlOf(definition);
    return this.#region.kernel.admitStream(
      used,
      ...key,
      text.address,
      text.length,
      definition.limit,
      aggregation,
      boundaries?.address ?? 0,
      now,
      ttl,
      Number(definition.verbatim),
      Number(ttl > 0 || aggregation === GAUGE),
      Number(definition.hidden === true),
    );
  }

  /** The streams of all threads but the hidden ones, in the order of their registration. */
  visible(): RegisteredStream[] {
    return this.all().filter(({ definition }) => definition.hidden !== true);
  }

  /** The streams of all threads, each at its index. */
  all(): readonly RegisteredStream[] {
    const used = streamsUsed(this.#region);
    if (used > 0) this.at(used - 1);
    return this.#known;
  }

  /** `index` must be one that was registered. */
  at(index: number): RegisteredStream {
    for (let next = this.#known.length; next <= index; next++) this.#known.push(this.#read(next));
    return this.#known[index] as RegisteredStream;
  }

  /** Streams are never removed, and no two have one key. */
  #find(key: Key, used: number): number | undefined {
    for (let index = this.#indexes.size; index < used; index++)
      this.#indexes.set(streamKey(this.#region, index).join(), index);
    return this.#indexes.get(key.join());
  }

  #read(index: number): RegisteredStream {
    const record = readStream(this.#region, index);
    const text = loadText(this.#region, record.textAddress, record.textLength);
    return {
      index,
      definition: JSON.parse(text) as StreamDefinition,
      boundariesAddress: record.boundariesAddress,
      startUnixMillis: record.startUnixMillis,
    };
  }

  #refuse(): undefined {
    count(this.#region, 'streams');
  }
}

/**
 * What makes two streams one: everything but the description, the boundaries and the limit, of which the first one wins.
 * Names match without regard to case, by the specification.
 */
function identityOf({ scope, name, unit, valueType, kind, verbatim, hidden }: StreamDefinition): string {
  // Two parts: none that is shown has as many.
  if (hidden === true) return JSON.stringify([scope.name, name]);
  // A verbatim name has one definition, whatever it says: who defines it differently must see the first one.
  if (verbatim) return JSON.stringify([name]);
  const { version = null, schemaUrl = null } = scope;
  return JSON.stringify([scope.name, version, schemaUrl, name.toLowerCase(), unit, valueType, kind]);
}

/** A sum that may fall would come back wrong: it never expires, unless Argo's rules say so. */
function ttlOf({ kind, verbatim, hidden, ttlMillis = 0 }: StreamDefinition): number {
  if (hidden === true) return 0;
  return kind === 'UP_DOWN_COUNTER' && !verbatim ? 0 : ttlMillis;
}

function aggregationOf({ kind, boundaries }: StreamDefinition): number {
  if (kind === 'HISTOGRAM') return explicitHistogram(boundaries.length + 1);
  return GAUGES.includes(kind) ? GAUGE : SUM;
}
