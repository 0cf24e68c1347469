// Text that is kept. V8 makes a part of a text by pointing into the whole, so thirty characters of a request's body keep
// the body: who keeps foreign text for longer than a call keeps a copy. Any thread.

/** V8 copies what is shorter than this. */
const SLICED_LENGTH_MIN = 13;

/** An equal text that keeps no other one alive. */
export function ownText(text: string): string {
  // A part of a text that is one character longer, made here.
  return text.length < SLICED_LENGTH_MIN ? text : ` ${text}`.slice(1);
}
