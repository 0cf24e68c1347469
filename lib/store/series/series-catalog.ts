// What a collecting thread knows about series: read once from shared memory, because a series' definition never changes.
// One per thread and store.
import type { Attributes } from '@opentelemetry/api';
import { SERIES_PER_LOOK } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import {
  isInUse,
  isRemoved,
  liveWord,
  readSlot,
  slotsEnd,
  slotWord,
  tableChanges,
} from '../../memory/tables.js';
import { loadText } from '../../memory/text.js';
import { parseAttributes } from './attributes.js';
import { OVERFLOW_ATTRIBUTES, OVERFLOW_TEXT } from '../definition/overflow.js';
import type { RegisteredStream, StreamRegistry } from './stream-registry.js';
import { TimeSlice } from '../../guard/time-slice.js';

export interface Series {
  readonly slot: number;
  /** The slot's word while this series has it. */
  readonly live: number;
  readonly stream: RegisteredStream;
  readonly attributes: Attributes;
  /** The attributes as text: equal for equal attributes. */
  readonly text: string;
  /** One of several copies: see HOLDER. */
  readonly isHeld: boolean;
  /** Where its cells stand in every histogram area. */
  readonly histogram: number;
}

/**
 * An attribute that is never exposed: who holds this copy of a series. A gauge of custom metrics that several holders
 * report, each with a clock of its own, has a series for each, of which a collection shows one. Elsewhere it is an
 * attribute like any other, which a caller may have brought.
 */
export const HOLDER = '\u0000holder';

/** Whether a stream may have several copies of a series. */
export function mayBeHeld({ definition }: RegisteredStream): boolean {
  return definition.verbatim && definition.kind === 'GAUGE';
}

const OVERFLOW = {
  attributes: OVERFLOW_ATTRIBUTES,
  text: OVERFLOW_TEXT,
  isHeld: false,
};

function describe(stream: RegisteredStream, text: string): Pick<Series, 'attributes' | 'text' | 'isHeld'> {
  const attributes = parseAttributes(text);
  if (!mayBeHeld(stream) || !Object.hasOwn(attributes, HOLDER)) return { attributes, text, isHeld: false };
  const shown = Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== HOLDER));
  return { attributes: Object.freeze(shown), text: JSON.stringify(shown), isHeld: true };
}

export class SeriesCatalog {
  readonly #region: Region;
  readonly #registry: StreamRegistry;
  readonly #series: (Series | undefined)[] = [];
  /** `tableChanges` when all series were known. */
  #knownChanges = -1n;
  #reading: Promise<void> | undefined;

  constructor(region: Region, registry: StreamRegistry) {
    this.#region = region;
    this.#registry = registry;
  }

  /** The series of a slot, or undefined while it has none that is shown. */
  at(slot: number): Series | undefined {
    return isInUse(slotWord(this.#region, slot)) ? this.evenRemoved(slot) : undefined;
  }

  /** The same, but a removed one too until its slot is given back. */
  evenRemoved(slot: number): Series | undefined {
    const word = slotWord(this.#region, slot);
    if (!isReadable(word)) return undefined;
    const live = liveWord(word);
    const known = this.#series[slot];
    if (known?.live === live) return known;
    const isOverflow = slot < this.#region.layout.maxStreams;
    if (isOverflow && known !== undefined) return known; // A new generation of it is the same series.
    const record = readSlot(this.#region, slot);
    const stream = this.#registry.at(record.stream);
    if (stream.definition.hidden === true) return undefined;
    // Of an overflow series it is empty.
    const text = loadText(this.#region, record.textAddress, record.textLength);
    // Without the right to collect, the slot may have been given to another series while it was read, or be dead: its text is
    // given back before its generation changes.
    const after = slotWord(this.#region, slot);
    if (liveWord(after) !== live || !isReadable(after)) return undefined;
    const series: Series = {
      slot,
      live,
      stream,
      ...(isOverflow ? OVERFLOW : describe(stream, text)),
      histogram: record.histogramOffset,
    };
    this.#series[slot] = series;
    return series;
  }

  /**
   * Reads series that this thread does not know yet, in short turns and without the right to collect: a collection, for
   * which others wait, then finds nearly all of them read. Undefined when nothing changed since the last time.
   */
  readAhead(): Promise<void> | undefined {
    if (this.#reading === undefined && tableChanges(this.#region) !== this.#knownChanges)
      this.#reading = this.#readAll().finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    const changes = tableChanges(this.#region);
    const slice = new TimeSlice();
    let count = 0;
    for (const slot of this.slots()) {
      this.at(slot);
      if (++count % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    this.#knownChanges = changes;
  }

  /** Slots that may hold something: the overflow series of all streams, then all series. */
  *slots(): Generator<number> {
    const streams = this.#registry.all().length;
    for (let slot = 0; slot < streams; slot++) yield slot;
    const end = slotsEnd(this.#region);
    for (let slot = this.#region.layout.maxStreams; slot < end; slot++) yield slot;
  }
}

function isReadable(word: number): boolean {
  return isInUse(word) || isRemoved(word);
}
