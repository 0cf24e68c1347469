import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';

describe('ExitCode', () => {
  it('should keep the numbers that scripts rely on', () => {
    expect(ExitCode).to.deep.equal({ ok: 0, failed: 1, usage: 2, interrupted: 130 });
  });
});
