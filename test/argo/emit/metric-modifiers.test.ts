import { expect } from 'chai';
import fc from 'fast-check';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { resolveModifiers } from '../../../lib/argo/emit/metric-modifiers.js';
import { CustomStore, metricsOf } from '../custom-store.js';

describe('modifiers', () => {
  it('should hold for wildcards, the exact name first', () => {
    const table = resolveModifiers(
      {
        '*': { disabledAttributes: ['all'] },
        'job_?': { histogramBuckets: [3] },
        job_1: { histogramBuckets: [1, 2], disabledAttributes: ['one'] },
      },
      '',
      [],
    );
    expect(table.get('job_1')).to.deep.equal({
      disabled: false,
      disabledLabels: new Set(['one', 'all']),
      boundaries: [1, 2],
    });
    expect(table.get('job_2')?.boundaries).to.deep.equal([3]);
    expect(table.get('job_22')?.boundaries).to.equal(undefined);
  });

  it('should match as a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(text, name, (pattern, metric) => {
        const table = resolveModifiers({ [pattern]: { disabled: true } }, '', []);
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(table.get(metric) !== undefined).to.equal(new RegExp(`^${source}$`).test(metric));
      }),
    );
  });

  it('should not change what it was given', () => {
    const given = Object.freeze({ h: Object.freeze({ histogramBuckets: Object.freeze([5, 1]) }) });
    expect(resolveModifiers(given, '', []).get('h')?.boundaries).to.deep.equal([1, 5]);
    expect(given.h.histogramBuckets).to.deep.equal([5, 1]);
  });

  it('should say what is wrong, and what it does not know', () => {
    const diagnostics: Diagnostic[] = [];
    resolveModifiers(
      { a: { disabled: 'yes' }, b: { options: {}, disable: true }, c: null },
      'm',
      diagnostics,
    );
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      'CONFIG_INVALID m.a.disabled',
      'CONFIG_UNSUPPORTED m.b.options',
      'CONFIG_UNSUPPORTED m.b.disable',
      'CONFIG_INVALID m.c',
    ]);
  });

  it('should add up counters and histograms whose attributes are disabled; a gauge keeps the last Set', async () => {
    const store = new CustomStore({ metricsConfig: { modifiers: { '*': { disabledAttributes: ['pod'] } } } });
    const labels = [{ key: 'pod', value: '{{pod}}' }];
    const metrics = store.customMetrics.compile(
      metricsOf(
        { name: 'c', help: 'C', labels, counter: { value: '{{n}}' } },
        { name: 'h', help: 'H', labels, histogram: { value: '{{n}}', buckets: [1] } },
        { name: 'set', help: 'S', labels, gauge: { value: '{{n}}' } },
        { name: 'added', help: 'A', labels, gauge: { value: '{{n}}', operation: 'Add' } },
      ),
    );
    for (const [pod, n] of [
      ['a', '2'],
      ['b', '3'],
    ] as const)
      metrics.emit({ variables: { pod, n } }, { owner: pod });
    expect(await store.collect()).to.deep.equal({
      'argo_workflows_c{}': 5,
      'argo_workflows_h{}': '2/5',
      'argo_workflows_set{}': 3,
      'argo_workflows_added{}': 5,
    });
  });
});
