import { expect } from 'chai';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { DeclaredMetrics } from '../../../lib/argo/spec/declared-metrics.js';
import { metricsOf } from '../custom-store.js';

const labels = (...keys: string[]): unknown => keys.map(key => ({ key, value: 'v' }));
const histogram = (buckets: number[], more = {}): unknown => ({
  name: 'h',
  help: 'H',
  histogram: { value: '1', buckets },
  ...more,
});

function compare(...metrics: unknown[]): string[] {
  const declared = new DeclaredMetrics();
  return metrics
    .flatMap(metric => declared.compare(compileMetrics(metricsOf(metric), '').metrics))
    .map(({ code, severity, path, message }) => `${code} ${severity} ${path}: ${message}`);
}

describe('DeclaredMetrics', () => {
  it('should say nothing of what is declared alike, in any order of keys', () => {
    const first = histogram([1, 2], { labels: labels('a', 'b') });
    expect(compare(first, histogram([1, 2], { labels: labels('b', 'a') }))).to.deep.equal([]);
  });

  it('should warn of other buckets and other label keys', () => {
    expect(compare(histogram([1, 2]), histogram([1, 3], { labels: labels('a') }))).to.deep.equal([
      'LABELS_DIFFER warning prometheus[0].labels: labels of metric h are [a] here and [] elsewhere',
      'BUCKETS_DIFFER warning prometheus[0].histogram.buckets: buckets of metric h are [1, 2]; [1, 3] has no effect',
    ]);
  });

  it('should not guess where names or keys come from tags', () => {
    const counter = (name: string, key: string): unknown => ({
      name,
      help: 'C',
      labels: labels(key),
      counter: { value: '1' },
    });
    expect(
      compare(counter('{{a}}', 'x'), counter('{{a}}', 'y'), counter('c', '{{k}}'), counter('c', 'z')),
    ).to.deep.equal([]);
  });
});
