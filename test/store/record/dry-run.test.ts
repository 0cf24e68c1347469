// Goal: what is only tried would do what is obeyed. Method: the same sets, in the same order, for a store that obeys the
// policies.
import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import { cardinalityLimitedView, createStore } from '../../../lib/index.js';
import { canonicalize } from '../../../lib/store/series/attributes.js';
import { DryRun } from '../../../lib/store/record/dry-run.js';
import { HOLDER } from '../../../lib/store/series/known-series.js';
import { coreOf } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';
import { OVERFLOW_TEXT } from '../../../lib/store/definition/overflow.js';

const OPTIONS = { maxLabelValueLength: 2048, onFault: () => {} };
const LABELS = {
  pod: { maxValues: 2 },
  zone: { map: (zone: string) => zone.slice(0, 1), maxValues: 2, overflowValue: 'else' },
  method: { allow: ['GET', /^X-/, '1'] },
  trace: { drop: true },
} as const;

const value = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'GET', 'X-1', 'PUT', '_OTHER', 'else', 1, true, NaN),
  fc.constant(['a', 'b']),
);
const set = fc.dictionary(fc.constantFrom(...Object.keys(LABELS), 'other'), value, { maxKeys: 5 });

describe('DryRun', () => {
  it('should make of each set what a store makes of it that obeys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(set, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        async (sets, limit) => {
          const views = [cardinalityLimitedView({ instrumentName: 'c', limit: 1000, labels: LABELS })];
          const store = createStore({ maxBytes: 2 ** 23, shared: false, views, maxSeries: 2000 });
          const core = coreOf(store);
          const run = new DryRun({ ...core.views[0]!, limit }, OPTIONS);
          const wanted = new Set<string>();
          for (const each of sets) {
            store
              .getMeter('m')
              .createCounter('c')
              .add(1, each as Attributes);
            const text = canonicalize(each, 2048).text;
            run.add(text);
            wanted.add(run.decide(text));
          }
          const { streams } = await core.openReader(() => 'cumulative').collect();
          const made = streams.flatMap(({ points }) =>
            pointsIn(points).map(({ attributes }) => canonicalize(attributes, 2048).text),
          );
          expect(made.sort()).to.deep.equal([...wanted].sort());
          expect(run.result).to.deep.equal({
            series: Math.min(limit, wanted.size),
            overflowed: Math.max(0, wanted.size - limit),
          });
          await store.shutdown();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('should count copies of a holder once, overflow series never, and an estimate of very many', () => {
    const run = new DryRun({ selector: {}, limit: 1e6 }, OPTIONS);
    for (const holder of ['1', '2']) run.add(JSON.stringify({ [HOLDER]: holder, pod: 'a' }));
    run.add(OVERFLOW_TEXT);
    expect(run.result).to.deep.equal({ series: 1, overflowed: 0 });
    for (let pod = 0; pod < 20_000; pod++) run.add(`{"pod":${pod}}`);
    expect(run.result.series).to.be.closeTo(20_000, 1200);
  });
});
