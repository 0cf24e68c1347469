// What an expression may cost, and what one function of it may produce. A metric needs a label and a number; the rest is
// room.
/** An expression was too dear to go on. No function answers this with another value, so that nothing dear is tried twice. */
export class LimitError extends Error {}

/** Counts what is done, and knows the time that it is for an expression. */
export interface Meter {
  /** One step is about a tenth of a microsecond at worst. @throws LimitError when there are none left. */
  spend(steps: number): void;
  /** For what is kept when it is made once. @throws LimitError */
  spendOnce(key: string, steps: number): void;
  /** In Unix milliseconds. */
  now(): number;
}

const NO_METER: Meter = { spend: () => undefined, spendOnce: () => undefined, now: () => Date.now() };

/** Of the evaluation that this thread is in. Evaluations wait for nothing, so there is one at a time. */
let meter: Meter = NO_METER;

/** All that is done in `body` is charged to this meter, however deep it happens. */
export function metered<T>(by: Meter, body: () => T): T {
  const outer = meter;
  meter = by;
  try {
    return body();
  } finally {
    meter = outer;
  }
}

/** Whose steps are spent at the moment. */
export function currentMeter(): Meter {
  return meter;
}

/** Call before the work is done. @throws LimitError */
export function spend(steps: number): void {
  meter.spend(steps);
}

/** As {@link spend}, but nearly nothing when it is asked for again. */
export function spendOnce(key: string, steps: number): void {
  meter.spendOnce(key, steps);
}

/** In Unix milliseconds. */
export function currentTime(): number {
  return meter.now();
}

/** UTF-16 units of a text that a function returns: as much as Argo keeps of the output of a step. */
export const TEXT_LENGTH_MAX = 262_144;
/** Elements of a list that a function returns. */
export const LIST_LENGTH_MAX = 100_000;
/** Lists and maps inside one another. */
export const DEPTH_MAX = 1000;

/** Steps of an error that a function answers with something else. */
export const SWALLOWED_COST = 150;

/** Call before the text is made. */
export function checkTextLength(length: number): void {
  if (length > TEXT_LENGTH_MAX) throw new LimitError(`text of more than ${TEXT_LENGTH_MAX} characters`);
  meter.spend(length >> 6);
}

/** Call before the list is made. */
export function checkListLength(length: number): void {
  if (length > LIST_LENGTH_MAX) throw new LimitError(`list of more than ${LIST_LENGTH_MAX} elements`);
  meter.spend(length >> 3);
}

export function checkDepth(depth: number): void {
  if (depth > DEPTH_MAX) throw new LimitError(`more than ${DEPTH_MAX} nested lists and maps`);
}

/** Text that grows up to the limit; lists that hold one list many times can be written far longer than they are. */
export class BoundedText {
  #text = '';

  add(text: string): void {
    const { length } = text;
    if (this.#text.length + length > TEXT_LENGTH_MAX) checkTextLength(Infinity);
    meter.spend(4 + (length >> 3));
    this.#text += text;
  }

  toString(): string {
    return this.#text;
  }
}
