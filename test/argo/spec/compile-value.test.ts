import { expect } from 'chai';
import { BOUNDARIES_OF_OPENTELEMETRY, compileValue } from '../../../lib/argo/spec/compile-value.js';
import type { CompiledValue } from '../../../lib/argo/spec/compile-value.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

function compile(spec: Record<string, unknown>): { value: CompiledValue | undefined; said: string[] } {
  const diagnostics: Diagnostic[] = [];
  const value = compileValue(spec, 'm', 'p', reportFor('m', diagnostics));
  return { value, said: diagnostics.map(({ code, message }) => `${code}: ${message}`) };
}

describe('compileValue', () => {
  it('should take the first of gauge, histogram and counter, and warn', () => {
    const { value, said } = compile({ counter: { value: '1' }, gauge: { value: '2', operation: 'Sub' } });
    expect(value).to.deep.include({ kind: 'gauge', operation: 'Sub' });
    expect(said).to.deep.equal(['METRIC_TYPE_AMBIGUOUS: only gauge counts of gauge, counter']);
  });

  it('should say what is missing in the words of Argo', () => {
    expect(compile({}).said).to.deep.equal([
      "METRIC_TYPE_MISSING: could not construct metric 'm': invalid metric spec",
    ]);
    expect(compile({ counter: {} }).said).to.deep.equal(['VALUE_MISSING: missing counter.value']);
  });

  it('should take an unknown operation for Set, and warn', () => {
    const { value, said } = compile({ gauge: { value: '1', operation: 'Max' } });
    expect(value).to.include({ operation: 'Set' });
    expect(said).to.have.length(1);
  });

  it('should know realtime gauges by one variable', () => {
    expect(compile({ gauge: { realtime: true, value: '{{ workflow.duration }}' } }).value).to.include({
      kind: 'realtime',
      variable: 'workflow.duration',
    });
    expect(compile({ gauge: { realtime: true, value: '5' } }).said).to.deep.equal([
      'REALTIME_VALUE_INVALID: real time metrics can only be used with metric variables',
    ]);
    expect(compile({ gauge: { realtime: true, value: '{{resourcesDuration.cpu}}' } }).said).to.deep.equal([
      "REALTIME_VALUE_INVALID: 'resourcesDuration.*' metrics cannot be used in real-time",
    ]);
  });

  it('should take ascending buckets, or the default ones', () => {
    const boundaries = (buckets: unknown): unknown => {
      const { value, said } = compile({ histogram: { value: '1', buckets } });
      return value?.kind === 'histogram' ? value.boundaries : said[0]?.split(':')[0];
    };
    expect(boundaries([1, 2])).to.deep.equal([1, 2]);
    expect(boundaries([])).to.equal(BOUNDARIES_OF_OPENTELEMETRY);
    for (const bad of [[2, 1], [1, 1], ['1'], [NaN], 5]) expect(boundaries(bad)).to.equal('BUCKETS_INVALID');
  });
});
