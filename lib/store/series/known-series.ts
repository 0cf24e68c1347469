// A series as a collecting thread knows it: read once from shared memory, because a series' definition never changes.
import type { Attributes } from '@opentelemetry/api';
import type { SeriesLabels } from '../definition/stream.js';
import { parseAttributes } from './attributes.js';
import type { RegisteredStream } from './stream-registry.js';

/** Where a series stands in the shared memory. */
export interface SeriesPlace {
  readonly slot: number;
  /** The slot's word while this series has it. */
  readonly live: number;
  readonly stream: RegisteredStream;
  /** Where its cells stand in every histogram area. */
  readonly histogram: number;
}

export interface Series extends SeriesPlace, SeriesLabels {
  /** The attributes as text: equal for equal attributes. */
  readonly text: string;
  /** One of several copies: see HOLDER. */
  readonly isHeld: boolean;
}

/**
 * An attribute that is never exposed: who holds this copy of a series. A gauge of custom metrics that several holders
 * report, each with a clock of its own, has a series for each, of which a collection shows one. Elsewhere it is an
 * attribute like any other, which a caller may have brought.
 */
export const HOLDER = '\u0000holder';

/** Whether a stream may have several copies of a series. */
export function mayBeHeld({ definition }: RegisteredStream): boolean {
  return definition.verbatim && definition.kind === 'GAUGE';
}

/** How HOLDER stands in a text. */
const HOLDER_IN_TEXT = JSON.stringify(HOLDER);

/** What is shown of a text. */
export interface ShownText {
  readonly text: string;
  readonly isHeld: boolean;
}

export function shownText(stream: RegisteredStream, text: string): ShownText {
  if (!mayBeHeld(stream) || !text.includes(HOLDER_IN_TEXT)) return { text, isHeld: false };
  const attributes = parseAttributes(text);
  if (!Object.hasOwn(attributes, HOLDER)) return { text, isHeld: false };
  return {
    text: JSON.stringify(Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== HOLDER))),
    isHeld: true,
  };
}

export class KnownSeries implements Series {
  readonly slot: number;
  readonly live: number;
  readonly stream: RegisteredStream;
  readonly text: string;
  readonly isHeld: boolean;
  readonly histogram: number;
  #attributes: Attributes | undefined;

  constructor({ slot, live, stream, histogram }: SeriesPlace, { text, isHeld }: ShownText) {
    this.slot = slot;
    this.live = live;
    this.stream = stream;
    this.text = text;
    this.isHeld = isHeld;
    this.histogram = histogram;
  }

  get attributes(): Attributes {
    return (this.#attributes ??= parseAttributes(this.text));
  }

  readAttributes(): Attributes {
    return this.#attributes ?? parseAttributes(this.text);
  }
}
