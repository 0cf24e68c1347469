import { expect } from 'chai';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { failAt, failText, failureIn, hasFailed } from '../../../lib/argo/emit/emission-failure.js';
import { metricsOf } from '../custom-store.js';

const [metric] = compileMetrics(metricsOf({ name: 'm', help: 'H', counter: { value: '1' } }), 'p').metrics;
if (!metric) throw new Error('the metric was refused');

function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('failureIn', () => {
  it('should be what the step said that threw', () => {
    const error = thrownBy(() => failAt(metric, 'p.x', 'NAME_INVALID', 'what', 'why'));
    expect(hasFailed(error)).to.equal(true);
    expect(failureIn(error)).to.deep.equal({
      code: 'NAME_INVALID',
      severity: 'error',
      metric: 'm',
      path: 'p.x',
      message: 'what',
      hint: 'why',
    });
  });

  it('should say what follows from a limit', () => {
    const limit = { code: 'LIMIT_EXCEEDED', severity: 'error', message: 'too dear' } as const;
    const { message, hint } = failureIn(thrownBy(() => failText(metric, 'p.x', limit, 'no time for')));
    expect(message).to.equal("no time for metric 'm': too dear");
    expect(hint).to.match(/^The metric is not emitted again for this object/);
  });

  it('should throw what somebody else threw', () => {
    const foreign = new Error('foreign');
    expect(hasFailed(foreign)).to.equal(false);
    expect(() => failureIn(foreign)).to.throw(foreign);
  });
});
