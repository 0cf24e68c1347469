import { expect } from 'chai';
import type { Diagnostic } from '../../lib/argo/diagnostic.js';
import { MetricsCache } from '../../lib/argo/metrics-cache.js';
import { CustomStore, metricsOf } from './custom-store.js';

describe('MetricsCache', () => {
  it('should compile equal objects at the same place once, and report once', () => {
    const cache = new MetricsCache(new CustomStore().customMetrics);
    const diagnostics: Diagnostic[] = [];
    const first = cache.compile(metricsOf({}), 'p', diagnostics);
    const said = diagnostics.length;
    expect(said).to.be.greaterThan(0);
    expect(cache.compile(metricsOf({}), 'p', diagnostics)).to.equal(first);
    expect(diagnostics).to.have.length(said);
    expect(cache.compile(metricsOf({}), 'q', diagnostics)).to.not.equal(first);
  });

  it('should compile what is no JSON all the same', () => {
    const cache = new MetricsCache(new CustomStore().customMetrics);
    expect(cache.compile(metricsOf(1n), 'p', []).diagnostics).to.have.length(1);
  });
});
