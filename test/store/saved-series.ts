// What the tests of restored series give back: a stream of each kind, and one series of it.
import type { StreamDefinition } from '../../lib/store/definition/stream.js';
import type { SavedSeries } from '../../lib/store/restore.js';

export const NOW = 1_764_000_000_000;
export const HOUR = 3_600_000;
export const START = NOW - 3 * HOUR;

export const DEFINITION: StreamDefinition = {
  ...{ scope: { name: 'm' }, name: 'c', description: '', unit: '', kind: 'COUNTER', valueType: 1 },
  ...{ boundaries: [], limit: 3, verbatim: false },
};
export const HISTOGRAM: StreamDefinition = {
  ...DEFINITION,
  name: 'h',
  kind: 'HISTOGRAM',
  boundaries: [1, 2, 3, 4, 5, 6, 7, 8, 9],
};
export const GAUGE: StreamDefinition = { ...DEFINITION, name: 'g', kind: 'GAUGE' };

export const saved = (value: SavedSeries['value'], more: Partial<SavedSeries> = {}): SavedSeries => ({
  ...{ attributes: { k: 'a' }, value, startUnixMillis: START, usedUnixMillis: NOW - 1000 },
  ...more,
});

export const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'nothing';
};
