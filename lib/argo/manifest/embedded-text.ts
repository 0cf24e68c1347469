// A manifest that stands as a text inside another one, and where its characters stand in the file.
import type { Scalar } from 'yaml';

/** A text and, for each index into it, the index into the source that shows it. */
export interface EmbeddedText {
  readonly text: string;
  readonly sourceOffset: (index: number) => number;
}

/** @param source the text that the scalar's range points into */
export function embeddedText(scalar: Scalar, source: string): EmbeddedText {
  const [start = 0, end = start] = scalar.range ?? [];
  const text = scalar.source ?? '';
  const shown = source.slice(start, end);
  const offsets = offsetsOf(scalar, text, shown);
  // What cannot be followed sign by sign is all at the beginning: a place that is coarse, not one that is wrong.
  return { text, sourceOffset: index => start + (offsets?.[Math.min(index, text.length)] ?? 0) };
}

function offsetsOf({ type }: Scalar, text: string, shown: string): Uint32Array | undefined {
  switch (type) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return followLines(text, shown, shown.indexOf('\n') + 1);
    case 'QUOTE_DOUBLE':
      return follow(text, shown, 1, escapeLength);
    case 'QUOTE_SINGLE':
      return follow(text, shown, 1, (quoted, at) => (quoted.startsWith("''", at) ? 2 : 1));
    default:
      return follow(text, shown, 0, () => 1);
  }
}

/** A block shows each of its lines as it is, behind an indentation; a folded one may show a space as a line end. */
function followLines(text: string, shown: string, from: number): Uint32Array | undefined {
  const offsets = new Uint32Array(text.length + 1);
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (index === 0 || text[index - 1] === '\n' || sign !== shown[at]) at = skipTo(sign, shown, at);
    if (at < 0) return sign === '\n' && index === text.length - 1 ? offsets : undefined;
    offsets[index] = at;
    at++;
  }
  offsets[text.length] = at;
  return offsets;
}

/** Past white space to where the sign stands. A space stands where it is, or where a line ends. */
function skipTo(sign: string | undefined, shown: string, from: number): number {
  if (sign === ' ' && shown[from] !== ' ') return /[\r\n]/.test(shown[from] ?? '') ? from : -1;
  for (let at = from; at < shown.length; at++) {
    if (shown[at] === sign) return at;
    if (!/\s/.test(shown[at] ?? '')) return -1;
  }
  return -1;
}

/** Quoted and plain texts on one line: each sign by itself, or as an escape of a known length. */
function follow(
  text: string,
  shown: string,
  from: number,
  lengthAt: (shown: string, at: number) => number,
): Uint32Array | undefined {
  const offsets = new Uint32Array(text.length + 1);
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const length = lengthAt(shown, at);
    if (at >= shown.length || (length === 1 && shown[at] !== text[index])) return undefined;
    offsets[index] = at;
    // An escape of a sign beyond 16 bits is two units of the text.
    if (length === ESCAPE_OF_32_BITS && isHighSurrogate(text[index])) {
      index++;
      offsets[index] = at;
    }
    at += length;
  }
  offsets[text.length] = at;
  return offsets;
}

const ESCAPE_OF_32_BITS = 10;
const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: ESCAPE_OF_32_BITS };

function escapeLength(shown: string, at: number): number {
  return shown[at] === '\\' ? (ESCAPE_LENGTHS[shown[at + 1] ?? ''] ?? 2) : 1;
}

function isHighSurrogate(unit: string | undefined): boolean {
  return unit !== undefined && unit >= '\uD800' && unit <= '\uDBFF';
}
