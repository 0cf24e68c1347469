// Decimal fractions as `shopspring/decimal` computes with them: Sprig adds 0.1 and 0.2 to 0.3.
import { LimitError } from '../budget/evaluation-limits.js';
import { EvaluationError } from '../go/evaluation-error.js';
import { formatFloat } from '../go/value/go-format.js';

/** Places after the point that a division keeps. */
const DIVISION_PLACES = 16;
/** A product of many large numbers has more digits than anybody can use. */
const DIGITS_MAX = 10_000;

/** `digits` times ten to the power of `exponent`. Immutable. */
export class Decimal {
  readonly #digits: bigint;
  readonly #exponent: number;

  private constructor(digits: bigint, exponent: number) {
    this.#digits = digits;
    this.#exponent = exponent;
  }

  /** The shortest decimal that stands for the number. */
  static of(number: number): Decimal {
    if (!Number.isFinite(number))
      throw new EvaluationError(`Cannot create a Decimal from ${formatFloat(number)}`);
    const [mantissa = '0', exponent = '0'] = number.toExponential().split('e');
    const [whole = '0', fraction = ''] = mantissa.split('.');
    return new Decimal(BigInt(whole + fraction), Number(exponent) - fraction.length);
  }

  plus(other: Decimal): Decimal {
    const exponent = Math.min(this.#exponent, other.#exponent);
    return new Decimal(this.#digitsAt(exponent) + other.#digitsAt(exponent), exponent);
  }

  minus(other: Decimal): Decimal {
    return this.plus(new Decimal(-other.#digits, other.#exponent));
  }

  times(other: Decimal): Decimal {
    const exponent = this.#exponent + other.#exponent;
    const product = new Decimal(this.#digits * other.#digits, exponent);
    if (Math.abs(exponent) > DIGITS_MAX) throw new LimitError(`decimal of more than ${DIGITS_MAX} digits`);
    return product;
  }

  /** Rounded half away from zero to {@link DIVISION_PLACES} places. */
  dividedBy(other: Decimal): Decimal {
    if (other.#digits === 0n) throw new EvaluationError('decimal division by 0');
    const shift = this.#exponent - other.#exponent + DIVISION_PLACES;
    const dividend = this.#digits * powerOfTen(Math.max(shift, 0));
    const divisor = other.#digits * powerOfTen(Math.max(-shift, 0));
    const quotient = dividend / divisor;
    const rest = absolute(dividend % divisor);
    const away = dividend < 0n === divisor < 0n ? 1n : -1n;
    return new Decimal(rest * 2n >= absolute(divisor) ? quotient + away : quotient, -DIVISION_PLACES);
  }

  /** The nearest number. */
  toNumber(): number {
    return Number(`${this.#digits}e${this.#exponent}`);
  }

  #digitsAt(exponent: number): bigint {
    return this.#digits * powerOfTen(this.#exponent - exponent);
  }
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function absolute(number: bigint): bigint {
  return number < 0n ? -number : number;
}
