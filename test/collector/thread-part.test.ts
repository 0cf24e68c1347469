// Threads that run it are in start-collector-thread.test.ts.
import { expect } from 'chai';
import { isThreadData } from '../../lib/collector/thread-part.js';

describe('isThreadData', () => {
  it('should know what a collector thread is given from what others are', () => {
    expect(isThreadData({ tag: 'otel-argo-metrics.collector' })).to.equal(true);
    for (const other of [undefined, null, 7, 'text', {}, { tag: 'otel-argo-metrics.store' }])
      expect(isThreadData(other)).to.equal(false);
  });
});
