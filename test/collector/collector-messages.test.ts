import { expect } from 'chai';
import { received, sendable } from '../../lib/collector/collector-messages.js';
import { isMetricStoreError, MetricStoreError } from '../../lib/errors.js';

describe('an error on its way to another thread', () => {
  const over = (error: unknown): MetricStoreError =>
    received(structuredClone(sendable(error)), 'COLLECTOR_FAILED');

  it('should keep its code and its text', () => {
    const error = over(new MetricStoreError('ENDPOINT_FAILED', 'the port is taken'));
    expect(isMetricStoreError(error)).to.equal(true);
    expect(error).to.include({ code: 'ENDPOINT_FAILED', message: 'the port is taken [ENDPOINT_FAILED]' });
  });

  it('should get a code if it has none, whatever it is', () => {
    const unreadable = {
      toString() {
        throw new Error('no');
      },
    };
    for (const [thrown, text] of [
      [new TypeError('x'), 'TypeError: x'],
      ['x', 'x'],
      [undefined, 'undefined'],
      [unreadable, 'something that cannot be shown'],
    ] as const)
      expect(over(thrown)).to.include({ code: 'COLLECTOR_FAILED', message: `${text} [COLLECTOR_FAILED]` });
  });
});
