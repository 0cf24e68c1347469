import type { GoRegexp } from '../go/text/go-regexp.js';

/** A pattern that stands right of `=~`; anywhere else it shows as its text. */
export interface WhenPattern {
  readonly regexp: GoRegexp;
}

/** `null` is Go's nil: what is missing, as in `()` or right of a false `?`. */
export type WhenValue = null | boolean | number | string | WhenPattern | WhenValue[];

export type Literal = boolean | number | string | WhenPattern;

/** One operator of a chain and what stands right of it. */
export interface Link {
  readonly symbol: string;
  readonly operand: WhenNode;
  readonly position: number;
}

/**
 * A parsed `when` clause. Operators of one level are one chain, worked off from left to right, so that the depth of the
 * tree is that of the parentheses, not the length of the text.
 */
export type WhenNode =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'prefix';
      readonly symbol: string;
      readonly operand: WhenNode;
      readonly position: number;
    }
  | {
      readonly kind: 'chain';
      readonly level: number;
      readonly first: WhenNode;
      readonly links: readonly Link[];
    }
  /** `a.B` and `a.B(…)`: there is never such a field in a `when`, but it may stand where nobody looks. */
  | {
      readonly kind: 'accessor';
      readonly text: string;
      readonly argument: WhenNode | undefined;
      readonly position: number;
    };

/** Loosest first. `&`, `|` and `^` bind as loosely as that. */
const LEVELS: readonly (readonly string[])[] = [
  [','],
  ['?', ':', '??'],
  ['||'],
  ['&&'],
  ['==', '!=', '>', '>=', '<', '<=', '=~', '!~', 'in'],
  ['&', '|', '^'],
  ['>>', '<<'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];

const LEVEL_OF: ReadonlyMap<string, number> = new Map(
  LEVELS.flatMap((symbols, level) => symbols.map(symbol => [symbol, level] as const)),
);

/** How tightly an operator binds; `undefined` for what is none. */
export function levelOf(symbol: string): number | undefined {
  return LEVEL_OF.get(symbol);
}
