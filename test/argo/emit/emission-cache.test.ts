import { expect } from 'chai';
import { EmissionCache } from '../../../lib/argo/emit/emission-cache.js';
import { usedHeapBytes } from '../../support/heap.js';

const outcome = { series: undefined };

describe('EmissionCache', () => {
  it('should find an outcome by the metric and all texts', () => {
    const cache = new EmissionCache();
    const [metric, other] = [{}, {}];
    cache.set(metric, ['a', 'b'], outcome);
    cache.set(other, [], outcome);
    expect(cache.get(metric, ['a', 'b'])).to.equal(outcome);
    expect(cache.get(metric, ['a'])).to.equal(undefined);
    expect(cache.get(metric, ['ab', ''])).to.equal(undefined);
    expect(cache.get(other, ['a', 'b'])).to.equal(undefined);
    expect(cache.get(other, [])).to.equal(outcome);
  });

  it('should forget what was not used for two generations, and keep what is', () => {
    const cache = new EmissionCache(10);
    const metric = {};
    cache.set(metric, ['used'], outcome);
    cache.set(metric, ['idle'], outcome);
    for (let i = 0; i < 30; i++) {
      cache.set(metric, [String(i)], outcome);
      expect(cache.get(metric, ['used']), String(i)).to.equal(outcome);
    }
    expect(cache.get(metric, ['idle'])).to.equal(undefined);
    expect(cache.get(metric, ['0'])).to.equal(undefined);
  });

  it('should forget all of it when it is told so', () => {
    const cache = new EmissionCache();
    const metric = {};
    cache.set(metric, ['a'], outcome);
    cache.clear();
    expect(cache.get(metric, ['a'])).to.equal(undefined);
    cache.set(metric, ['a'], outcome);
    expect(cache.get(metric, ['a'])).to.equal(outcome);
  });

  it('should not keep what a text was a part of', () => {
    const cache = new EmissionCache();
    const metric = {};
    const before = usedHeapBytes();
    for (let i = 0; i < 50; i++) cache.set(metric, [`${i} `.padEnd(1_000_000, 'xyz').slice(0, 40)], outcome);
    expect(usedHeapBytes() - before).to.be.lessThan(5_000_000);
    expect(cache.get(metric, ['7 '.padEnd(40, 'xyz')])).to.equal(outcome);
  });

  it('should not keep long texts', () => {
    const cache = new EmissionCache();
    const metric = {};
    cache.set(metric, ['x'.repeat(1000)], outcome);
    expect(cache.get(metric, ['x'.repeat(1000)])).to.equal(undefined);
  });
});
