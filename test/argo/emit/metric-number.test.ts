import { expect } from 'chai';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { failureIn } from '../../../lib/argo/emit/emission-failure.js';
import { MetricNumber } from '../../../lib/argo/emit/metric-number.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { Rendering } from '../../../lib/argo/template/template.js';
import { metricsOf } from '../custom-store.js';

/** The number, or the code of what is wrong with it. */
function numberOf(kind: string, value: string, isExact = false): number | string {
  const [metric] = compileMetrics(
    metricsOf({ name: 'm', help: 'H', [kind]: { value: '{{v}}' } }),
    '',
  ).metrics;
  if (!metric || metric.value.kind === 'realtime') return expect.fail('the metric was refused');
  const number = new MetricNumber(metric, metric.value);
  try {
    return number.check(number.read(new Rendering({ v: value }, new Budget())), 'm', isExact);
  } catch (error) {
    return failureIn(error).code;
  }
}

describe('MetricNumber', () => {
  it('should refuse what a counter or a histogram cannot take', () => {
    expect(['-1', 'NaN', 'Inf', '0'].map(value => numberOf('counter', value))).to.deep.equal([
      ...['COUNTER_VALUE_INVALID', 'COUNTER_VALUE_INVALID', 'COUNTER_VALUE_INVALID', 0],
    ]);
    expect(['-1', 'NaN', 'Inf'].map(value => numberOf('histogram', value))).to.deep.equal([
      ...[-1, 'HISTOGRAM_VALUE_INVALID', Infinity],
    ]);
    expect(numberOf('gauge', 'NaN')).to.deep.equal(NaN);
    expect(numberOf('gauge', 'x')).to.equal('VALUE_INVALID');
  });

  it('should let a counter go down as Argo does, and no histogram count NaN', () => {
    expect(numberOf('counter', '-1', true)).to.equal(-1);
    expect(numberOf('histogram', 'NaN', true)).to.equal('HISTOGRAM_VALUE_INVALID');
  });
});
