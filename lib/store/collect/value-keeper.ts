// When the places of labels' values come back: behind a collection, once series have given theirs back since the last time.
// Nobody waits for it, and it takes a tenth of the time at most. A value stays as long as a series that has it has a slot,
// also an idle or removed one: it may come again, or a reader of deltas still has it. One per thread and store.
import { SERIES_PER_LOOK, VALUE_ROUND_REST } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import { readStatistic } from '../../memory/statistics.js';
import { readSlot, slotsEnd, slotWord, streamOfSlot } from '../../memory/tables.js';
import { loadText } from '../../memory/text.js';
import { SLOT_FREE, SLOT_STATE_MASK } from '../../memory/words.js';
import { TimeSlice } from '../../guard/time-slice.js';
import { monotonicMillis } from '../../waiting.js';
import type { StreamDefinition } from '../definition/stream.js';
import { LabelValue } from '../series/label-value.js';
import type { RegisteredStream, StreamRegistry } from '../series/stream-registry.js';
import type { CutQueue } from './cut-queue.js';
import { HiddenPlaces } from './hidden-places.js';

export interface ValueKeeperOptions {
  readonly region: Region;
  readonly registry: StreamRegistry;
  readonly cuts: CutQueue;
  readonly now: () => number;
}

/** A hidden stream, and what it has the values of. */
interface Values {
  readonly places: RegisteredStream;
  readonly of: NonNullable<StreamDefinition['valuesOf']>;
}

export class ValueKeeper {
  readonly #options: ValueKeeperOptions;
  /** How many series had given their place back when all values were looked for. */
  #known = 0;
  #notBefore = -Infinity;
  #round: Promise<void> | undefined;

  constructor(options: ValueKeeperOptions) {
    this.#options = options;
  }

  /** A collection is over. What is under way, if anything is. */
  look(): Promise<void> | undefined {
    const reclaimed = readStatistic(this.#options.region, 'reclaimed');
    if (this.#round !== undefined || reclaimed === this.#known || monotonicMillis() < this.#notBefore)
      return this.#round;
    const all = this.#values();
    if (all.length === 0) this.#known = reclaimed;
    else this.#round = this.#run(all, reclaimed);
    return this.#round;
  }

  /** What callbacks observe has no slots: which of it is still there cannot be seen, so its values stay. */
  #values(): Values[] {
    const { registry } = this.#options;
    return registry.all().flatMap(places => {
      const of = places.definition.valuesOf;
      if (of === undefined || registry.at(of.stream).definition.kind.startsWith('OBSERVABLE_')) return [];
      return [{ places, of }];
    });
  }

  async #run(all: readonly Values[], reclaimed: number): Promise<void> {
    const begun = monotonicMillis();
    try {
      // In one go, so that they share their cuts.
      const areDone = await Promise.all(all.map(each => this.#giveBack(each)));
      if (areDone.every(Boolean)) this.#known = reclaimed;
    } catch {
      // Of what keeps a cut from being made the next collection tells.
    }
    const end = monotonicMillis();
    this.#notBefore = end + VALUE_ROUND_REST * (end - begun);
    this.#round = undefined;
  }

  /** False when others kept the right for too long. */
  async #giveBack({ places, of }: Values): Promise<boolean> {
    const { region, cuts, now } = this.#options;
    let isDone = true;
    await new HiddenPlaces(region, places).giveBack(
      async step => {
        const result = await cuts.request(step);
        isDone &&= result.value !== undefined;
        return result;
      },
      asked => this.#findNeeded(of, asked),
      now,
    );
    return isDone;
  }

  /** Which of these places have a value that a series has. In turns and without the right, over all slots. */
  async #findNeeded({ stream, label }: Values['of'], asked: readonly string[]): Promise<ReadonlySet<string>> {
    const { region } = this.#options;
    const value = new LabelValue(label);
    const left = new Set(asked);
    const needed = new Set<string>();
    const slice = new TimeSlice();
    const end = slotsEnd(region);
    for (let slot = region.layout.maxStreams; slot < end && left.size > 0; slot++) {
      if (slot % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
      const text = this.#textOf(slot, stream);
      const found = text === undefined ? undefined : value.in(text);
      const place = `{"":${found}}`;
      if (found !== undefined && left.delete(place)) needed.add(place);
    }
    return needed;
  }

  /** Of the series that a slot has, in whatever state; undefined when it has none of the stream. */
  #textOf(slot: number, stream: number): string | undefined {
    const { region } = this.#options;
    const word = slotWord(region, slot);
    if ((word & SLOT_STATE_MASK) === SLOT_FREE || streamOfSlot(region, slot) !== stream) return undefined;
    const { textAddress, textLength } = readSlot(region, slot);
    const text = loadText(region, textAddress, textLength);
    // Given back meanwhile. Who has the slot now looked at its values' places later than they were marked.
    return (slotWord(region, slot) ^ word) <= SLOT_STATE_MASK ? text : undefined;
  }
}
