// How the places of a hidden stream come back. Nobody records into them, so the ordinary reclaim would find them idle while
// what they stand for is in use. Three steps, of any thread: the places are marked between two cuts; then whoever needs
// them is looked for, without the right; under the right of later cuts what nobody needs is given back. Why no place is
// freed that somebody needs: lib/memory/swap.ts, point 15.
import { TimeSlice } from '../../guard/time-slice.js';
import { PLACES_PER_CUT, SERIES_PER_LOOK } from '../../limits.js';
import { freePlace, markOf, relieve } from '../../memory/reclaim.js';
import type { Region } from '../../memory/region.js';
import { liveWord, readSlot, slotsEnd, slotWord, streamOfSlot } from '../../memory/tables.js';
import { loadText } from '../../memory/text.js';
import { DONE, LOST, SLOT_DEAD, SLOT_LIVE, SLOT_RETIRING, SLOT_STATE_MASK } from '../../memory/words.js';
import type { RegisteredStream } from '../series/stream-registry.js';

interface MarkedPlace {
  readonly slot: number;
  readonly word: number;
  readonly mark: number;
}

interface AskedPlace extends MarkedPlace {
  /** Undefined: nobody can need it any more. */
  readonly text: string | undefined;
}

/** Runs a step under the right, after a cut was drained. A step that returns undefined lost the right, and is run again. */
type UnderRight = <T>(step: (right: number) => T | undefined) => Promise<{ readonly value: T | undefined }>;

export class HiddenPlaces {
  readonly #region: Region;
  readonly #stream: number;

  constructor(region: Region, { index }: Pick<RegisteredStream, 'index'>) {
    this.#region = region;
    this.#stream = index;
  }

  /**
   * Gives back what nobody needs. What cannot be had now is left for the next time: also when others kept the right for too
   * long, or this thread ends on the way.
   *
   * @param findNeeded whoever needs one of these texts is in what it returns; called once, without the right
   * @param now Unix milliseconds
   */
  async giveBack(
    underRight: UnderRight,
    findNeeded: (asked: readonly string[]) => Promise<ReadonlySet<string>>,
    now: () => number,
  ): Promise<void> {
    const marked: MarkedPlace[] = [];
    for (const slots of batchesOf(await this.#find())) {
      const { value = [] } = await underRight(right => this.#mark(right, slots));
      for (const place of value) marked.push(place);
    }
    if (marked.length === 0) return;
    const asked = await this.#read(marked);
    const needed = await findNeeded(asked.map(({ text }) => text).filter(text => text !== undefined));
    for (const places of batchesOf(asked)) await this.#free(underRight, places, needed, now);
  }

  /** The slots of all places. In turns and without the right: the store may have many more slots. */
  async #find(): Promise<number[]> {
    const region = this.#region;
    const slots: number[] = [];
    const slice = new TimeSlice();
    for (let slot = region.layout.maxStreams, end = slotsEnd(region); slot < end; slot++) {
      if (slot % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
      if (this.#mayComeBack(slot)) slots.push(slot);
    }
    return slots;
  }

  #mayComeBack(slot: number): boolean {
    return streamOfSlot(this.#region, slot) === this.#stream && mayComeBack(slotWord(this.#region, slot));
  }

  /** Marks places; what is marked already comes along. Undefined: the right was lost. */
  #mark(right: number, slots: readonly number[]): MarkedPlace[] | undefined {
    const region = this.#region;
    const marked: MarkedPlace[] = [];
    for (const slot of slots) {
      // Another stream may have the slot since it was found.
      if (!this.#mayComeBack(slot)) continue;
      if (region.kernel.retire(right, slot) === LOST) return undefined;
      const word = slotWord(region, slot);
      if (mayComeBack(word) && word !== liveWord(word))
        marked.push({ slot, word, mark: markOf(region, slot) });
    }
    return marked;
  }

  /** What the places stand for. In turns and without the right: a text stays where it is while its place retires. */
  async #read(marked: readonly MarkedPlace[]): Promise<AskedPlace[]> {
    const region = this.#region;
    const asked: AskedPlace[] = [];
    const slice = new TimeSlice();
    let count = 0;
    for (const place of marked) {
      if (++count % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
      const { slot, word } = place;
      const { textAddress, textLength } = readSlot(region, slot);
      const text = isDead(word) ? undefined : loadText(region, textAddress, textLength);
      // Live again, or given back by somebody else: it may have been another text.
      if (slotWord(region, slot) === word) asked.push({ ...place, text });
    }
    return asked;
  }

  /** Gives back what nobody needs. */
  async #free(
    underRight: UnderRight,
    asked: readonly AskedPlace[],
    needed: ReadonlySet<string>,
    now: () => number,
  ): Promise<void> {
    const region = this.#region;
    // In all attempts: the one that lost the right could tell nobody that there is room.
    let freed = 0;
    await underRight(right => {
      for (const { slot, word, mark, text } of asked) {
        // Live: somebody needed it meanwhile. Another mark: that one was asked for once more, and is looked for there.
        if (slotWord(region, slot) !== word || markOf(region, slot) !== mark) continue;
        if (text !== undefined && needed.has(text)) {
          region.kernel.revive(slot, liveWord(word));
          continue;
        }
        const answer = freePlace(region, right, slot, now());
        if (answer === LOST) return undefined;
        if (answer === DONE) freed++;
      }
      if (freed > 0) relieve(region, right);
      return freed;
    });
  }
}

/** What is done in one cut. */
function* batchesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += PLACES_PER_CUT) yield all.slice(from, from + PLACES_PER_CUT);
}

function mayComeBack(word: number): boolean {
  const state = word & SLOT_STATE_MASK;
  return state === SLOT_LIVE || state === SLOT_RETIRING || isDead(word);
}

/** A collector that gave it back was stopped. */
function isDead(word: number): boolean {
  return (word & SLOT_STATE_MASK) === SLOT_DEAD;
}
