// Upper, lower and title case as Go maps them: each character by itself to exactly one other. JavaScript's own mapping
// looks at neighbours (the final sigma) and makes several characters of one (`ß` becomes `SS`).

import { spend } from '../../budget/evaluation-limits.js';

/** Steps of mapping a character. */
const CHARACTER_COST = 2;

export function upperText(text: string): string {
  return mapCharacters(text, upperCharacter);
}

export function lowerText(text: string): string {
  return mapCharacters(text, lowerCharacter);
}

function mapCharacters(text: string, map: (character: string) => string): string {
  spend(text.length * CHARACTER_COST);
  return text.replace(/[^\0-\x7f]|[a-zA-Z]/gu, map);
}

export function upperCharacter(character: string): string {
  const upper = character.toUpperCase();
  return isOneCharacter(upper) ? upper : withIotaBelow(character);
}

export function lowerCharacter(character: string): string {
  const lower = character.toLowerCase();
  return isOneCharacter(lower) ? lower : lower.slice(0, 1);
}

/** As `unicode.ToTitle`: upper case but for the letters that are two in one, and Georgian, which has no title case. */
export function titleCharacter(character: string): string {
  const upper = upperCharacter(character);
  if (/[\u01c4\u01c7\u01ca\u01f1]/.test(upper)) return String.fromCharCode(upper.charCodeAt(0) + 1);
  if (/[\u01c5\u01c8\u01cb\u01f2\u10d0-\u10ff]/.test(character)) return character;
  return upper;
}

function isOneCharacter(text: string): boolean {
  return (
    text.length === 1 || (text.length === 2 && text.charCodeAt(0) >= 0xd800 && text.charCodeAt(0) < 0xdc00)
  );
}

/** Greek vowels with the iota below have a capital of one character; all others that JavaScript expands have none. */
function withIotaBelow(character: string): string {
  const unit = character.charCodeAt(0);
  if (unit >= 0x1f80 && unit <= 0x1faf) return String.fromCharCode(unit | 8);
  return /[\u1fb3\u1fc3\u1ff3]/.test(character) ? String.fromCharCode(unit + 9) : character;
}

export function isUpper(character: string): boolean {
  return /^\p{Lu}$/u.test(character);
}

export function isLower(character: string): boolean {
  return /^\p{Ll}$/u.test(character);
}

/** As `unicode.IsTitle`. */
export function isTitle(character: string): boolean {
  return /^\p{Lt}$/u.test(character);
}
