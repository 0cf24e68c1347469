// Sprig's encodings and checksums.
import { createHash } from 'node:crypto';
import type { ExpressionFunction } from '../go/value/value.js';
import { checkTextLength, spend } from '../budget/evaluation-limits.js';
import { BASE32_STD, BASE64_STD, decodeBytes, encodeBytes } from '../go/text/go-encoding.js';
import type { Encoding } from '../go/text/go-encoding.js';
import { goFunction } from '../go/value/go-function.js';
import { bytesOf, textOf, toByteText } from '../go/text/go-text.js';

export const ENCODING_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  b64enc: encoder(BASE64_STD),
  b64dec: decoder(BASE64_STD),
  b32enc: encoder(BASE32_STD),
  // Go counts positions without the line ends in base32, and with them in base64.
  b32dec: decoder(BASE32_STD, byteText => byteText.replace(/[\r\n]/g, '')),
  sha1sum: checksum('sha1'),
  sha256sum: checksum('sha256'),
  sha512sum: checksum('sha512'),
  adler32sum: goFunction(['string'], text => String(adler32(bytesOf(text)))),
};

function encoder(encoding: Encoding): ExpressionFunction {
  return goFunction(['string'], text => {
    checkTextLength(text.length * 2);
    return encodeBytes(bytesOf(text), encoding);
  });
}

/** In Sprig the error is the result. */
function decoder(encoding: Encoding, prepare = (byteText: string): string => byteText): ExpressionFunction {
  return goFunction(['string'], text => {
    spend(text.length);
    const bytes = decodeBytes(prepare(toByteText(text)), encoding);
    return 'error' in bytes ? bytes.error : textOf(bytes);
  });
}

function checksum(algorithm: string): ExpressionFunction {
  return goFunction(['string'], text => createHash(algorithm).update(bytesOf(text)).digest('hex'));
}

function adler32(bytes: Uint8Array): number {
  const modulus = 65_521;
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % modulus;
    high = (high + low) % modulus;
  }
  return high * 0x10000 + low;
}
