// Which operands an operator takes, and what comes out, as far as that is known before there are values.
import {
  BOOL,
  DURATION,
  FLOAT,
  INT,
  isAssignable,
  isComparable,
  isNumber,
  listOf,
  mayGoTogether,
  NIL,
  TEXT,
  TIME,
  UNKNOWN,
} from '../../go/value/nature.js';
import type { Nature, NatureKind } from '../../go/value/nature.js';

/** `undefined`: the operands do not go together. */
export function natureOfBinary(operator: string, left: Nature, right: Nature): Nature | undefined {
  switch (operator) {
    case '==':
    case '!=':
      return isComparable(left, right) ? BOOL : undefined;
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return ofKinds(left, right, 'bool') || mayGoTogether(left, right, ['bool']) ? BOOL : undefined;
    case '<':
    case '>':
    case '<=':
    case '>=':
      return isOrdered(left, right) ? BOOL : undefined;
    case '+':
      return natureOfSum(left, right);
    case '-':
      return natureOfDifference(left, right);
    case '*':
      return natureOfProduct(left, right);
    case '/':
    case '**':
    case '^':
      return areNumbers(left, right) || mayGoTogether(left, right, NUMBERS) ? FLOAT : undefined;
    case '%':
      return ofKinds(left, right, 'int') || mayGoTogether(left, right, ['int']) ? INT : undefined;
    case '..':
      return ofKinds(left, right, 'int') || mayGoTogether(left, right, ['int']) ? listOf(INT) : undefined;
    case 'matches':
      if (left.type === '[]uint8' && (right.kind === 'text' || right.kind === 'unknown')) return BOOL;
      return areTexts(left, right) ? BOOL : undefined;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return areTexts(left, right) ? BOOL : undefined;
    case '??':
      return natureOfCoalescing(left, right);
    default:
      return undefined;
  }
}

const NUMBERS: readonly NatureKind[] = ['int', 'float'];

function ofKinds(left: Nature, right: Nature, kind: NatureKind, other = kind): boolean {
  return left.kind === kind && right.kind === other;
}

function areNumbers(left: Nature, right: Nature): boolean {
  return isNumber(left) && isNumber(right);
}

function areTexts(left: Nature, right: Nature): boolean {
  return ofKinds(left, right, 'text') || mayGoTogether(left, right, ['text']);
}

function isOrdered(left: Nature, right: Nature): boolean {
  const kinds: readonly NatureKind[] = ['text', 'time', 'duration'];
  return (
    areNumbers(left, right) ||
    kinds.some(kind => ofKinds(left, right, kind)) ||
    mayGoTogether(left, right, [...NUMBERS, ...kinds])
  );
}

function promoted(left: Nature, right: Nature): Nature {
  return left.kind === 'float' || right.kind === 'float' ? FLOAT : INT;
}

function natureOfSum(left: Nature, right: Nature): Nature | undefined {
  if (areNumbers(left, right)) return promoted(left, right);
  if (ofKinds(left, right, 'text')) return TEXT;
  if (ofKinds(left, right, 'time', 'duration') || ofKinds(left, right, 'duration', 'time')) return TIME;
  if (ofKinds(left, right, 'duration')) return DURATION;
  return mayGoTogether(left, right, [...NUMBERS, 'text', 'time', 'duration']) ? UNKNOWN : undefined;
}

function natureOfDifference(left: Nature, right: Nature): Nature | undefined {
  if (areNumbers(left, right)) return promoted(left, right);
  if (ofKinds(left, right, 'time')) return DURATION;
  if (ofKinds(left, right, 'time', 'duration')) return TIME;
  if (ofKinds(left, right, 'duration')) return DURATION;
  return mayGoTogether(left, right, [...NUMBERS, 'time', 'duration']) ? UNKNOWN : undefined;
}

function natureOfProduct(left: Nature, right: Nature): Nature | undefined {
  if (areNumbers(left, right)) return promoted(left, right);
  const isScaled =
    (left.kind === 'duration' && (isNumber(right) || right.kind === 'duration')) ||
    (isNumber(left) && right.kind === 'duration');
  if (isScaled) return DURATION;
  return mayGoTogether(left, right, [...NUMBERS, 'duration']) ? UNKNOWN : undefined;
}

function natureOfCoalescing(left: Nature, right: Nature): Nature {
  if (left.kind === 'nil') return right.kind === 'nil' ? NIL : right;
  if (right.kind === 'nil' || isAssignable(right, left)) return left;
  return UNKNOWN;
}
