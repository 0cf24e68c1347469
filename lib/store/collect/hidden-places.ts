// How the places of a hidden stream come back. Nobody records into them, so the ordinary reclaim would find them idle while
// what they stand for is in use. Three steps, of any thread: the places are marked between two cuts; then whoever needs
// them is looked for, without the right; under the right of a later cut what nobody needs is given back. Why no place is
// freed that somebody needs: lib/memory/swap.ts, point 14.
import { freePlace, markOf, relieve } from '../../memory/reclaim.js';
import type { Region } from '../../memory/region.js';
import { liveWord, readSlot, slotsEnd, slotWord } from '../../memory/tables.js';
import { loadText } from '../../memory/text.js';
import { DONE, LOST, SLOT_DEAD, SLOT_LIVE, SLOT_RETIRING, SLOT_STATE_MASK } from '../../memory/words.js';
import type { RegisteredStream } from '../series/stream-registry.js';

interface AskedPlace {
  readonly slot: number;
  readonly word: number;
  readonly mark: number;
  readonly text: string;
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
    const { value: asked = [] } = await underRight(right => this.#ask(right));
    if (asked.length === 0) return;
    const needed = await findNeeded(asked.map(({ text }) => text));
    await underRight(right => this.#free(right, asked, needed, now()));
  }

  /** Marks all places; what is marked already comes along. Undefined: the right was lost. */
  #ask(right: number): AskedPlace[] | undefined {
    const region = this.#region;
    const asked: AskedPlace[] = [];
    for (let slot = region.layout.maxStreams; slot < slotsEnd(region); slot++) {
      if (!mayComeBack(slotWord(region, slot))) continue;
      const { stream, textAddress, textLength } = readSlot(region, slot);
      if (stream !== this.#stream) continue;
      if (region.kernel.retire(right, slot) === LOST) return undefined;
      const word = slotWord(region, slot);
      if (mayComeBack(word) && word !== liveWord(word))
        asked.push({
          slot,
          word,
          mark: markOf(region, slot),
          text: loadText(region, textAddress, textLength),
        });
    }
    return asked;
  }

  /** Returns how many; undefined: the right was lost. */
  #free(
    right: number,
    asked: readonly AskedPlace[],
    needed: ReadonlySet<string>,
    now: number,
  ): number | undefined {
    const region = this.#region;
    let freed = 0;
    for (const { slot, word, mark, text } of asked) {
      // Live: somebody needed it meanwhile. Another mark: that one was asked for once more, and is looked for there.
      if (slotWord(region, slot) !== word || markOf(region, slot) !== mark) continue;
      if (needed.has(text)) {
        region.kernel.revive(slot, liveWord(word));
        continue;
      }
      const answer = freePlace(region, right, slot, now);
      if (answer === LOST) return undefined;
      if (answer === DONE) freed++;
    }
    if (freed > 0) relieve(region, right);
    return freed;
  }
}

/** Dead: a collector that gave it back was stopped. */
function mayComeBack(word: number): boolean {
  const state = word & SLOT_STATE_MASK;
  return state === SLOT_LIVE || state === SLOT_RETIRING || state === SLOT_DEAD;
}
