// Goes through series under the right, and gives signs of life on the way: a reader that dies loses the right, and one
// that lost it stops. One per reading.
import { READ_STEPS } from '../../limits.js';
import type { Region } from '../../memory/region.js';
import { LOST } from '../../memory/words.js';
import type { StreamDefinition } from '../definition/stream.js';
import type { Series, SeriesCatalog } from '../series/series-catalog.js';

export class SeriesWalk {
  readonly right: number;
  readonly #region: Region;
  readonly #catalog: SeriesCatalog;
  readonly #only: (definition: StreamDefinition) => boolean;
  #steps = 0;

  constructor(
    { region, catalog }: { readonly region: Region; readonly catalog: SeriesCatalog },
    right: number,
    only: (definition: StreamDefinition) => boolean,
  ) {
    this.right = right;
    this.#region = region;
    this.#catalog = catalog;
    this.#only = only;
  }

  /** The slots of all series. */
  all(): Iterable<number> {
    return this.#catalog.slots();
  }

  /** False when the right was lost: what was read may be of two cuts. */
  visit(slots: Iterable<number>, read: (series: Series) => void): boolean {
    for (const slot of slots) {
      if (++this.#steps % READ_STEPS === 0 && this.#region.kernel.beat(this.right) === LOST) return false;
      const series = this.#catalog.at(slot);
      if (series !== undefined && this.#only(series.stream.definition)) read(series);
    }
    return true;
  }
}
