// The gauges that run: they have a new value at each collection, although nobody wrote it. A delta reader, which looks at
// what was written, remembers them. One per delta reader.
import type { Region } from '../../memory/region.js';
import { readGauge } from '../../memory/totals.js';
import type { Series } from '../series/known-series.js';
import type { SeriesWalk } from './series-walk.js';

export class RunningClocks {
  readonly #region: Region;
  #slots: ReadonlySet<number> | undefined;

  constructor(region: Region) {
    this.#region = region;
  }

  /** `show` gets those that are not in `written`. False when the right was lost. */
  async visit(
    walk: SeriesWalk,
    written: ReadonlySet<number>,
    show: (series: Series) => void,
  ): Promise<boolean> {
    // Whoever started before this reader was opened is looked for once; later ones were written since.
    const candidates = this.#slots === undefined ? walk.all() : [...this.#slots, ...written];
    const running = new Set<number>();
    const look = (series: Series): void => {
      const { slot } = series;
      if (running.has(slot) || !this.#runs(series)) return;
      running.add(slot);
      if (!written.has(slot)) show(series);
    };
    if (!(await walk.visit(candidates, look))) return false;
    this.#slots = running;
    return true;
  }

  #runs({ slot, stream }: Series): boolean {
    return stream.definition.kind === 'GAUGE' && readGauge(this.#region, slot)?.kind === 'elapsed';
  }
}
