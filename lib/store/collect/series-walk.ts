// Goes through series under the right, in short turns: see right-pace.ts. One per reading.
import { READ_STEPS, SERIES_PER_LOOK } from '../../limits.js';
import type { StreamDefinition } from '../definition/stream.js';
import type { Series } from '../series/known-series.js';
import type { SeriesCatalog } from '../series/series-catalog.js';
import type { RightPace } from './right-pace.js';

export class SeriesWalk {
  readonly #catalog: SeriesCatalog;
  readonly #pace: RightPace;
  readonly #only: (definition: StreamDefinition) => boolean;
  #steps = 0;

  constructor(catalog: SeriesCatalog, pace: RightPace, only: (definition: StreamDefinition) => boolean) {
    this.#catalog = catalog;
    this.#pace = pace;
    this.#only = only;
  }

  get right(): number {
    return this.#pace.right;
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
      if (++this.#steps % SERIES_PER_LOOK === 0)
        if (this.#pace.isTurnOver()) {
          if (!(await this.#pace.next())) return false;
        } else if (this.#steps % READ_STEPS === 0 && this.#pace.isLost()) return false;

      const series = seriesAt(slot);
      if (series !== undefined && this.wants(series)) read(series);
    }
    return true;
  }
}
