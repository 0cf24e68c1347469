import { expect } from 'chai';
import { isMetricStoreError, MetricStoreError } from '../lib/errors.js';

describe('MetricStoreError', () => {
  it('carries its code, also in the message, and its cause', () => {
    const cause = new Error('why');
    const error = new MetricStoreError('NOT_SHARED', 'text', { cause });
    expect(error).to.include({
      code: 'NOT_SHARED',
      name: 'MetricStoreError',
      message: 'text [NOT_SHARED]',
      cause,
    });
  });

  it('is recognised across copies of the package by its brand alone', () => {
    const foreign = { [Symbol.for('otel-argo-metrics.MetricStoreError')]: true };
    expect(isMetricStoreError(foreign)).to.equal(true);
    for (const other of [new Error('x'), null, undefined, 'NOT_SHARED', { code: 'NOT_SHARED' }])
      expect(isMetricStoreError(other)).to.equal(false);
  });
});
