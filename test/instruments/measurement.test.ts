// Goal: what is refused is counted under its cause, and said once, with the name of the instrument and the value.
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import * as measurement from '../../lib/instruments/measurement.js';
import type { InstrumentKind } from '../../lib/store/definition/stream.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import { captureWarnings } from '../faults/warnings.js';

describe('a measurement', () => {
  let said: string[];
  let core: StoreCore;
  beforeEach(() => {
    said = captureWarnings();
    core = createCore({ shared: false, maxBytes: 2 ** 22 });
  });
  afterEach(() => {
    core.shutdown();
    diag.disable();
  });

  const causes = (): unknown =>
    Object.fromEntries(Object.entries(reportStatistics(core).refused).filter(([, times]) => times > 0));
  const takenBy = (kind: InstrumentKind, isInteger: boolean, values: readonly unknown[]): unknown[] =>
    values.map(value => measurement.takenOf(measurement.rulesOf(core, 'x', kind, isInteger), value));
  const NOTHING = undefined;

  for (const kind of ['COUNTER', 'OBSERVABLE_COUNTER'] as const)
    it(`should be refused as no number, as negative or as infinite: ${kind}`, () => {
      const values = [NaN, '5', undefined, 1n, -1, -Infinity, Infinity];
      expect(takenBy(kind, false, [...values, 0, 1.5])).to.deep.equal([...values.map(() => NOTHING), 0, 1.5]);
      expect(causes()).to.deep.equal({ notANumber: 4, negative: 2, notFinite: 1 });
      expect(said).to.have.length(3);
      expect(said[0]).to.include('x was given NaN instead of a number');
      expect(said[1]).to.include('the counter x was given -1: a counter only grows');
    });

  it('should be refused as no number or as negative: HISTOGRAM', () => {
    const values = ['5', NaN, -0.5, -Infinity, Infinity, 0];
    expect(takenBy('HISTOGRAM', false, values)).to.deep.equal([
      NOTHING,
      NOTHING,
      NOTHING,
      NOTHING,
      Infinity,
      0,
    ]);
    expect(causes()).to.deep.equal({ notANumber: 2, negative: 2 });
    expect(said[0]).to.include('x was given a string instead of a number');
    expect(said[1]).to.include('the histogram x was given -0.5: its sum only grows');
  });

  for (const kind of ['UP_DOWN_COUNTER', 'OBSERVABLE_UP_DOWN_COUNTER'] as const)
    it(`should be refused as no number or as infinite: ${kind}`, () => {
      const values = [Infinity, -Infinity, NaN, -1.5, Number.MAX_VALUE];
      expect(takenBy(kind, false, values)).to.deep.equal([NOTHING, NOTHING, NOTHING, -1.5, Number.MAX_VALUE]);
      expect(causes()).to.deep.equal({ notFinite: 2, notANumber: 1 });
      expect(said[0]).to.include('x was given Infinity: a sum would keep it for ever');
    });

  for (const kind of ['GAUGE', 'OBSERVABLE_GAUGE'] as const)
    it(`should be refused only if it is no number: ${kind}`, () => {
      const numbers = [NaN, Infinity, -Infinity, -1.5];
      expect(takenBy(kind, false, numbers)).to.deep.equal(numbers);
      expect(takenBy(kind, false, ['5', null])).to.deep.equal([NOTHING, NOTHING]);
      expect(causes()).to.deep.equal({ notANumber: 2 });
    });

  it('should be cut to a whole number, towards zero and never to minus zero, which is said once', () => {
    expect(takenBy('GAUGE', true, [-7, 7])).to.deep.equal([-7, 7]);
    expect(said, 'nothing was cut off').to.deep.equal([]);
    const values = [1.9, -1.9, -0.5, -0, 2 ** 53 - 1];
    const wholes = takenBy('GAUGE', true, values);
    expect(wholes).to.deep.equal([1, -1, 0, 0, 2 ** 53 - 1]);
    expect(wholes.map(whole => Object.is(whole, -0))).not.to.include(true);
    expect(causes()).to.deep.equal({});
    expect(said).to.have.length(1);
    expect(said[0]).to.include('fractions are cut off');
  });

  it('should be refused where integers are taken, if it has no whole number of its own', () => {
    const values = [2 ** 53, -(2 ** 53), 1e300, Infinity, -Infinity, NaN, '5', null];
    expect(takenBy('GAUGE', true, values)).to.deep.equal(values.map(() => NOTHING));
    expect(causes()).to.deep.equal({ unsafeInteger: 3, notFinite: 2, notANumber: 3 });
  });

  it('should be negative before its fraction is cut off', () => {
    for (const kind of ['COUNTER', 'HISTOGRAM'] as const)
      expect(takenBy(kind, true, [-0.5])).to.deep.equal([NOTHING]);
    expect(causes()).to.deep.equal({ negative: 2 });
  });
});
