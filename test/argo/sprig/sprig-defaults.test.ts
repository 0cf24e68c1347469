import { expect } from 'chai';
import { GoFunction, GoObject } from '../../../lib/argo/go/value/go-value.js';
import { DEFAULT_FUNCTIONS } from '../../../lib/argo/sprig/sprig-defaults.js';
import { testGoldenRows } from '../go/golden-rows.js';

describe("Sprig's defaults", () => {
  testGoldenRows('sprig-defaults', new Map(Object.entries(DEFAULT_FUNCTIONS)));

  it('should write objects of named types as JSON has them', () => {
    const month = new GoObject('time.Month', 'May', 5n).asValue();
    for (const name of [
      'toJson',
      'mustToJson',
      'toPrettyJson',
      'mustToPrettyJson',
      'toRawJson',
      'mustToRawJson',
    ])
      expect(DEFAULT_FUNCTIONS[name]?.(month), name).to.equal('5');
    const call = new GoFunction('func()', () => null).asValue();
    expect(DEFAULT_FUNCTIONS['toJson']?.(call)).to.equal('');
    expect(() => DEFAULT_FUNCTIONS['mustToJson']?.(call)).to.throw('json: unsupported type: func()');
  });
});
