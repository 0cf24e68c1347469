// Goal: of the values that get no place it is known how many different ones there were, whoever refused them, and how often.
import { expect } from 'chai';
import { Worker } from 'node:worker_threads';
import {
  cardinalityLimitedView,
  createStore,
  type LabelPolicy,
  type MetricStore,
  type RefusedValueCount,
} from '../../../lib/index.js';
import { createRegion } from '../../../lib/memory/region.js';
import { countOverflow } from '../../../lib/memory/tables.js';
import { countRefusedValues, RefusedValues } from '../../../lib/store/record/refused-values.js';

const MODULE = new URL('../../../dist/index.js', import.meta.url).href;

const request = { stripes: 2, maxStreams: 8, maxBoundaries: 7, maxSeries: 20, maxLabelBytes: 4096 };

const WRITER = `
  const { workerData: { module, handle, thread, values } } = require('node:worker_threads');
  import(module).then(({ attachStore }) => {
    const counter = attachStore(handle).getMeter('m').createCounter('jobs');
    for (let round = 0; round < 2; round++)
      for (let index = 0; index < values; index++) counter.add(1, { pod: 'pod-' + ((thread * values) / 2 + index) });
  });`;

const count = (values: number, atLeast = false): RefusedValueCount => ({ values, atLeast });

async function policyOf(store: MetricStore, label: string): Promise<object | undefined> {
  const [jobs] = (await store.cardinalityReport({ metric: 'jobs' })).metrics;
  return jobs?.labels.find(({ key }) => key === label)?.policy;
}

function storeWith(labels: Record<string, LabelPolicy>): MetricStore {
  const views = [cardinalityLimitedView({ instrumentName: 'jobs', limit: 100, labels })];
  return createStore({ maxBytes: 2 ** 23, views, maxLabelValueLength: 100 });
}

describe('RefusedValues', () => {
  it('should count each value once, by its type, and of each stream its own', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    const [one, again, other] = [1, 1, 2].map(stream => new RefusedValues(region, stream));
    const counted = () => [1, 2].map(stream => countRefusedValues(region, stream));
    expect(counted()).to.deep.equal([count(0), count(0)]);
    for (const stream of [1, 2]) countOverflow(region, stream);
    for (const value of ['1', 1, 'true', true, 'ä', '', 'a'.repeat(3000), ['a', 'b'], null])
      for (const values of [one, again]) values!.add(value);
    other!.add('x');
    expect(counted()).to.deep.equal([count(9), count(1)]);
    again!.addNoMore();
    expect(counted()).to.deep.equal([count(9, true), count(1)]);
  });

  it('should be within 5 % for many', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 25 });
    for (const stream of [0, 1, 2]) {
      countOverflow(region, stream);
      const values = new RefusedValues(region, stream);
      const names = [(n: number) => `pod-7d9f-${n}`, (n: number) => n, (n: number) => n.toString(36)];
      for (let n = 0; n < 50_000; n++) values.add(names[stream]!(n));
      expect(countRefusedValues(region, stream)?.values).to.be.closeTo(50_000, 2500);
    }
  });

  it('should do nothing where there is no room', () => {
    const region = createRegion({ ...request, maxBytes: 2 ** 18 });
    countOverflow(region, 1);
    const before = Buffer.from(region.bytes);
    const values = new RefusedValues(region, 1);
    values.add('a');
    values.addNoMore();
    expect(countRefusedValues(region, 1)).to.equal(undefined);
    expect(Buffer.from(region.bytes).equals(before)).to.equal(true);
  });

  describe('in a report', () => {
    let store: MetricStore;
    afterEach(() => store.shutdown());

    it('should be those that got no place, by whichever way they came', async () => {
      const allow = ['a', 'b', 'c', 'd', 'e', 'f'];
      store = storeWith({ pod: { maxValues: 3 }, kind: { allow, maxValues: 2 }, zone: { allow: ['x'] } });
      const counter = store.getMeter('m').createCounter('jobs');
      const others = { kind: 'a', zone: 'x' };
      for (let round = 0; round < 5; round++)
        for (let pod = 0; pod < 40; pod++) {
          counter.add(1, { ...others, pod: pod % 2 === 0 ? pod : `p${pod}` });
          counter.bind({ ...others, pod: 'x'.repeat(3000) + pod }).add(1);
        }
      for (const kind of allow) counter.add(1, { kind, zone: 'y' });
      const { refused, ...policy } = (await policyOf(store, 'pod')) as { refused: RefusedValueCount };
      expect(refused.values, '80 less the three with a place').to.be.closeTo(77, 2);
      expect(refused.atLeast).to.equal(false);
      expect(policy).to.deep.equal({
        ...{ rule: 'maxValues', maxValues: 3, used: 3, choose: 'first', overflowValue: '_OTHER' },
      });
      expect(await policyOf(store, 'kind')).to.deep.include({ used: 2, refused: count(4) });
      expect(await policyOf(store, 'zone')).to.deep.equal({ rule: 'allow', overflowValue: '_OTHER' });
    });

    it('should count a value once that several threads bring, again and again', async function () {
      this.timeout(60_000);
      store = storeWith({ pod: { maxValues: 50 } });
      const values = 600;
      const threads = [0, 1, 2].map(
        thread =>
          new Worker(WRITER, {
            eval: true,
            workerData: { module: MODULE, handle: store.handle, thread, values },
          }),
      );
      await Promise.all(threads.map(worker => new Promise(resolve => worker.once('exit', resolve))));
      const { used, refused } = (await policyOf(store, 'pod')) as {
        used: number;
        refused: RefusedValueCount;
      };
      expect(used).to.equal(50);
      expect(refused.values).to.be.closeTo(2 * values - 50, 0.05 * 2 * values);
      expect(refused.atLeast).to.equal(false);
    });

    it('should say of a flood that it is more than was counted', async () => {
      store = storeWith({ pod: { maxValues: 5 } });
      const counter = store.getMeter('m').createCounter('jobs');
      for (let pod = 0; pod < 5000; pod++) counter.add(1, { pod: `p${pod}` });
      const { refused } = (await policyOf(store, 'pod')) as { refused: RefusedValueCount };
      expect(refused.values).to.be.within(1500, 2000);
      expect(refused.atLeast).to.equal(true);
    });
  });
});
