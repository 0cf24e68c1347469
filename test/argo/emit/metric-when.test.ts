import { expect } from 'chai';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { isWanted } from '../../../lib/argo/emit/metric-when.js';
import { CustomStore, emitted, metricsOf } from '../custom-store.js';

const counter = { name: 'runs', help: 'Runs', counter: { value: '{{v}}' } };

describe('isWanted', () => {
  it('should be what the clause says', () => {
    const [metric] = compileMetrics(metricsOf(counter), '').metrics;
    const ask = (when: string): boolean | undefined => metric && isWanted(metric, when, new Budget());
    expect([ask(''), ask('a == a'), ask('1 > 2')]).to.deep.equal([true, true, false]);
  });

  it('should say why it cannot be decided, in Argo’s words', () => {
    expect(emitted(new CustomStore(), { ...counter, when: '{{v}} >' }, { v: '1' })[0]).to.match(
      /^WHEN_INVALID: unable to compute 'when' clause for metric 'runs': Invalid 'when' expression '1 >': Unexp/,
    );
  });
});
