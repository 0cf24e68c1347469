import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { MetricsCache } from '../../../lib/argo/observe/metrics-cache.js';
import { ObjectWork } from '../../../lib/argo/budget/object-work.js';
import { CustomStore, metricsOf } from '../custom-store.js';

describe('MetricsCache', () => {
  it('should compile equal objects at the same place once, and report once', () => {
    const cache = new MetricsCache(new CustomStore().customMetrics);
    const diagnostics: Diagnostic[] = [];
    const work = new ObjectWork({ now: () => 0 }, 0);
    const first = cache.compile(metricsOf({}), 'p', diagnostics, work);
    const said = diagnostics.length;
    expect(said).to.be.greaterThan(0);
    expect(cache.compile(metricsOf({}), 'p', diagnostics, work)).to.equal(first);
    expect(diagnostics).to.have.length(said);
    expect(cache.compile(metricsOf({}), 'q', diagnostics, work)).to.not.equal(first);
  });

  it('should compile what is no JSON all the same', () => {
    const cache = new MetricsCache(new CustomStore().customMetrics);
    const work = new ObjectWork({ now: () => 0 }, 0);
    expect(cache.compile(metricsOf(1n), 'p', [], work).diagnostics).to.have.length(1);
  });

  it('should forget what was not used for longest', () => {
    const cache = new MetricsCache(new CustomStore().customMetrics);
    // An object each, so that none is remembered for its object.
    const compiledAt = (path: number): unknown =>
      cache.compile({}, `${path}`, [], new ObjectWork({ now: () => 0 }, 0));
    const [used, idle] = [compiledAt(0), compiledAt(1)];
    for (let path = 2; path < 2000; path++) compiledAt(path);
    expect(compiledAt(0)).to.equal(used);
    compiledAt(2000);
    expect(compiledAt(0)).to.equal(used);
    expect(compiledAt(1)).to.not.equal(idle);
  });

  it('should read what a template declares once for an object, however many nodes there are', () => {
    const cache = new MetricsCache(new CustomStore().customMetrics);
    let reads = 0;
    const metrics = {
      toJSON: () => ++reads,
      prometheus: [{}],
    };
    const work = new ObjectWork({ now: () => 0 }, 9);
    const diagnostics: Diagnostic[] = [];
    const first = cache.compile(metrics, 'p', diagnostics, work);
    const said = diagnostics.length;
    for (let node = 0; node < 9; node++)
      expect(cache.compile(metrics, 'p', diagnostics, work)).to.equal(first);
    expect([reads, diagnostics.length]).to.deep.equal([1, said]);
    // The same list at another place, as YAML's aliases make it.
    expect(cache.compile(metrics, 'q', [], work)).to.not.equal(first);
  });
});
