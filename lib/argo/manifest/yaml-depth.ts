// How deep a text of YAML nests, before it is parsed: the parser is recursive, and V8 ends the process when a regular
// expression of the parser meets the end of the stack.

/** Levels: far more than any manifest has, and about half of what the parser's stack bears. */
const NESTING_MAX = 500;

export const NESTED_TOO_DEEPLY = 'nested too deeply, or with brackets that are not closed';

const [LINE_FEED, SPACE, HASH, MINUS, QUESTION, COLON] = [0x0a, 0x20, 0x23, 0x2d, 0x3f, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Where a text nests too deeply; `undefined` where it nowhere does. Brackets and lines in texts count like all others: no
 * text of a manifest has so many.
 */
export function tooDeepAt(text: string): number | undefined {
  const columns: number[] = [];
  let brackets = 0;
  for (let index = 0, isLineStart = true; index < text.length; index++) {
    if (isLineStart) index = readBlocks(text, index, columns);
    const sign = text.charCodeAt(index);
    isLineStart = sign === LINE_FEED;
    if (sign === OPEN_LIST || sign === OPEN_MAP) brackets++;
    else if ((sign === CLOSE_LIST || sign === CLOSE_MAP) && brackets > 0) brackets--;
    // A list may stand in the column of the map that it is in.
    if (brackets + columns.length * 2 > NESTING_MAX) return index;
  }
  return undefined;
}

/**
 * Reads the beginning of a line up to what is no sign of a block: several may stand in one line, as in `- - a`.
 * @param columns of the blocks that are open
 */
function readBlocks(text: string, lineStart: number, columns: number[]): number {
  for (let index = lineStart; ; index++) {
    while (text.charCodeAt(index) === SPACE) index++;
    const sign = text.charCodeAt(index);
    if (sign === LINE_FEED || sign === HASH || Number.isNaN(sign)) return index;
    const column = index - lineStart;
    while ((columns.at(-1) ?? -1) >= column) columns.pop();
    columns.push(column);
    const isBlock = sign === MINUS || sign === QUESTION || sign === COLON;
    if (!isBlock || text.charCodeAt(index + 1) !== SPACE) return index;
    if (columns.length * 2 > NESTING_MAX) return index;
  }
}
