import { expect } from 'chai';
import { elapsedIn, elapsedOf } from '../../../lib/argo/emit/elapsed.js';
import { failureIn } from '../../../lib/argo/emit/emission-failure.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { metricsOf } from '../custom-store.js';

describe('elapsedIn', () => {
  it('should take a start, or a start and an end, and nothing else', () => {
    expect([elapsedIn(5), elapsedIn({ start: 1, end: 2 })]).to.deep.equal([
      { start: 5 },
      { start: 1, end: 2 },
    ]);
    for (const value of [
      undefined,
      null,
      '5',
      NaN,
      Infinity,
      [],
      {},
      { start: 1 },
      { start: NaN, end: 2 },
      () => 3,
    ])
      expect(elapsedIn(value)).to.equal(undefined);
  });
});

describe('elapsedOf', () => {
  const gauge = { name: 'm', help: 'H', gauge: { realtime: true, value: '{{duration}}' } };

  it('should be the duration that the gauge names, and say what it lacks', () => {
    const [metric] = compileMetrics(metricsOf(gauge), '').metrics;
    if (metric?.value.kind !== 'realtime') return expect.fail('the gauge was refused');
    const { value } = metric;
    expect(elapsedOf(metric, value, { duration: 5 })).to.deep.equal({ start: 5 });
    const failing = (realtime?: Record<string, never>): string => {
      try {
        return JSON.stringify(elapsedOf(metric, value, realtime));
      } catch (error) {
        const { code, message } = failureIn(error);
        return `${code}: ${message}`;
      }
    };
    const unknown = "REALTIME_VARIABLE_UNKNOWN: 'duration' is not available as a real time metric";
    expect([failing(), failing({})]).to.deep.equal([unknown, unknown]);
    expect(failing({ duration: { start: 'x' } as never })).to.equal(
      "EMISSION_INVALID: scope.realtime['duration'] must be a time in Unix milliseconds, or a start and an end, got start string and end undefined",
    );
  });
});
