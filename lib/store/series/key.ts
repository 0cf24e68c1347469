import * as crypto from 'node:crypto';
import type { Key } from '../../memory/tables.js';

/** `crypto.hash` came with Node 20.12 and is several times faster than `createHash`. */
const digest: (text: string) => string =
  typeof crypto.hash === 'function'
    ? text => crypto.hash('sha256', text, 'hex')
    : text => crypto.createHash('sha256').update(text, 'utf8').digest('hex');

/** 128 bits of SHA-256: what a series or stream is found by, in all threads. */
export function keyOf(text: string): Key {
  const hex = digest(text);
  const word = (index: number): number => parseInt(hex.slice(index * 8, index * 8 + 8), 16) | 0;
  return [word(0), word(1), word(2), word(3)];
}
