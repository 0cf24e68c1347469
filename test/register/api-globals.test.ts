import { diag, metrics } from '@opentelemetry/api';
import { expect } from 'chai';
import { isSet } from '../../lib/register/api-globals.js';

describe('isSet', () => {
  afterEach(() => {
    metrics.disable();
    diag.disable();
  });

  it('should see what the real API has been given, and what was taken from it', () => {
    metrics.disable();
    diag.disable();
    expect([isSet('metrics'), isSet('diag')]).to.deep.equal([false, false]);
    metrics.setGlobalMeterProvider(metrics.getMeterProvider());
    expect([isSet('metrics'), isSet('diag')]).to.deep.equal([true, false]);
    diag.setLogger(diag.createComponentLogger({ namespace: 'test' }));
    expect([isSet('metrics'), isSet('diag')]).to.deep.equal([true, true]);
    metrics.disable();
    expect([isSet('metrics'), isSet('diag')]).to.deep.equal([false, true]);
  });
});
