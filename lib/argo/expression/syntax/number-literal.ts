import { ExpressionSyntaxError } from './syntax-error.js';
import type { Literal } from './syntax.js';

const INT_MAX = 2n ** 63n - 1n;
const PREFIXES: Readonly<Record<string, string>> = { '0x': 'hex', '0b': 'binary', '0o': 'octal' };

/**
 * `1_000`, `0x1f`, `0b101`, `0o17`, `1.5e3`. A leading zero means nothing.
 *
 * @param errorPosition where expr-lang points at when the number is wrong: the token after it.
 * @throws ExpressionSyntaxError
 */
export function parseNumber(text: string, position: number, errorPosition: number): Literal {
  const digits = text.replaceAll('_', '');
  const prefix = digits.slice(0, 2).toLowerCase();
  if (prefix !== '0x' && /[.eE]/.test(digits)) {
    const value = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits) ? Number(digits) : NaN;
    if (Number.isFinite(value)) return { kind: 'float', value, position };
    const reason = Number.isNaN(value) ? 'invalid syntax' : 'value out of range';
    return refuse(errorPosition, 'float', 'Float', digits, reason);
  }
  const name = PREFIXES[prefix] ?? 'integer';
  const value = /^(?:\d+|0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+)$/.test(digits) ? BigInt(digits) : undefined;
  if (value === undefined) return refuse(errorPosition, name, 'Int', digits, 'invalid syntax');
  if (value > INT_MAX) return refuse(errorPosition, name, 'Int', digits, 'value out of range');
  return { kind: 'integer', value, position };
}

function refuse(position: number, name: string, type: string, digits: string, reason: string): never {
  const detail = `strconv.Parse${type}: parsing ${JSON.stringify(digits)}: ${reason}`;
  throw new ExpressionSyntaxError(position, `invalid ${name} literal: ${detail}`);
}
