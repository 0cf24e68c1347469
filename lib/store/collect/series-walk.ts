// Goes through series under the right, in short turns, and gives signs of life on the way: a reader that dies loses the
// right, and one that lost it stops. Between two turns the thread does what else it has to do, which is no other to the
// reading than what other threads do. One per reading.
import { TimeSlice } from '../../guard/time-slice.js';
import { READ_STEPS, SERIES_PER_LOOK } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import { LOST } from '../../memory/words.js';
import { monotonicMillis } from '../../waiting.js';
import type { StreamDefinition } from '../definition/stream.js';
import type { Series, SeriesCatalog } from '../series/series-catalog.js';

export class SeriesWalk {
  readonly right: number;
  readonly #region: Region;
  readonly #catalog: SeriesCatalog;
  readonly #only: (definition: StreamDefinition) => boolean;
  readonly #turnsUntil: number;
  readonly #slice = new TimeSlice();
  #steps = 0;

  /**
   * @param turnsUntil when turns end (in `monotonicMillis`) and the rest is read in one: others wait for the right, and a
   * thread that has much else to do might lose it again and again
   */
  constructor(
    { region, catalog }: { readonly region: Region; readonly catalog: SeriesCatalog },
    right: number,
    only: (definition: StreamDefinition) => boolean,
    turnsUntil = Infinity,
  ) {
    this.right = right;
    this.#region = region;
    this.#catalog = catalog;
    this.#only = only;
    this.#turnsUntil = turnsUntil;
  }

  /** The slots of all series. */
  all(): Iterable<number> {
    return this.#catalog.slots();
  }

  /** Whether a reading has this series. */
  wants({ stream }: Series): boolean {
    return this.#only(stream.definition);
  }

  /** False when the right was lost: what was read may be of two cuts. */
  visit(slots: Iterable<number>, read: (series: Series) => void): Promise<boolean> {
    return this.#visit(slots, slot => this.#catalog.at(slot), read);
  }

  /** The same with series that were removed since they were recorded into. */
  visitEvenRemoved(slots: Iterable<number>, read: (series: Series) => void): Promise<boolean> {
    return this.#visit(slots, slot => this.#catalog.evenRemoved(slot), read);
  }

  async #visit(
    slots: Iterable<number>,
    seriesAt: (slot: number) => Series | undefined,
    read: (series: Series) => void,
  ): Promise<boolean> {
    for (const slot of slots) {
      if (++this.#steps % SERIES_PER_LOOK === 0) {
        const paused = this.#isTurnOver();
        if (paused) await this.#slice.next();
        if ((paused || this.#steps % READ_STEPS === 0) && this.#isLost()) return false;
      }
      const series = seriesAt(slot);
      if (series !== undefined && this.wants(series)) read(series);
    }
    return true;
  }

  #isTurnOver(): boolean {
    return this.#slice.isOver() && monotonicMillis() < this.#turnsUntil;
  }

  #isLost(): boolean {
    return this.#region.kernel.beat(this.right) === LOST;
  }
}
