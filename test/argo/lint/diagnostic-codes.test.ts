import { expect } from 'chai';
import { DIAGNOSTIC_CODES } from '../../../lib/argo/lint/diagnostic-codes.js';

describe('DIAGNOSTIC_CODES', () => {
  it('should tell codes from other words', () => {
    expect(
      ['HELP_MISSING', 'help_missing', 'constructor'].map(word => DIAGNOSTIC_CODES.has(word)),
    ).to.deep.equal([true, false, false]);
  });
});
