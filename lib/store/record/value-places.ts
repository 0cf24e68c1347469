// The places of a label's values: a hidden stream, so that all threads let in the same ones, and never one too many. One per
// stream, label and thread.
import type { AttributeValue } from '@opentelemetry/api';
import { canonicalizeLabels, parseAttributes } from '../series/attributes.js';
import type { RegisteredStream } from '../series/stream-registry.js';
import { admitWithin } from './admit-within.js';
import { AdmittedValues } from './admitted-values.js';
import { RefusedValues } from './refused-values.js';
import { SeriesPlaces, type SeriesPlacesOptions } from './series-places.js';

export class ValuePlaces {
  readonly #places: SeriesPlaces;
  readonly #admitted: AdmittedValues;
  readonly #refused: RefusedValues;
  readonly #maxLength: number;

  constructor(stream: RegisteredStream, options: SeriesPlacesOptions, maxLength: number) {
    this.#maxLength = maxLength;
    this.#refused = new RefusedValues(options.region, stream.index);
    this.#admitted = new AdmittedValues(options.region, stream, maxLength, valueOf, this.#refused);
    this.#places = new SeriesPlaces(stream, {
      ...options,
      // That values are refused is what was asked for; anything else is said and counted as for any series.
      refuse: (cause, detail) => {
        if (cause !== 'overflowedSeries') options.refuse(cause, detail);
      },
    });
  }

  /** Whether the value surely has no place, and can get none: one look, and no promise to know it. */
  isRefused(value: unknown): boolean {
    return this.#admitted.isRefused(value);
  }

  /** What `admit` gives, once the value has a place; undefined when it gets none. */
  within<Found>(value: unknown, admit: () => Found): Found | undefined {
    const { text, faults } = canonicalizeLabels(new Map([[NAME, value]]), this.#maxLength);
    // No value that an attribute may have: it is left out.
    if (faults.includes('attributes')) return admit();
    const found = admitWithin(this.#places, text, admit);
    if (found !== undefined) return found;
    this.#refused.add(valueOf(text));
    this.#admitted.refused(this.#places.overflow().live);
    return undefined;
  }
}

/** A label's name is the same in all places. */
const NAME = '';

function valueOf(text: string): AttributeValue | undefined {
  return parseAttributes(text)[NAME];
}
