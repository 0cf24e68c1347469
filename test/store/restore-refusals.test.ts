// Goal: what no series of the stream that is there can have had is refused, before anything is restored.
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';
import type { HistogramValue, StreamDefinition } from '../../lib/store/definition/stream.js';
import { restoreSeries, type SavedSeries } from '../../lib/store/restore.js';
import { coreOf, type StoreCore } from '../../lib/store/store-core.js';

import { codeOf, DEFINITION, GAUGE, HISTOGRAM, NOW, saved, START } from './saved-series.js';
import { pointsIn } from '../support/points.js';

describe('what cannot be restored', () => {
  let store: MetricStore;
  let core: StoreCore;
  beforeEach(() => {
    store = createStore({ clock: { now: () => NOW } });
    core = coreOf(store);
  });
  afterEach(() => store.shutdown());

  const histogram = () =>
    store
      .getMeter('m')
      .createHistogram('h', { advice: { explicitBucketBoundaries: [...HISTOGRAM.boundaries] } });
  /** Value and start by name and attributes. */
  const shown = async () => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return Object.fromEntries(
      streams.flatMap(({ definition: { name }, points }) =>
        pointsIn(points).map(({ attributes, value, startUnixMillis }) => [
          `${name}${JSON.stringify(attributes)}`,
          [value, startUnixMillis],
        ]),
      ),
    );
  };

  it('should refuse what was saved of another definition than the one that is there', async () => {
    histogram().record(1, { k: 'b' });
    const verbatim = { ...DEFINITION, name: 'v', verbatim: true };
    expect(restoreSeries(core, verbatim, [saved(3)])).to.equal(1);
    const counts = new Array<number>(18).fill(7);
    const wide = saved({ count: 126, sum: 1, min: 1, max: 1, counts });
    const others: [StreamDefinition, SavedSeries, RegExp][] = [
      [{ ...HISTOGRAM, boundaries: counts.slice(1).map((_, index) => index) }, wide, /boundaries of h/],
      [
        { ...HISTOGRAM, boundaries: HISTOGRAM.boundaries.map(boundary => boundary + 1) },
        saved({ count: 0, sum: 0, min: 0, max: 0, counts: new Array<number>(10).fill(0) }),
        /boundaries of h/,
      ],
      [{ ...verbatim, kind: 'GAUGE' }, saved(4, { attributes: {} }), /kind of v.* must be COUNTER/],
      [
        { ...verbatim, kind: 'HISTOGRAM', boundaries: [1] },
        saved({ count: 1, sum: 1, min: 1, max: 1, counts: [1, 0] }, { attributes: {} }),
        /kind of v.* must be COUNTER/,
      ],
    ];
    for (const [definition, series, what] of others)
      expect(() => restoreSeries(core, definition, [series])).to.throw(what);
    expect(await shown()).to.deep.equal({
      'h{"k":"b"}': [{ count: 1, sum: 1, min: 1, max: 1, counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] }, NOW],
      'v{"k":"a"}': [3, START],
    });
  });
  it('should refuse what has no totals of its own: observables, and what is hidden', () => {
    const kinds = ['OBSERVABLE_COUNTER', 'OBSERVABLE_GAUGE', 'OBSERVABLE_UP_DOWN_COUNTER'] as const;
    const all = [...kinds.map(kind => ({ ...DEFINITION, kind })), { ...DEFINITION, hidden: true }];
    for (const definition of all)
      expect(() => restoreSeries(core, definition, [saved(1)])).to.throw(/kind of c, which is restored/);
    expect(core.registry.all(), 'nothing is registered for it').to.deep.equal([]);
  });
  it('should restore nothing when one of them is refused, or the last ones cannot be had', async () => {
    expect(() => restoreSeries(core, DEFINITION, [saved(1), saved(-1, { attributes: {} })])).to.throw('-1');
    const ended = function* (): Generator<SavedSeries> {
      yield saved(1);
      throw new Error('the file ends here');
    };
    expect(() => restoreSeries(core, DEFINITION, ended())).to.throw('the file ends here');
    expect(store.statistics().series).to.equal(0);
    expect(restoreSeries(core, DEFINITION, [saved(2)]), 'so it can be tried again').to.equal(1);
    expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [2, START] });
  });
  it('should refuse what is no number, or has other buckets, and name the metric', () => {
    const whole: StreamDefinition = { ...DEFINITION, valueType: 0 };
    const counts = new Array<number>(10).fill(0);
    const made = (more: Partial<HistogramValue>): SavedSeries =>
      saved({ count: 1, sum: 1, min: 1, max: 1, counts: [1, ...counts.slice(1)], ...more });
    const wrong: [StreamDefinition, SavedSeries][] = [
      [DEFINITION, saved(-1)],
      [DEFINITION, saved(null as never)],
      [DEFINITION, saved('3' as never)],
      [whole, saved(1.5)],
      [HISTOGRAM, saved({ count: 1 } as never)],
      [HISTOGRAM, made({ count: 2 })],
      [HISTOGRAM, made({ min: 2 })],
      [HISTOGRAM, made({ max: NaN })],
      [HISTOGRAM, made({ count: 0, counts: [1, -1, ...counts.slice(2)] })],
      [HISTOGRAM, made({ counts: [0.5, 0.5, ...counts.slice(2)] })],
      [GAUGE, saved(1, { gauge: 'toString' as never })],
      [GAUGE, saved(1, { startUnixMillis: Infinity })],
      [DEFINITION, saved(NaN)],
      [DEFINITION, saved({ count: 1, sum: 1, min: 1, max: 1, counts: [1] })],
      [HISTOGRAM, saved(1)],
      [HISTOGRAM, saved({ count: 1, sum: 1, min: 1, max: 1, counts: [1] })],
      [HISTOGRAM, saved({ count: 1, sum: Infinity, min: 1, max: 1, counts: new Array<number>(10).fill(0) })],
      [GAUGE, saved(1, { startUnixMillis: 0 })],
      [GAUGE, saved(1, { usedUnixMillis: NaN })],
    ];
    for (const [definition, series] of wrong) {
      const refusal = (): unknown => restoreSeries(core, definition, [series]);
      expect(refusal, JSON.stringify(series)).to.throw(`saved value of ${definition.name} must be`);
      expect(codeOf(refusal)).to.equal('INVALID_OPTION');
    }
    expect(core.region.kernel.takeRight(0, 0, 0), 'the right is free').not.to.equal(0);
  });
});
