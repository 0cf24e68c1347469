/*
 * Streams by definition: registered once for all threads, in shared memory, where a thread that never saw the instrument
 * finds them. The first registration wins. Any thread; one registry per thread and store.
 */
import { CELL_GAUGE, CELL_SUM } from '../../memory/words.js';
import type { Region } from '../../memory/region.js';
import { count } from '../../memory/statistics.js';
import { findStream, readStream, streamsUsed } from '../../memory/tables.js';
import { loadText, returnText, storeDoubles, storeText } from '../../memory/text.js';
import { keyOf } from './key.js';
import type { InstrumentKind, StreamDefinition } from '../definition/stream.js';

/** A registered stream as one thread sees it. */
export interface RegisteredStream {
  /** Also the slot of its overflow series. */
  readonly index: number;
  readonly definition: StreamDefinition;
  /** Address of the boundaries in shared memory. */
  readonly boundaries: number;
  /** Unix milliseconds. */
  readonly startUnixMillis: number;
}

const GAUGES: readonly InstrumentKind[] = ['GAUGE', 'OBSERVABLE_GAUGE'];

export class StreamRegistry {
  readonly #region: Region;
  readonly #known: RegisteredStream[] = [];

  constructor(region: Region) {
    this.#region = region;
  }

  /** Finds or registers. Undefined when the store has no room for another stream; that is counted. */
  register(definition: StreamDefinition, now: number): RegisteredStream | undefined {
    const key = keyOf(identityOf(definition));
    const { kernel } = this.#region;
    for (;;) {
      const used = streamsUsed(this.#region);
      const found = findStream(this.#region, key, used);
      if (found >= 0) return this.at(found);
      const text = storeText(this.#region, JSON.stringify(definition));
      const boundaries = storeDoubles(this.#region, definition.boundaries);
      const giveBack = (): void => {
        if (text !== undefined) returnText(this.#region, text);
        if (boundaries !== undefined) returnText(this.#region, boundaries);
      };
      if (text === undefined || (boundaries === undefined && definition.boundaries.length > 0)) {
        giveBack();
        return this.#refuse();
      }
      const cell = cellOf(definition);
      const { address, length } = text;
      const index = kernel.admitStream(
        used,
        ...key,
        address,
        length,
        definition.limit,
        cell,
        boundaries?.address ?? 0,
        now,
        ttlOf(definition),
        Number(definition.verbatim),
        Number(ttlOf(definition) > 0 || cell === CELL_GAUGE),
      );
      if (index >= 0) return this.at(index);
      giveBack();
      if (streamsUsed(this.#region) === used && index < -1) return this.#refuse();
    }
  }

  /** The streams of all threads, in the order of their registration. */
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

  #read(index: number): RegisteredStream {
    const { textAddress, textLength, boundaries, startUnixMillis } = readStream(this.#region, index);
    const definition = JSON.parse(loadText(this.#region, textAddress, textLength)) as StreamDefinition;
    return { index, definition, boundaries, startUnixMillis };
  }

  #refuse(): undefined {
    count(this.#region, 'streams');
  }
}

/**
 * What makes two streams one: everything but the description, the boundaries and the limit, of which the first one wins.
 * Names match without regard to case, by the specification.
 */
function identityOf({ scope, name, unit, valueType, kind, verbatim }: StreamDefinition): string {
  // A verbatim name has one definition, whatever it says: who defines it differently must see the first one.
  if (verbatim) return JSON.stringify([name]);
  const { version = null, schemaUrl = null } = scope;
  return JSON.stringify([scope.name, version, schemaUrl, name.toLowerCase(), unit, valueType, kind]);
}

/** A sum that may fall would come back wrong: it never expires, unless Argo's rules say so. */
function ttlOf({ kind, verbatim, ttlMillis = 0 }: StreamDefinition): number {
  return kind === 'UP_DOWN_COUNTER' && !verbatim ? 0 : ttlMillis;
}

function cellOf({ kind, boundaries }: StreamDefinition): number {
  if (kind === 'HISTOGRAM') return boundaries.length + 1;
  return GAUGES.includes(kind) ? CELL_GAUGE : CELL_SUM;
}
