// What binds how strongly, from expr-lang. A greater number binds more strongly.
export const UNARY: ReadonlyMap<string, number> = new Map([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
]);

export const BINARY: ReadonlyMap<string, number> = new Map([
  ['|', 0],
  ['or', 10],
  ['||', 10],
  ['and', 15],
  ['&&', 15],
  ['==', 20],
  ['!=', 20],
  ['<', 20],
  ['>', 20],
  ['>=', 20],
  ['<=', 20],
  ['in', 20],
  ['matches', 20],
  ['contains', 20],
  ['startsWith', 20],
  ['endsWith', 20],
  ['..', 25],
  ['+', 30],
  ['-', 30],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['**', 100],
  ['^', 100],
  ['??', 500],
]);

/** `a ** b ** c` is `a ** (b ** c)`. */
export function isRightAssociative(operator: string): boolean {
  return operator === '**' || operator === '^';
}

/** `a < b < c` is `a < b && b < c`. */
export function isComparison(operator: string): boolean {
  return operator === '<' || operator === '>' || operator === '<=' || operator === '>=';
}

/** What can follow a `not` that stands between two operands. */
export function canBeNegated(operator: string): boolean {
  return ['in', 'matches', 'contains', 'startsWith', 'endsWith'].includes(operator);
}
