// What was recorded since a series began: read from the totals. One per reader that shows a counter, histogram or gauge as
// cumulative; called from its thread.
import { isLeftOut } from '../../memory/reclaim.js';
import type { Region } from '../../memory/region.js';
import { startOf } from '../../memory/tables.js';
import type { InstrumentKind } from '../definition/stream.js';
import { mayBeHeld, type Series } from '../series/series-catalog.js';
import { HeldSeries } from './held-series.js';
import type { SeriesValues } from './series-values.js';
import type { SeriesWalk } from './series-walk.js';
import type { StreamPoints } from './stream-points.js';
import type { ZeroStart } from './zero-start.js';

export class CumulativeReader {
  readonly #region: Region;
  readonly #values: SeriesValues;
  readonly #zeroStart: ZeroStart;
  readonly #isShown: (kind: InstrumentKind) => boolean;

  constructor(
    region: Region,
    values: SeriesValues,
    zeroStart: ZeroStart,
    isShown: (kind: InstrumentKind) => boolean,
  ) {
    this.#region = region;
    this.#values = values;
    this.#zeroStart = zeroStart;
    this.#isShown = isShown;
  }

  /** Returns false when the right was lost. */
  async read(walk: SeriesWalk, points: StreamPoints, at: number): Promise<boolean> {
    const held = new HeldSeries(this.#region);
    this.#zeroStart.begin();
    /** Attributes whose last life is shown for the last time: the next one waits for the next reading. */
    const owed = new Set<string>();
    for (const { series, startUnixMillis, value } of this.#zeroStart.ended(series => walk.wants(series))) {
      points.pushSeries(series, startUnixMillis, value);
      owed.add(identityOf(series));
    }
    const show = (series: Series, isLast: boolean): void => {
      const value = this.#zeroStart.shown(series, this.#values.total(series, at), isLast);
      if (owed.size === 0 || !owed.has(identityOf(series)))
        points.pushSeries(series, startOf(this.#region, series.slot), value);
    };
    const offer = (series: Series): void => {
      if (!this.#isShown(series.stream.definition.kind)) return;
      const isLast = isLeftOut(this.#region, series.slot);
      if (isLast && !this.#zeroStart.isOwed(series)) return;
      if (mayBeHeld(series.stream)) held.offer(series);
      else show(series, isLast);
    };
    if (!(await walk.visit(walk.all(), offer))) return false;
    for (const series of held.shown()) show(series, false);
    return true;
  }

  /** The reading was handed out. */
  end(): void {
    this.#zeroStart.end();
  }

  /** From now on also what is young is shown as it is. */
  endZeroStart(): void {
    this.#zeroStart.stop();
  }
}

function identityOf({ stream, text }: Series): string {
  return `${stream.index}${text}`;
}
