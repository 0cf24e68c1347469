// Goal: what is refused is counted under its cause, and said once, with the name of the instrument and the value.
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import * as measurement from '../../lib/instruments/measurement.js';
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
  const refuseAll = (refuse: (core: StoreCore, name: string, value: unknown) => void, values: unknown[]) =>
    values.forEach(value => refuse(core, 'x', value));

  it('should be refused by a counter as no number, as negative or as infinite', () => {
    refuseAll(measurement.refuseIncrement, [NaN, '5', undefined, 1n, -1, -Infinity, Infinity]);
    expect(causes()).to.deep.equal({ notANumber: 4, negative: 2, notFinite: 1 });
    expect(said).to.have.length(3);
    expect(said[0]).to.include('x was given NaN instead of a number');
    expect(said[1]).to.include('the counter x was given -1');
  });

  it('should be refused by a histogram as no number or as negative', () => {
    refuseAll(measurement.refuseRecord, ['5', NaN, -0.5, -Infinity]);
    expect(causes()).to.deep.equal({ notANumber: 2, negative: 2 });
    expect(said[0]).to.include('x was given a string instead of a number');
  });

  it('should be refused by an up-down counter as infinite', () => {
    refuseAll(measurement.refuseInfinite, [Infinity, -Infinity]);
    expect(causes()).to.deep.equal({ notFinite: 2 });
  });

  it('should be cut to a whole number, towards zero and never to minus zero, which is said once', () => {
    const wholes: [number, number][] = [
      [1.9, 1],
      [-1.9, -1],
      [-0.5, 0],
      [-0, 0],
      [2 ** 53 - 1, 2 ** 53 - 1],
    ];
    for (const [value, whole] of wholes)
      expect(Object.is(measurement.wholeOf(core, 'x', value), whole), `${value}`).to.equal(true);
    expect(causes()).to.deep.equal({});
    expect(said).to.have.length(1);
    expect(said[0]).to.include('fractions are cut off');
  });

  it('should be refused where integers are taken, if it has no whole number of its own', () => {
    for (const value of [2 ** 53, -(2 ** 53), 1e300, Infinity, -Infinity, NaN, '5', null])
      expect(measurement.wholeOf(core, 'x', value)).to.equal(undefined);
    expect(causes()).to.deep.equal({ unsafeInteger: 3, notFinite: 2, notANumber: 3 });
  });
});
