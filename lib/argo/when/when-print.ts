import { parseTime } from './when-times.js';
import type { Link, Literal, WhenNode } from './when-tree.js';

type Chain = WhenNode & { readonly kind: 'chain' };

/** Writes a tree as text that reads as the same tree: a space around operators, and the parentheses that it takes. */
export function printWhen(node: WhenNode): string {
  return print(node, 0);
}

/** @param lowest operators that bind more loosely than this level get parentheses. */
function print(node: WhenNode, lowest: number): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node.value);
    case 'nothing':
      return '()';
    case 'prefix':
      // A string cannot follow a prefix.
      return `${node.symbol}${isNumberOrBoolean(node.operand) ? print(node.operand, 0) : group(node.operand)}`;
    case 'accessor':
      return printAccessor(node);
    case 'chain':
      return node.level < lowest ? group(node) : printChain(node, print(node.first, node.level + 1));
  }
}

function printAccessor({ text, argument }: WhenNode & { readonly kind: 'accessor' }): string {
  const name = text.replaceAll(/[^\p{L}\p{Nd}_.]/gu, '\\$&');
  // An argument goes on to the end of what it stands in.
  return argument ? `(${name} ${printOpened(argument, 0)})` : name;
}

function printChain({ level, links }: Chain, first: string): string {
  return [first, ...links.map(link => `${link.symbol} ${printOperand(link, level + 1)}`)].join(' ');
}

function printOperand({ symbol, operand }: Link, lowest: number): string {
  // A string right behind these would be read as a pattern.
  const isMatching = symbol === '=~' || symbol === '!~';
  return isMatching && beginsWithString(operand) ? group(operand) : print(operand, lowest);
}

/** As `print`, beginning with a parenthesis. */
function printOpened(node: WhenNode, lowest: number): string {
  if (node.kind !== 'chain' || node.level < lowest) return group(node);
  return printChain(node, printOpened(node.first, node.level + 1));
}

function group(node: WhenNode): string {
  return node.kind === 'nothing' ? '()' : `(${print(node, 0)})`;
}

function beginsWithString(node: WhenNode): boolean {
  if (node.kind === 'chain') return beginsWithString(node.first);
  return node.kind === 'literal' && typeof node.value === 'string';
}

function isNumberOrBoolean(node: WhenNode): boolean {
  return node.kind === 'literal' && (typeof node.value === 'number' || typeof node.value === 'boolean');
}

function printLiteral(value: Literal): string {
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'object') return printBracketed(value.regexp.pattern);
  if (typeof value === 'boolean') return String(value);
  // In quotes it could be a point in time.
  return parseTime(value) ? printBracketed(value) : `'${value.replaceAll(/[\\'"]/g, '\\$&')}'`;
}

function printNumber(value: number): string {
  // Only a point in time can be negative, and it cannot stand before `?`.
  if (value < 0) return `('${new Date(value * 1000).toISOString().slice(0, 19)}Z')`;
  // An exponent is no part of a number here, but for the backslashes.
  return String(value).replaceAll(/[e+-]/g, '\\$&');
}

/** A pattern in quotes could not stand before `?`. */
function printBracketed(text: string): string {
  return `[${text.replaceAll(/[\\\]]/g, '\\$&')}]`;
}
