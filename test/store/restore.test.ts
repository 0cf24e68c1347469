// Goal: what was given back counts as if the process had never ended, in every kind and reading, and nothing can be given
// back too late or twice.
import { expect } from 'chai';
import { Worker } from 'node:worker_threads';
import { attachStore, cardinalityLimitedView, createStore, type MetricStore } from '../../lib/index.js';
import type { HistogramValue, StreamDefinition } from '../../lib/store/definition/stream.js';
import { restoreSeries } from '../../lib/store/restore.js';
import { HOLDER } from '../../lib/store/series/known-series.js';
import { coreOf, type StoreCore } from '../../lib/store/store-core.js';

import { codeOf, DEFINITION, GAUGE, HISTOGRAM, HOUR, NOW, saved, START } from './saved-series.js';
import { pointsIn } from '../support/points.js';

const TTL = 600_000;

for (const shared of [true, false])
  describe(`restoreSeries, in a store of ${shared ? 'several threads' : 'one thread'}`, () => {
    let time: number;
    let store: MetricStore;
    let core: StoreCore;
    beforeEach(() => {
      time = NOW;
      store = createStore({ shared, cardinalityLimit: 3, seriesTtlMillis: TTL, clock: { now: () => time } });
      core = coreOf(store);
    });
    afterEach(() => store.shutdown());

    const meter = () => store.getMeter('m');
    const counter = () => meter().createCounter('c');
    const gauge = () => meter().createGauge('g');
    const histogram = () =>
      meter().createHistogram('h', { advice: { explicitBucketBoundaries: [...HISTOGRAM.boundaries] } });
    /** Value and start by name and attributes. */
    const shown = async (temporality: 'cumulative' | 'delta' = 'cumulative') => {
      const { streams } = await core.openReader(() => temporality).collect();
      return Object.fromEntries(
        streams.flatMap(({ definition: { name }, points }) =>
          pointsIn(points).map(({ attributes, value, startUnixMillis }) => [
            `${name}${JSON.stringify(attributes)}`,
            [value, startUnixMillis],
          ]),
        ),
      );
    };

    it('should go on from a sum, with the start that it had, although it is older than its time to live', async () => {
      expect(restoreSeries(core, DEFINITION, [saved(105)])).to.equal(1);
      expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [105, START] });
      time += 1000;
      counter().add(2, { k: 'a' });
      expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [107, START] });
    });

    it('should take places for the values of limited labels, and leave all labels as they were shown', async () => {
      const labels = [
        { label: 'k', maxValues: 2, overflowValue: '_OTHER' },
        { label: 'gone', drop: true as const, overflowValue: '_OTHER' },
      ];
      await store.shutdown();
      const views = [
        cardinalityLimitedView({
          instrumentName: 'c',
          limit: 9,
          labels: { k: { maxValues: 2 }, gone: { drop: true } },
        }),
      ];
      store = createStore({ shared, views, clock: { now: () => time } });
      core = coreOf(store);
      const given = [{ k: 'a' }, { k: '_OTHER' }, { k: 'a', gone: '1' }, { k: 'b' }, { k: 'c' }, {}];
      const series = given.map((attributes, index) => saved(index + 1, { attributes }));
      expect(restoreSeries(core, { ...DEFINITION, limit: 9 }, series, labels)).to.equal(5);
      for (const k of ['a', 'd', 'b']) counter().add(10, { k, gone: '2' });
      const shownNow = await shown();
      expect(
        Object.fromEntries(Object.entries(shownNow).map(([name, [value]]) => [name, value])),
      ).to.deep.equal({
        'c{"k":"a"}': 11,
        'c{"k":"_OTHER"}': 12,
        'c{"gone":"1","k":"a"}': 3,
        'c{"k":"b"}': 14,
        'c{}': 6,
      });
    });

    it('should ask for the places of all labels that are limited, and lose what has not all of them', async () => {
      await store.shutdown();
      const limited = { k: { maxValues: 2 }, z: { maxValues: 2 } };
      store = createStore({
        ...{ shared, clock: { now: () => time } },
        views: [cardinalityLimitedView({ instrumentName: 'c', limit: 9, labels: limited })],
      });
      core = coreOf(store);
      const labels = ['k', 'z'].map(label => ({ label, maxValues: 2, overflowValue: '_OTHER' }));
      const given = [
        { k: 'a', z: 'x' },
        { z: 'y' },
        { k: 'b', z: 'w' },
        { k: 'b', z: '_OTHER' },
        { k: 'c', z: 'x' },
        { k: 'b', z: 'y' },
      ];
      const series = given.map((attributes, index) => saved(index + 1, { attributes }));
      expect(restoreSeries(core, { ...DEFINITION, limit: 9 }, series, labels)).to.equal(4);
      expect(Object.keys(await shown())).to.have.members(
        [given[0], given[1], given[3], given[5]].map(attributes => `c${JSON.stringify(attributes)}`),
      );
      expect(store.statistics()).to.include({ series: 4, policyValues: 4 });
    });

    it('should add what was recorded before', async () => {
      counter().add(2, { k: 'a' });
      const values: HistogramValue = {
        count: 2,
        sum: 11,
        min: 2,
        max: 9,
        counts: [0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
      };
      histogram().record(9.5, { k: 'a' });
      histogram().record(0.5, { k: 'a' });
      expect(
        restoreSeries(core, DEFINITION, [saved(105)]) + restoreSeries(core, HISTOGRAM, [saved(values)]),
      ).to.equal(2);
      expect(await shown()).to.deep.equal({
        'c{"k":"a"}': [107, START],
        'h{"k":"a"}': [
          { count: 4, sum: 21, min: 0.5, max: 9.5, counts: [1, 1, 0, 0, 0, 0, 0, 0, 1, 1] },
          START,
        ],
      });
    });

    it('should go on from a histogram, all of it', async () => {
      const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
      const values = { count: 55, sum: 1234.5, min: 0.25, max: 99, counts };
      restoreSeries(core, HISTOGRAM, [
        saved(values),
        saved({ count: 0, sum: 0, min: 0, max: 0, counts: counts.map(() => 0) }, { attributes: { k: 'b' } }),
      ]);
      expect((await shown())['h{"k":"a"}']).to.deep.equal([values, START]);
      histogram().record(4.5, { k: 'a' });
      histogram().record(-1, { k: 'b' });
      histogram().record(3, { k: 'b' });
      const { 'h{"k":"a"}': a, 'h{"k":"b"}': b } = await shown();
      expect(a?.[0]).to.deep.equal({
        ...values,
        count: 56,
        sum: 1239,
        counts: [1, 2, 3, 4, 6, 6, 7, 8, 9, 10],
      });
      expect(b?.[0], 'least and greatest are those of the records').to.deep.include({
        count: 1,
        min: 3,
        max: 3,
      });
    });

    it('should go on from a gauge: an Add too', async () => {
      const series = [
        saved(7),
        saved(-3, { attributes: { k: 'b' }, gauge: 'added' }),
        saved(NOW - 5000, { attributes: { k: 'c' }, gauge: 'elapsed' }),
      ];
      expect(restoreSeries(core, GAUGE, series)).to.equal(3);
      const values = async () => Object.values(await shown()).map(([value]) => value);
      expect(await values()).to.deep.equal([7, -3, 5]);
      const bound = gauge().bind({ k: 'a' });
      bound.add(1);
      gauge().add(1, { k: 'b' });
      expect(await values()).to.deep.equal([8, -2, 5]);
      bound.record(2);
      expect(await values()).to.deep.equal([2, -2, 5]);
    });

    it('should restore zeros, negative sums and the overflow series', async () => {
      const upDown: StreamDefinition = { ...DEFINITION, name: 'u', kind: 'UP_DOWN_COUNTER' };
      restoreSeries(core, upDown, [saved(-5), saved(0, { attributes: undefined })]);
      expect(await shown()).to.deep.equal({
        'u{"otel.metric.overflow":true}': [0, START],
        'u{"k":"a"}': [-5, START],
      });
      for (const k of ['b', 'c', 'd']) meter().createUpDownCounter('u').add(1, { k });
      expect((await shown())['u{"otel.metric.overflow":true}']).to.deep.equal([1, START]);
    });

    it('should be nothing that a reader of deltas has', async () => {
      restoreSeries(core, DEFINITION, [saved(105)]);
      const deltas = core.openReader(() => 'delta');
      expect((await deltas.collect()).streams).to.deep.equal([]);
      counter().add(2, { k: 'a' });
      expect(
        (await deltas.collect()).streams.map(({ points }) => pointsIn(points).map(({ value }) => value)),
      ).to.deep.equal([[2]]);
    });

    it('should not be a first value: it is as old as it says', async () => {
      restoreSeries(core, DEFINITION, [
        saved(105),
        saved(1, { attributes: { k: 'b' }, startUnixMillis: NOW - 10 }),
      ]);
      const { streams } = await core.openReader(() => 'cumulative', 60_000).collect();
      expect(pointsIn(streams[0]?.points).map(({ value }) => value)).to.deep.equal([105, 0]);
    });

    it('should expire when it was not used for long enough, counted from its last use', async () => {
      const last = { usedUnixMillis: NOW - TTL + 1000 };
      restoreSeries(core, DEFINITION, [saved(1, last), saved(2, { attributes: { k: 'b' } })]);
      restoreSeries(core, GAUGE, [
        saved(3, last),
        saved(4, { attributes: { k: 'b' }, gauge: 'held', ...last }),
      ]);
      expect(Object.keys(await shown())).to.have.length(4);
      time += 1000;
      expect(Object.keys(await shown())).to.deep.equal(['c{"k":"b"}', 'g{"k":"b"}']);
    });

    it('should count times that lie ahead as now', async () => {
      const ahead = { startUnixMillis: NOW + HOUR, usedUnixMillis: NOW + 2 * HOUR };
      restoreSeries(core, DEFINITION, [
        saved(1, ahead),
        saved(2, { attributes: { k: 'b' }, usedUnixMillis: 5 }),
      ]);
      expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [1, NOW] });
      time += TTL;
      expect(await shown(), 'the last use too').to.deep.equal({});
    });

    it('should not have been used before it began', async () => {
      restoreSeries(core, DEFINITION, [saved(1, { startUnixMillis: NOW - 10, usedUnixMillis: 5 })]);
      expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [1, NOW - 10] });
    });

    it('should say how many found no room, and add them to nothing', async () => {
      const many = Array.from({ length: 5 }, (_, k) => saved(10 + k, { attributes: { k } }));
      expect(restoreSeries(core, DEFINITION, many)).to.equal(3);
      expect(Object.values(await shown()).map(([value]) => value)).to.deep.equal([10, 11, 12]);
      expect(store.statistics().refused.overflowedSeries).to.equal(2);
    });

    it('should keep the copies of several holders apart', async () => {
      const held: StreamDefinition = { ...GAUGE, name: 'held', verbatim: true };
      const series = ['x', 'y'].map((holder, index) =>
        saved(NOW - 1000 * (index + 1), { attributes: { k: 'a', [HOLDER]: holder }, gauge: 'elapsed' }),
      );
      expect(restoreSeries(core, held, series)).to.equal(2);
      expect(Object.keys(await shown())).to.deep.equal(['held{"k":"a"}']);
    });

    it('should begin later than the restored life when it begins anew', async () => {
      restoreSeries(core, DEFINITION, [saved(105, { startUnixMillis: NOW })]);
      await shown();
      counter().remove({ k: 'a' });
      counter().add(1, { k: 'a' });
      const [value, start] = (await shown())['c{"k":"a"}'] as [number, number];
      expect(value).to.equal(1);
      expect(start).to.be.greaterThan(NOW);
    });

    describe('too late', () => {
      const isTooLate = (definition = DEFINITION, series = saved(1)): void => {
        expect(codeOf(() => restoreSeries(core, definition, [series]))).to.equal('RESTORE_TOO_LATE');
      };

      it('should refuse after a collection, and while one is under way', async () => {
        const right = core.region.kernel.takeRight(0, 0, 0);
        isTooLate();
        core.region.kernel.giveRight(right);
        await shown();
        isTooLate();
        expect(Object.keys(await shown())).to.deep.equal([]);
      });

      it('should refuse a second time, and leave what the first one gave', async () => {
        restoreSeries(core, DEFINITION, [saved(105)]);
        restoreSeries(core, GAUGE, [saved(7)]);
        isTooLate(DEFINITION, saved(3));
        isTooLate(GAUGE, saved(3));
        expect(Object.values(await shown()).map(([value]) => value)).to.deep.equal([105, 7]);
      });

      it('should refuse a gauge that was written, and give the right back', async () => {
        gauge().record(4, { k: 'a' });
        isTooLate(GAUGE, saved(3));
        expect(Object.values(await shown()).map(([value]) => value)).to.deep.equal([4]);
        gauge().add(1, { k: 'a' });
        expect(Object.values(await shown()).map(([value]) => value)).to.deep.equal([5]);
      });

      if (shared)
        it('should refuse when another thread has the store, attached in this thread or not', async () => {
          attachStore(store.handle);
          expect(restoreSeries(core, DEFINITION, [saved(1)]), 'this thread again').to.equal(1);
          const entry = new URL('../../dist/store-entry.js', import.meta.url).href;
          const worker = new Worker(
            `import { attachStore } from ${JSON.stringify(entry)};
             import { parentPort, workerData } from 'node:worker_threads';
             attachStore(workerData);
             parentPort.postMessage('attached');`,
            { eval: true, workerData: store.handle },
          );
          await new Promise(resolve => worker.once('message', resolve));
          isTooLate(GAUGE);
          await worker.terminate();
        });
    });

    it('should leave a View its processors, when the instrument comes later', async () => {
      const process = (): { z: number } => ({ z: 1 });
      const viewed = createStore({
        shared,
        views: [{ instrumentName: 'c', attributesProcessors: [{ process }] }],
      });
      restoreSeries(coreOf(viewed), DEFINITION, [saved(5, { attributes: { z: 1 } })]);
      viewed.getMeter('m').createCounter('c').add(1, { k: 'a' });
      const { streams } = await coreOf(viewed)
        .openReader(() => 'cumulative')
        .collect();
      expect(streams.flatMap(({ points }) => pointsIn(points).map(({ value }) => value))).to.deep.equal([6]);
      await viewed.shutdown();
    });

    it('should count series whose attributes would not be kept, and go on with the others', async () => {
      const { maxLabelValueLength } = core.options;
      const long = (end: string) => saved(1, { attributes: { k: 'x'.repeat(maxLabelValueLength) + end } });
      const bad = saved(1, { attributes: { k: (() => 1) as never } });
      expect(restoreSeries(core, DEFINITION, [long('a'), long('b'), bad, saved(2)])).to.equal(1);
      expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [2, START] });
      const { truncatedLabels, attributes } = store.statistics().refused;
      expect([truncatedLabels, attributes]).to.deep.equal([2, 1]);
    });

    it('should know the overflow series by what it is shown with', async () => {
      restoreSeries(core, DEFINITION, [saved(4, { attributes: { 'otel.metric.overflow': true } })]);
      for (const k of [1, 2, 3, 4]) counter().add(1, { k });
      expect((await shown())['c{"otel.metric.overflow":true}']).to.deep.equal([5, START]);
    });

    it('should take the largest sums, and the least and greatest value of nothing', async () => {
      const upDown: StreamDefinition = { ...DEFINITION, name: 'u', kind: 'UP_DOWN_COUNTER' };
      restoreSeries(core, DEFINITION, [saved(Number.MAX_VALUE), saved(-0, { attributes: {} })]);
      restoreSeries(core, upDown, [saved(-Number.MAX_VALUE)]);
      const counts = new Array<number>(10).fill(0);
      restoreSeries(core, HISTOGRAM, [saved({ count: 0, sum: NaN, min: Infinity, max: -Infinity, counts })]);
      const whole: StreamDefinition = { ...GAUGE, valueType: 0 };
      restoreSeries(core, whole, [saved(NOW - 1500.5, { gauge: 'elapsed' })]);
      counter().add(1e300, { k: 'a' });
      expect(await shown()).to.deep.equal({
        'c{"k":"a"}': [Number.MAX_VALUE, START],
        'c{}': [0, START],
        'g{"k":"a"}': [1, START],
        'h{"k":"a"}': [{ count: 0, sum: 0, min: 0, max: 0, counts }, START],
        'u{"k":"a"}': [-Number.MAX_VALUE, START],
      });
    });

    it('should restore nothing into a store that was shut down', async () => {
      await store.shutdown();
      expect(restoreSeries(core, DEFINITION, [saved(1), saved(2, { attributes: undefined })])).to.equal(0);
      expect(core.registry.all()).to.deep.equal([]);
    });

    it('should be once, also by a clock that stands at zero', async () => {
      time = 0;
      restoreSeries(core, DEFINITION, [saved(105)]);
      expect(codeOf(() => restoreSeries(core, DEFINITION, [saved(1)]))).to.equal('RESTORE_TOO_LATE');
      expect(await shown()).to.deep.equal({ 'c{"k":"a"}': [105, 0] });
    });

    it('should begin anew like one that was here all the time: left out, then used again', async () => {
      const last = { usedUnixMillis: NOW - TTL + 1000 };
      restoreSeries(core, DEFINITION, [saved(105, last)]);
      restoreSeries(core, GAUGE, [saved(7, last)]);
      time += 1000;
      expect(await shown()).to.deep.equal({});
      counter().add(1, { k: 'a' });
      gauge().add(1, { k: 'a' });
      const { 'c{"k":"a"}': sum, 'g{"k":"a"}': value } = await shown();
      expect(sum).to.deep.equal([1, time]);
      expect(value?.[0]).to.equal(1);
    });
  });
