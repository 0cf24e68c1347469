import type {
  CustomInstrument,
  CustomInstrumentDefinition,
  CustomSeries,
} from '../../instruments/custom-instrument.js';
import type { Elapsed, Reporter } from './realtime-series.js';

/** Where emissions go: the store, or anything that behaves like it. */
export interface EmissionTarget {
  readonly prefix: string;
  /** Keeps what Argo does wrong here: zero-valued series of values that cannot be read, counters that go down. */
  readonly isExact?: boolean;
  /** Who holds the realtime series: others may hold copies of them. */
  readonly holder?: string;
  define(definition: CustomInstrumentDefinition): DefinitionResult;
  /** Whether a View of the store drops metrics of this name and type. */
  readonly isDropped?: (name: string, type: CustomInstrumentDefinition['type']) => boolean;
  /** `undefined`: as declared. */
  modifierOf(name: string): EmissionModifier | undefined;
  reportRealtime(reporter: Reporter, seriesKey: string, series: CustomSeries, elapsed: Elapsed): void;
  /** What it reported before has ended then, although nothing is reported for the end itself. */
  endRealtime(reporter: Reporter, atUnixMillis: number): void;
}

export type DefinitionResult =
  | { readonly instrument: CustomInstrument }
  | { readonly conflict: { readonly help: string; readonly type: string } }
  | { readonly full: true }
  | { readonly boundariesMax: number };

/** What the configuration changes about one metric. */
export interface EmissionModifier {
  readonly disabled: boolean;
  readonly disabledLabels: ReadonlySet<string>;
  readonly boundaries?: readonly number[];
  /** How long a series of this metric lives that nobody touches; 0 is for ever. */
  readonly ttlMillis?: number;
}

/** Whose emission it is. */
export type EmissionOwner = Pick<Reporter, 'owner' | 'subject'>;
