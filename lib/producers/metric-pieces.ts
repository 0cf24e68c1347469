// Metrics on their way to another thread: in pieces, so that who gives them has short turns, and nothing in them that cannot be
// cloned takes anything else along. Any thread.
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { TimeSlice } from '../guard/time-slice.js';
import { shown } from '../guard/option-checks.js';
import { textOf } from '../guard/thrown.js';

/** Points of a piece, but for a metric that has more by itself. */
const POINTS_PER_PIECE = 500;
/** Points of one answer: what is beyond is left out. Clones of a million take some hundred megabytes. */
const POINTS_MAX = 1_000_000;
/** Objects in objects: points of the SDK have five. */
const DEPTH_MAX = 10;

export interface MetricPiece {
  /** Counts the scopes: pieces of one number are of one scope. */
  readonly index: number;
  readonly scope: ScopeMetrics['scope'];
  readonly metrics: readonly MetricData[];
}

/**
 * Hands all metrics over, piece by piece. Returns why some of them were left out. Never rejects.
 *
 * @param post clones what it is given, and throws where it cannot
 */
export async function sendInPieces(
  scopeMetrics: readonly ScopeMetrics[],
  post: (piece: MetricPiece) => void,
  pointsMax = POINTS_MAX,
): Promise<Error[]> {
  const slice = new TimeSlice();
  const errors: Error[] = [];
  let left = pointsMax;
  for (const [index, { scope, metrics }] of scopeMetrics.entries()) {
    let pending: MetricData[] = [];
    let points = 0;
    const flush = (): void => {
      for (const error of postPiece({ index, scope, metrics: pending }, post)) errors.push(error);
      pending = [];
      points = 0;
    };
    for (const metric of metrics) {
      const { length } = metric.dataPoints;
      if (length > left) {
        errors.push(leftOut(metric, `all metrics together have more than ${pointsMax} points`));
        continue;
      }
      left -= length;
      points += length;
      pending.push(metric);
      if (points < POINTS_PER_PIECE) continue;
      flush();
      if (slice.isOver()) await slice.next();
    }
    if (pending.length > 0) flush();
  }
  return errors;
}

function postPiece(piece: MetricPiece, post: (piece: MetricPiece) => void): Error[] {
  try {
    post(piece);
    return [];
  } catch {
    // Something in it cannot be cloned: the others go as they are.
  }
  const scope = cloneable(piece.scope) as MetricPiece['scope'];
  return piece.metrics.flatMap(metric => {
    try {
      post({ index: piece.index, scope, metrics: [cloneable(metric) as MetricData] });
      return [];
    } catch (error) {
      return [leftOut(metric, textOf(error))];
    }
  });
}

function leftOut(metric: MetricData, why: string): Error {
  return new MetricStoreError(
    'PRODUCER_FAILED',
    `${nameOf(metric)} cannot go to the collector thread and is left out: ${why}`,
  );
}

function nameOf(metric: MetricData): string {
  try {
    return shown(metric.descriptor.name);
  } catch {
    return 'a metric';
  }
}

/** A copy without what cannot be cloned: functions and symbols are left out, and of objects their own data count. */
export function cloneable(value: unknown, depth = DEPTH_MAX): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.map(item => cloneable(item, depth - 1));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const kept = cloneable(item, depth - 1);
    if (kept !== undefined) Object.defineProperty(copy, key, { value: kept, enumerable: true });
  }
  return copy;
}

/** The pieces of one answer, put together again. */
export class JoinedPieces {
  readonly #scopes = new Map<number, { scope: ScopeMetrics['scope']; metrics: MetricData[] }>();

  add({ index, scope, metrics }: MetricPiece): void {
    const known = this.#scopes.get(index);
    if (known === undefined) this.#scopes.set(index, { scope, metrics: [...metrics] });
    else for (const metric of metrics) known.metrics.push(metric);
  }

  get scopeMetrics(): readonly ScopeMetrics[] {
    return [...this.#scopes.values()];
  }
}
