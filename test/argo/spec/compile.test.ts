import { expect } from 'chai';
import fc from 'fast-check';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { metricsOf } from '../custom-store.js';

const good = { name: 'runs', help: 'Runs', counter: { value: '1' } };

describe('compileMetrics', () => {
  it('should compile the good ones and say what is wrong with the others, and where', () => {
    const spec = metricsOf(good, { ...good, name: 'a.b' }, { ...good, help: '' }, 5, {
      ...good,
      when: '{{=1 +}}',
    });
    const { metrics, diagnostics } = compileMetrics(spec, 'spec.metrics');
    expect(metrics.map(({ metric, path }) => `${metric} ${path}`)).to.deep.equal([
      'runs spec.metrics.prometheus[0]',
    ]);
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      'NAME_INVALID spec.metrics.prometheus[1].name',
      'HELP_MISSING spec.metrics.prometheus[2].help',
      'SPEC_INVALID spec.metrics.prometheus[3]',
      'EXPRESSION_INVALID spec.metrics.prometheus[4].when',
    ]);
    expect(diagnostics[1]?.message).to.equal("metric 'runs' must contain a help string under 'help: ' field");
  });

  it('should take nothing for no metrics', () => {
    expect(compileMetrics(undefined, '')).to.deep.equal({ metrics: [], diagnostics: [] });
    expect(compileMetrics({ prometheus: 'x' }, 'm').diagnostics[0]).to.include({
      code: 'SPEC_INVALID',
      path: 'm',
    });
  });

  it('should refuse a histogram with a label of its own buckets', () => {
    const spec = {
      name: 'h',
      help: 'H',
      labels: [{ key: 'le', value: '1' }],
      histogram: { value: '1', buckets: [1] },
    };
    expect(compileMetrics(metricsOf(spec), '').diagnostics).to.have.nested.property(
      '[0].code',
      'LABEL_INVALID',
    );
  });

  it('should neither throw on any value nor change it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (metric, field) => {
        const spec = metricsOf(
          metric,
          { ...good, labels: field },
          { ...good, gauge: field },
          { name: field },
        );
        const before = JSON.stringify(spec);
        compileMetrics(spec, 'p');
        compileMetrics(metric, 'p');
        expect(JSON.stringify(spec)).to.equal(before);
      }),
    );
  });
});
