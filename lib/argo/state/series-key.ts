import { customDefinitionOf, type CustomInstrumentDefinition } from '../../instruments/custom-instrument.js';
import type { StoreCore } from '../../store/store-core.js';
import type { HeldReport } from '../emit/realtime-series.js';

/** What a `CustomSeries.key` says. */
export interface SeriesPlaceOfKey {
  /** Of the stream. */
  readonly index: number;
  /** The attributes, canonical. Undefined: the overflow series. */
  readonly text: string | undefined;
}

export function placeOfKey(key: string): SeriesPlaceOfKey {
  const blank = key.indexOf(' ');
  if (blank === -1) return { index: Number(key), text: undefined };
  return { index: Number(key.slice(0, blank)), text: key.slice(blank + 1) };
}

/** A report of a realtime gauge, with its series as another process knows it. */
export interface SavedHolding extends Omit<HeldReport, 'series' | 'key'> {
  readonly definition: CustomInstrumentDefinition;
  /** Undefined: the overflow series. */
  readonly text: string | undefined;
}

/** By the key that it is held under: the series itself would look for a place of its own once more. */
export function heldBy({ registry }: StoreCore, { series: _, key, ...report }: HeldReport): SavedHolding {
  const { index, text } = placeOfKey(key);
  return { ...report, definition: customDefinitionOf(registry.at(index).definition), text };
}
