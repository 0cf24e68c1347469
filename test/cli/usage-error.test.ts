import { expect } from 'chai';
import { UsageError } from '../../lib/cli/usage-error.js';

describe(UsageError.name, () => {
  it('should be told apart by its name', () => {
    expect(new UsageError('x')).to.include({ name: 'UsageError', message: 'x' });
  });
});
