import type { CollectedStream } from '../../../lib/store/definition/stream.js';

export interface ShownSeries {
  readonly kind: string;
  readonly value: readonly string[];
  readonly start: number;
}

export function shownIn(streams: readonly CollectedStream[]): Record<string, ShownSeries>;
