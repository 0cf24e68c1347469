// What one function of an expression may produce. A metric needs a label and a number; the rest is room.
import { EvaluationError } from '../expression/value.js';

/** UTF-16 units of a text that a function returns: as much as Argo keeps of the output of a step. */
export const TEXT_LENGTH_MAX = 262_144;
/** Elements of a list that a function returns. */
export const LIST_LENGTH_MAX = 100_000;
/** Lists and maps inside one another. */
export const DEPTH_MAX = 1000;

/** Call before the text is made. */
export function checkTextLength(length: number): void {
  if (length > TEXT_LENGTH_MAX) throw new EvaluationError(`text of more than ${TEXT_LENGTH_MAX} characters`);
}

/** Call before the list is made. */
export function checkListLength(length: number): void {
  if (length > LIST_LENGTH_MAX) throw new EvaluationError(`list of more than ${LIST_LENGTH_MAX} elements`);
}

export function checkDepth(depth: number): void {
  if (depth > DEPTH_MAX) throw new EvaluationError(`more than ${DEPTH_MAX} nested lists and maps`);
}

/** Text that grows up to the limit; lists that hold one list many times can be written far longer than they are. */
export class BoundedText {
  #text = '';

  add(text: string): void {
    checkTextLength(this.#text.length + text.length);
    this.#text += text;
  }

  toString(): string {
    return this.#text;
  }
}
