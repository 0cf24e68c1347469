import type { Syntax } from './syntax.js';

/** The int that the expression is, if it is made of literals alone. */
export function foldInteger(node: Syntax): bigint | undefined {
  if (node.kind === 'integer') return node.value;
  if (node.kind === 'unary') {
    const operand = foldInteger(node.operand);
    if (operand === undefined || (node.operator !== '-' && node.operator !== '+')) return undefined;
    return BigInt.asIntN(64, node.operator === '-' ? -operand : operand);
  }
  if (node.kind !== 'binary') return undefined;
  const left = foldInteger(node.left);
  const right = left === undefined ? undefined : foldInteger(node.right);
  if (left === undefined || right === undefined) return undefined;
  const value = combine(node.operator, left, right);
  return value === undefined ? undefined : BigInt.asIntN(64, value);
}

function combine(operator: string, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '%':
      return right === 0n ? undefined : left % right;
    default:
      return undefined;
  }
}

/** The answer that the expression is, if it is a literal, negated or not. */
export function foldBoolean(node: Syntax): boolean | undefined {
  if (node.kind === 'bool') return node.value;
  if (node.kind !== 'unary' || (node.operator !== '!' && node.operator !== 'not')) return undefined;
  const operand = foldBoolean(node.operand);
  return operand === undefined ? undefined : !operand;
}
