/** Below this magnitude and from the next one on, Go switches to the exponent form (`strconv.FormatFloat(f, 'g', -1, 64)`). */
const SMALLEST_PLAIN = 1e-4;
const SMALLEST_WITH_EXPONENT = 1e6;

/**
 * Writes a sample value or an `le` bound exactly as Prometheus' own libraries do: the shortest digits that read back as
 * the same double, `1e+06` and not `1000000`, `+Inf`, `-Inf`, `NaN`, and `0` for both zeros. Equal bytes matter for `le`,
 * because a bound written in another way is another series to the server.
 */
export function numberText(value: number): string {
  const magnitude = Math.abs(value);
  // ECMAScript writes the same shortest digits and no exponent in this range.
  if ((magnitude >= SMALLEST_PLAIN && magnitude < SMALLEST_WITH_EXPONENT) || value === 0)
    return String(value);
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
  const text = value.toExponential();
  // Go writes at least two digits of exponent, ECMAScript as many as there are.
  return text.at(-2) === '+' || text.at(-2) === '-' ? `${text.slice(0, -1)}0${text.slice(-1)}` : text;
}

/** A bound as OpenMetrics has it: "with a .0 appended in case there is no decimal point or exponent". */
export function canonicalNumberText(value: number): string {
  const text = numberText(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
