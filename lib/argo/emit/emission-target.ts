import type { EmissionCache } from './emission-cache.js';
import type { Logged } from './emission-log.js';
import type { MetricInstruments } from './metric-instruments.js';
import type { MetricPlaces } from './metric-places.js';
import type { RealtimeSeries } from './realtime-series.js';

/** Where emissions go: what all metrics of a thread share. */
export interface EmissionTarget {
  /** Keeps what Argo does wrong here: zero-valued series of values that cannot be read, counters that go down. */
  readonly isExact: boolean;
  /** Who holds the realtime series: others may hold copies of them. Changed by who gives series of before back. */
  holder: string | undefined;
  readonly places: MetricPlaces;
  readonly instruments: MetricInstruments;
  readonly realtime: RealtimeSeries;
  readonly cache: EmissionCache;
  readonly logged: Logged;
  /** What was recorded, however often. */
  readonly counts: { emissions: number };
}
