// Base64 and base32 as Go decodes them: strict, with the position of the first mistake.
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface Encoding {
  readonly name: string;
  readonly alphabet: string;
  readonly bitsPerDigit: number;
  /** Digits of a group, padding included. */
  readonly groupLength: number;
  /** Where padding that begins at `start`, after so many digits of its group, is wrong. */
  mistakeInPadding(byteText: string, start: number, digitsBefore: number): number | undefined;
}

export const BASE64_STD: Encoding = {
  name: 'base64',
  alphabet: BASE64,
  bitsPerDigit: 6,
  groupLength: 4,
  mistakeInPadding: mistakeInPadding64,
};

export const BASE32_STD: Encoding = {
  name: 'base32',
  alphabet: BASE32,
  bitsPerDigit: 5,
  groupLength: 8,
  mistakeInPadding: mistakeInPadding32,
};

export function encodeBytes(bytes: Uint8Array, { alphabet, bitsPerDigit, groupLength }: Encoding): string {
  let text = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= bitsPerDigit; bits -= bitsPerDigit)
      text += alphabet.charAt((pending >> (bits - bitsPerDigit)) & (2 ** bitsPerDigit - 1));
  }
  if (bits > 0) text += alphabet.charAt((pending << (bitsPerDigit - bits)) & (2 ** bitsPerDigit - 1));
  return text.padEnd(Math.ceil(text.length / groupLength) * groupLength, '=');
}

/** The bytes, or Go's words for the first mistake. Line ends between digits are skipped. */
export function decodeBytes(byteText: string, encoding: Encoding): Uint8Array | { readonly error: string } {
  const { alphabet, bitsPerDigit, groupLength } = encoding;
  const refuse = (index: number): { error: string } => ({
    error: `illegal ${encoding.name} data at input byte ${index}`,
  });
  const bytes: number[] = [];
  let pending = 0;
  let bits = 0;
  let digits = 0;
  for (let index = 0; index < byteText.length; index++) {
    const character = byteText.charAt(index);
    if (isLineEnd(character)) continue;
    const digit = alphabet.indexOf(character);
    if (digit < 0) {
      if (character !== '=') return refuse(index);
      const mistake = encoding.mistakeInPadding(byteText, index, digits % groupLength);
      return mistake === undefined ? Uint8Array.from(bytes) : refuse(mistake);
    }
    digits++;
    pending = ((pending << bitsPerDigit) | digit) & 0xffff;
    bits += bitsPerDigit;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((pending >> bits) & 0xff);
    }
  }
  const missing = digits % groupLength;
  return missing === 0 ? Uint8Array.from(bytes) : refuse(byteText.length - missing);
}

function mistakeInPadding64(byteText: string, start: number, digitsBefore: number): number | undefined {
  if (digitsBefore < 2) return start;
  let missing = 4 - digitsBefore;
  for (let index = start; index < byteText.length; index++) {
    if (isLineEnd(byteText.charAt(index))) continue;
    if (missing === 0) return index;
    if (byteText.charAt(index) !== '=') return index - 1;
    missing--;
  }
  return missing === 0 ? undefined : byteText.length;
}

/** Go's base32 looks at no more than one group; what follows is ignored. */
function mistakeInPadding32(byteText: string, start: number, digitsBefore: number): number | undefined {
  const following = byteText.slice(start + 1);
  if (digitsBefore < 2 || following.length >= 8) return start;
  if (following.length + digitsBefore < 7) return byteText.length;
  const wrong = [...following.slice(0, 7 - digitsBefore)].findIndex(character => character !== '=');
  if (wrong >= 0) return start + wrong;
  // Digits that end in the middle of a byte.
  return digitsBefore === 3 || digitsBefore === 6 ? start : undefined;
}

function isLineEnd(character: string): boolean {
  return character === '\n' || character === '\r';
}
