import { expect } from 'chai';
import { asError, withDeadline } from '../../lib/otel/deadline.js';

describe('withDeadline', () => {
  it('B19: rejects what never settles, with the code', async () => {
    const never = new Promise(() => undefined);
    const error: unknown = await withDeadline(never, 1, 'EXPORT_TIMEOUT', 'it').catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('code', 'EXPORT_TIMEOUT');
  });

  it('gives through what settles in time', async () => {
    expect(await withDeadline(Promise.resolve(7), 1000, 'EXPORT_TIMEOUT', 'it')).to.equal(7);
  });
});

describe('asError', () => {
  it('B14: makes an Error of undefined, and keeps an Error', () => {
    const error = new Error('x');
    expect(asError(error, 'EXPORT_FAILED', 'it')).to.equal(error);
    expect(asError(undefined, 'EXPORT_FAILED', 'it')).to.have.property('code', 'EXPORT_FAILED');
  });
});
