// Boundaries of a histogram as somebody gives them: in any order, some perhaps twice. Any thread.
import { BOUNDARIES_MAX } from '../../limits.js';
import { shown } from '../../guard/option-checks.js';

/** OpenTelemetry's default boundaries of a histogram. */
export const DEFAULT_BOUNDARIES: readonly number[] = Object.freeze([
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
]);

/** More are not looked at, however often each is given. */
const LOOKED_AT_MAX = 10 * BOUNDARIES_MAX;

/**
 * Ascending and each once, without the infinities, whose buckets exist anyway; or what is wrong with them. Throws what a
 * getter or a trap throws.
 */
export function readBoundaries(
  given: unknown,
  max: number,
): { readonly boundaries: readonly number[] } | { readonly problem: string } {
  if (!Array.isArray(given)) return { problem: `must be a list of numbers, got ${shown(given)}` };
  if (given.length > LOOKED_AT_MAX) return { problem: `must be at most ${max}, got ${given.length}` };
  const bounds = Array.from(given as readonly unknown[]);
  if (!bounds.every(isBound)) {
    const wrong = bounds.find(bound => !isBound(bound));
    return { problem: `must be numbers, got ${shown(wrong)} among them` };
  }
  // Not minus zero, which is no other bound than zero.
  const boundaries = [...new Set(bounds.filter(Number.isFinite).map(bound => bound + 0))].sort(
    (a, b) => a - b,
  );
  if (boundaries.length > max)
    return { problem: `must be at most ${max} (maxBoundaries), got ${boundaries.length}` };
  return { boundaries };
}

function isBound(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}
