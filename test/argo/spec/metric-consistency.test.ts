import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import { MetricConsistency } from '../../../lib/argo/spec/metric-consistency.js';
import { metricsOf } from '../custom-store.js';

function conflicts(...metrics: unknown[]): string[] {
  const consistency = new MetricConsistency();
  return compileAlone(metricsOf(...metrics), 'p').metrics.flatMap((metric, index) =>
    consistency.add(metric, `place ${index}`).map(({ code, hint }) => `${code} ${hint}`),
  );
}

const counter = { name: 'm', help: 'M', counter: { value: '1' } };

describe('MetricConsistency', () => {
  it('should compare with the first of a name, not with the one before', () => {
    expect(conflicts(counter, { ...counter, help: 'N' }, counter)).to.deep.equal([
      'HELP_CONFLICT The first one is at place 0.',
    ]);
  });

  it('should take realtime and other gauges for one type', () => {
    const realtime = { name: 'm', help: 'M', gauge: { realtime: true, value: '{{duration}}' } };
    expect(conflicts(realtime, { name: 'm', help: 'M', gauge: { value: '1' } })).to.deep.equal([]);
  });

  it('should compare nothing that is known only at emission', () => {
    expect(conflicts(counter, { ...counter, help: '{{help}}' })).to.deep.equal([]);
    expect(conflicts(counter, { ...counter, name: '{{name}}', help: 'N' })).to.deep.equal([]);
    expect(conflicts(counter, { ...counter, labels: [{ key: '{{k}}', value: '1' }] })).to.deep.equal([]);
  });

  it('should know keys in any order', () => {
    const [a, b] = ['a', 'b'].map(key => ({ key, value: '1' }));
    expect(conflicts({ ...counter, labels: [a, b] }, { ...counter, labels: [b, a] })).to.deep.equal([]);
  });
});
