import type {
  CustomInstrument,
  CustomInstrumentDefinition,
  CustomSeries,
} from '../instruments/custom-instrument.js';
import type { Elapsed, Reporter } from './realtime-series.js';

/** Where emissions go: the store, or anything that behaves like it. */
export interface EmissionTarget {
  readonly prefix: string;
  define(definition: CustomInstrumentDefinition): DefinitionResult;
  /** `undefined`: as declared. */
  modifierOf(name: string): EmissionModifier | undefined;
  reportRealtime(reporter: Reporter, seriesKey: string, series: CustomSeries, elapsed: Elapsed): void;
}

export type DefinitionResult =
  | { readonly instrument: CustomInstrument }
  | { readonly conflict: { readonly help: string; readonly type: string } }
  | { readonly full: true };

/** What the configuration changes about one metric. */
export interface EmissionModifier {
  readonly disabled: boolean;
  readonly disabledLabels: ReadonlySet<string>;
  readonly boundaries?: readonly number[];
}

/** Whose emission it is. */
export type EmissionOwner = Pick<Reporter, 'owner' | 'subject'>;
