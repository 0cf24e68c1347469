// Goal: what a series has comes back from JSON as it was.
import { expect } from 'chai';
import { savedSeriesOf, savedTotalOf } from '../../../lib/argo/state/saved-totals.js';
import type { SavedTotal } from '../../../lib/argo/state/state-record.js';
import type { SavedSeries } from '../../../lib/store/restore.js';

const TIMES = { startUnixMillis: 1_795_000_000_000, usedUnixMillis: 1_795_000_000_001.5 };

describe('a saved total', () => {
  it('should be the same again', () => {
    const all: SavedSeries[] = [
      { attributes: { k: 'a' }, value: 105.25, ...TIMES },
      { attributes: {}, value: -0, ...TIMES },
      { attributes: undefined, value: Infinity, ...TIMES },
      { attributes: { __proto__x: '1' }, value: NaN, gauge: 'added', ...TIMES },
      {
        attributes: { k: 'a' },
        value: { count: 3, sum: NaN, min: -Infinity, max: Infinity, counts: [1, 0, 2] },
        ...TIMES,
      },
    ];
    for (const series of all) {
      const again = savedSeriesOf(JSON.parse(JSON.stringify(savedTotalOf(series))) as SavedTotal);
      expect(again).to.deep.equal(series);
      expect(Object.is(again.value, series.value) || typeof series.value === 'object').to.equal(true);
    }
  });
});
