/** Milliseconds of a unit. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

const PART = /(\d+(?:\.\d+)?|\.\d+)(d|h|ms|m|s)/g;

/**
 * Reads a time to live as Argo's configuration has it: `10m`, `2d`, and what Argo itself cannot read but its users write,
 * `1h30m`, `1.5h`, `500ms`. Empty text is 0.
 *
 * @returns milliseconds, 0 for ever; or why it cannot be read.
 */
export function parseTtl(text: string): { millis: number } | { error: string } {
  if (text === '') return { millis: 0 };
  if (text.startsWith('-')) return { error: `a TTL cannot be negative: '${text}'` };
  const parts = [...text.matchAll(PART)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  const millis = parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (UNITS.get(unit) ?? NaN),
    0,
  );
  if (isWhole && Number.isSafeInteger(Math.round(millis))) return { millis: Math.round(millis) };
  return { error: `'${text}' is no TTL such as 10m, 1h30m or 2d` };
}
