import { expect } from 'chai';
import { resolveTimes } from '../../lib/otel/reader-options.js';

describe('resolveTimes', () => {
  const resolve = (times: object): unknown => resolveTimes(times as never);

  it('has the defaults of OpenTelemetry, and never a timeout longer than the interval', () => {
    expect(resolve({})).to.deep.equal({ intervalMillis: 60_000, timeoutMillis: 30_000 });
    expect(resolve({ exportIntervalMillis: 100 })).to.deep.equal({ intervalMillis: 100, timeoutMillis: 100 });
  });

  for (const bad of [
    { exportIntervalMillis: 0 },
    { exportTimeoutMillis: NaN },
    { exportIntervalMillis: 1, exportTimeoutMillis: 2 },
  ])
    it(`refuses ${JSON.stringify(bad)}`, () => expect(() => resolve(bad)).to.throw(/INVALID_OPTION/));
});
