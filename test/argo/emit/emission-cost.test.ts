import { expect } from 'chai';
import { ObjectWork, PLAIN_STEPS_MIN } from '../../../lib/argo/budget/object-work.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { charge } from '../../../lib/argo/emit/emission-cost.js';
import { failureIn } from '../../../lib/argo/emit/emission-failure.js';
import { metricsOf } from '../custom-store.js';

describe('charge', () => {
  it('should fail when an object has no plain steps left', () => {
    const [metric] = compileMetrics(
      metricsOf({ name: 'm', help: 'H', counter: { value: '1' } }),
      'p',
    ).metrics;
    if (!metric) return expect.fail('the metric was refused');
    const work = new ObjectWork({ now: () => 0 }, 0);
    charge(metric, work, PLAIN_STEPS_MIN);
    try {
      charge(metric, work, 1);
    } catch (error) {
      const { code, message, path } = failureIn(error);
      expect([code, path]).to.deep.equal(['LIMIT_EXCEEDED', 'p.prometheus[0]']);
      expect(message).to.equal("metric 'm' is not recorded: too many emissions for one object");
      return;
    }
    expect.fail('it was charged');
  });
});
