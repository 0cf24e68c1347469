// Walks JSON as it is written, without making anything of it: where members and values begin and end. Of what is skipped only texts and
// brackets are looked at. Whoever uses a part parses it, and whoever needs to know that all is JSON parses all.

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN] = [0x20, 0x09, 0x0a, 0x0d];

/** Gets the members of an object, in their order. */
export interface MemberVisitor {
  /**
   * @param keyFrom of its first byte; a key has no escapes
   * @param keyTo after its last byte
   * @param valueAt of the first byte of its value
   * @returns after the last byte of its value
   */
  member(keyFrom: number, keyTo: number, valueAt: number): number;
}

/**
 * From the first byte of an object to after its last one.
 *
 * @throws SyntaxError where this is no object, or a key has escapes: it may be any key
 */
export function visitMembers(bytes: Uint8Array, from: number, visitor: MemberVisitor): number {
  let at = skipBlanks(bytes, expect(bytes, from, OPEN_OBJECT));
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    const keyFrom = expect(bytes, at, QUOTE);
    const keyTo = endOfKey(bytes, keyFrom);
    const valueAt = skipBlanks(bytes, expect(bytes, skipBlanks(bytes, keyTo + 1), COLON));
    at = skipBlanks(bytes, visitor.member(keyFrom, keyTo, valueAt));
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    at = skipBlanks(bytes, expect(bytes, at, COMMA));
  }
}

/**
 * The same of the items of a list.
 *
 * @param visit gets the first byte of an item and its index, and gives what comes after its last byte
 * @throws SyntaxError where this is no list
 */
export function visitItems(
  bytes: Uint8Array,
  from: number,
  visit: (itemAt: number, index: number) => number,
): number {
  let at = skipBlanks(bytes, expect(bytes, from, OPEN_LIST));
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (let index = 0; ; index++) {
    at = skipBlanks(bytes, visit(at, index));
    if (bytes[at] === CLOSE_LIST) return at + 1;
    at = skipBlanks(bytes, expect(bytes, at, COMMA));
  }
}

/**
 * After the last byte of the value that begins here.
 *
 * @throws SyntaxError where it does not end
 */
export function endOfValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return endOfText(bytes, from + 1);
  if (!isNestedAt(bytes, from)) return endOfWord(bytes, from);
  let depth = 1;
  for (let at = from + 1; at < bytes.length;) {
    const byte = bytes[at++];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth === 0) return at;
  }
  throw new SyntaxError('a value does not end');
}

/** The next byte that is no white space. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at++;
  return at;
}

export function isObjectAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === OPEN_OBJECT;
}

export function isListAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === OPEN_LIST;
}

/** Whether an object or a list begins there. */
export function isNestedAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === OPEN_OBJECT || bytes[at] === OPEN_LIST;
}

/** Where the last quotation mark of a text without escapes stands; `undefined` where there is none. */
export function endOfPlainText(bytes: Uint8Array, from: number): number | undefined {
  if (bytes[from] !== QUOTE) return undefined;
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) break;
  }
  return undefined;
}

/** Whether these bytes are that word. */
export function isWordAt(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  if (to - from !== word.length) return false;
  for (let index = 0; index < word.length; index++) if (bytes[from + index] !== word[index]) return false;
  return true;
}

/** @param from after its first quotation mark */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  throw new SyntaxError('a text does not end');
}

function endOfKey(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) break;
  }
  throw new SyntaxError('a key has escapes, or does not end');
}

/** Of a number, or of `true`, `false` and `null`. */
function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte !== undefined && !isEndOfWord(byte); byte = bytes[at]) at++;
  if (at === from) throw new SyntaxError('there is no value');
  return at;
}

function isEndOfWord(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || isBlank(byte);
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}

/** After this byte, which has to be there. */
function expect(bytes: Uint8Array, at: number, byte: number): number {
  if (bytes[at] !== byte) throw new SyntaxError(`there is no '${String.fromCharCode(byte)}'`);
  return at + 1;
}
