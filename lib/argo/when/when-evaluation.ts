// What the operators of govaluate do, on Go's float64, string, bool, nil and lists. Short circuits skip what stands
// right, and then its mistakes are not seen, as with Argo.
import { compileRegexp } from '../go/text/go-regexp.js';
import type { GoRegexp } from '../go/text/go-regexp.js';
import { compareText } from '../go/text/go-text.js';
import { EvaluationError } from '../go/evaluation-error.js';
import { ARITHMETIC, complement } from './when-arithmetic.js';
import { WhenError } from './when-error.js';
import type { Link, WhenNode, WhenPattern, WhenValue } from './when-tree.js';
import { equal, isIn, show } from './when-values.js';

/** @throws WhenError on values that an operator cannot be used with. */
export function evaluateTree(node: WhenNode): WhenValue {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'nothing':
      return null;
    case 'prefix':
      return prefixed(node.symbol, evaluateTree(node.operand), node.position);
    case 'accessor': {
      if (node.argument) evaluateTree(node.argument);
      const [name = ''] = node.text.split('.');
      throw new WhenError('evaluate', node.position, `No parameter '${name}' found.`);
    }
    case 'chain': {
      let left = evaluateTree(node.first);
      for (const link of node.links)
        if (!isDecided(link.symbol, left)) left = apply(link, left, evaluateTree(link.operand));
        else if (link.symbol === '?') left = null;
      return left;
    }
  }
}

/** True when the right side does not count. */
export function isDecided(symbol: string, left: WhenValue): boolean {
  switch (symbol) {
    case '&&':
    case '?':
      return left === false;
    case '||':
      return left === true;
    case ':':
    case '??':
      return left !== null;
    default:
      return false;
  }
}

/** What one operator makes of both sides. @throws WhenError */
export function apply({ symbol, position }: Link, left: WhenValue, right: WhenValue): WhenValue {
  switch (symbol) {
    case ',':
      // Lists are made here and used once, so that one can grow.
      if (!Array.isArray(left)) return [left, right];
      left.push(right);
      return left;
    case ':':
    case '??':
      return right;
    case '?':
      if (typeof left === 'boolean') return right;
      throw refuse(left, `ternary operator '?', it is not a bool`, position);
    case '&&':
    case '||': {
      const wrong = [left, right].find(value => typeof value !== 'boolean');
      if (wrong === undefined) return right;
      throw refuse(wrong, `logical operator '${symbol}', it is not a bool`, position);
    }
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      if (Array.isArray(right)) return isIn(left, right, position);
      throw refuseComparison(right, symbol, position);
    case '=~':
    case '!~':
      return matches(left, right, symbol, position) === (symbol === '=~');
    case '<':
    case '<=':
    case '>':
    case '>=':
      return isOrdered(left, right, symbol, position);
    default:
      return calculate(left, right, symbol, position);
  }
}

/** What an operator in front makes of its operand. @throws WhenError */
export function prefixed(symbol: string, value: WhenValue, position: number): WhenValue {
  if (symbol === '!' && typeof value === 'boolean') return !value;
  if (symbol === '-' && typeof value === 'number') return -value;
  if (symbol === '~' && typeof value === 'number') return complement(value);
  throw new WhenError(
    'evaluate',
    position,
    `Value '${show(value)}' cannot be used with the prefix '${symbol}'`,
  );
}

function isOrdered(left: WhenValue, right: WhenValue, symbol: string, position: number): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    if (symbol === '<') return left < right;
    if (symbol === '<=') return left <= right;
    return symbol === '>' ? left > right : left >= right;
  }
  if (typeof left !== 'string' || typeof right !== 'string') throw refuseComparison(left, symbol, position);
  const order = compareText(left, right);
  if (symbol === '<') return order < 0;
  if (symbol === '<=') return order <= 0;
  return symbol === '>' ? order > 0 : order >= 0;
}

function calculate(left: WhenValue, right: WhenValue, symbol: string, position: number): WhenValue {
  const operation = ARITHMETIC.get(symbol);
  if (operation && typeof left === 'number' && typeof right === 'number') return operation(left, right);
  if (symbol === '+' && (typeof left === 'string' || typeof right === 'string'))
    return show(left) + show(right);
  // Of a sum Argo always shows the left side, whichever is wrong.
  const wrong = symbol !== '+' && typeof left === 'number' ? right : left;
  throw refuse(wrong, `modifier '${symbol}', it is not a number`, position);
}

function matches(left: WhenValue, right: WhenValue, symbol: string, position: number): boolean {
  if (typeof left !== 'string') throw refuseComparison(left, symbol, position);
  try {
    return regexpOf(right, symbol, position).test(left);
  } catch (error) {
    if (error instanceof EvaluationError) throw new WhenError('evaluate', position, error.message);
    throw error;
  }
}

function regexpOf(value: WhenValue, symbol: string, position: number): GoRegexp {
  if (isPattern(value)) return value.regexp;
  if (typeof value !== 'string') throw refuseComparison(value, symbol, position);
  try {
    return compileRegexp(value);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`Unable to compile regexp pattern '${value}': ${error.message}`);
  }
}

function isPattern(value: WhenValue): value is WhenPattern {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Argo says "number" of every comparison. */
function refuseComparison(value: WhenValue, symbol: string, position: number): WhenError {
  return refuse(value, `comparator '${symbol}', it is not a number`, position);
}

function refuse(value: WhenValue, use: string, position: number): WhenError {
  return new WhenError('evaluate', position, `Value '${show(value)}' cannot be used with the ${use}`);
}
