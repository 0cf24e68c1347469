import { expect } from 'chai';
import { checkMillis, checkOptions, resolveTimes } from '../../lib/otel/reader-options.js';

describe('resolveTimes', () => {
  const resolve = (times: object): unknown => resolveTimes(times as never);

  it('has the defaults of OpenTelemetry, and never a timeout longer than the interval', () => {
    expect(resolve({})).to.deep.equal({ intervalMillis: 60_000, timeoutMillis: 30_000 });
    expect(resolve({ exportIntervalMillis: 100 })).to.deep.equal({ intervalMillis: 100, timeoutMillis: 100 });
  });

  it('follows a timeout that is longer than the default interval', () => {
    expect(resolve({ exportTimeoutMillis: 90_000 })).to.deep.equal({
      intervalMillis: 90_000,
      timeoutMillis: 90_000,
    });
  });

  const misuses: [object, RegExp][] = [
    [{ exportIntervalMillis: 0 }, /exportIntervalMillis .*from 1 to 2147483647, got 0/],
    [{ exportIntervalMillis: 0.5 }, /exportIntervalMillis .*got 0.5/],
    [{ exportTimeoutMillis: NaN }, /exportTimeoutMillis .*got NaN/],
    [{ exportTimeoutMillis: Infinity }, /exportTimeoutMillis .*got Infinity/],
    [{ exportTimeoutMillis: 2 ** 31 }, /exportTimeoutMillis .*got 2147483648/],
    [{ exportTimeoutMillis: -1 }, /exportTimeoutMillis .*got -1/],
    [{ exportIntervalMillis: '5' }, /exportIntervalMillis .*got "5"/],
    [{ exportIntervalMillis: 1, exportTimeoutMillis: 2 }, /exportTimeoutMillis \(2\) .*\(1\)/],
  ];
  for (const [options, text] of misuses)
    it(`refuses ${Object.keys(options).join(' and ')}: ${text}`, () => {
      expect(() => resolve(options))
        .to.throw(text)
        .with.property('code', 'INVALID_OPTION');
    });
});

describe('checkMillis', () => {
  it('shows of a wrong value no more than a message holds, and writes down no list that is long', () => {
    let written = 0;
    const list = Object.assign(new Array<number>(1_000_000), { toString: () => `${++written}` });
    expect(() => checkMillis('timeoutMillis', list)).to.throw(
      'timeoutMillis must be a number from 1 to 2147483647, got a list of 1000000',
    );
    expect(written).to.equal(0);
    expect(() => checkMillis('timeoutMillis', 'x'.repeat(1_000_000))).to.throw(/^.{200,400}$/);
    expect(() => checkMillis('timeoutMillis', 10n)).to.throw('got 10n');
  });
});

describe('checkOptions', () => {
  const producer = { collect: () => undefined };

  it('takes what has the right methods', () => {
    checkOptions({ exporter: { export: () => undefined }, metricProducers: [producer] } as never);
  });

  const misuses: [string, object, RegExp][] = [
    ['exporter', { exporter: {} }, /export\(\)/],
    ['exporter', { exporter: null }, /export\(\)/],
    ['metricProducers', { metricProducers: producer }, /array/],
    ['metricProducers', { metricProducers: [null] }, /collect\(\)/],
    ['metricProducers', { metricProducers: [producer, producer] }, /twice/],
    ['aggregationSelector', { aggregationSelector: 7 }, /function, got 7/],
    ['aggregationTemporalitySelector', { aggregationTemporalitySelector: null }, /function, got null/],
    ['cardinalitySelector', { cardinalitySelector: 'x' }, /function, got "x"/],
    ['maxExportBatchSize', { maxExportBatchSize: 0 }, /whole number from 1 to \d+, got 0/],
    ['maxExportBatchSize', { maxExportBatchSize: 1.5 }, /whole number .*got 1.5/],
    ['maxExportBatchSize', { maxExportBatchSize: '7' }, /whole number .*got "7"/],
    ['delivery', { delivery: 'exactly-once' }, /"at-least-once" or "at-most-once", got "exactly-once"/],
    ['delivery', { delivery: null }, /got null/],
    ['flushOnExit', { flushOnExit: 1 }, /boolean, got 1/],
    ['zeroStartMillis', { zeroStartMillis: -1 }, /whole number from 0 to 3600000, got -1/],
    ['zeroStartMillis', { zeroStartMillis: 3_600_001 }, /whole number .*got 3600001/],
    ['zeroStartMillis', { zeroStartMillis: 0.5 }, /whole number .*got 0.5/],
    ['zeroStartMillis', { zeroStartMillis: null }, /whole number .*got null/],
  ];
  for (const [name, options, text] of misuses)
    it(`refuses ${name}: ${text}`, () => {
      expect(() => checkOptions(options))
        .to.throw(text)
        .with.property('code', 'INVALID_OPTION');
      expect(() => checkOptions(options)).to.throw(name);
    });
});
