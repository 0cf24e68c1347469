import { expect } from 'chai';
import { ApiError, SilenceError } from '../../lib/kubernetes/api-error.js';
import { statusOf } from './test-api-server.js';

describe(ApiError.name, () => {
  it('should say what the server said, within bounds', () => {
    expect(new ApiError(503, statusOf(503, 'ServiceUnavailable')).message).to.equal(
      '503 ServiceUnavailable it is ServiceUnavailable',
    );
    expect(new ApiError(404, '404 page not found\n').message).to.equal('404 404 page not found');
    expect(new ApiError(500, 'x'.repeat(10_000)).message).to.equal(`500 ${'x'.repeat(500)}…`);
    for (const body of [undefined, null, [], 5, { message: 5, reason: {}, details: [] }])
      expect(new ApiError(500, body).message).to.equal('500');
  });

  it('should tell a version that is gone, a refusal, and one that is too new', () => {
    expect(new ApiError(410, '')).to.include({ isGone: true, isRefusal: false, isVersionTooLarge: false });
    expect(ApiError.ofEvent({ reason: 'Expired' }).isGone).to.equal(true);
    expect(new ApiError(401, '').isRefusal).to.equal(true);
    expect(new ApiError(403, '').isRefusal).to.equal(true);
    expect(new ApiError(404, '').isRefusal).to.equal(false);
    const causes = [null, { reason: 'ResourceVersionTooLarge' }];
    expect(ApiError.ofEvent(statusOf(504, 'Timeout', { causes }))).to.include({
      status: 504,
      isVersionTooLarge: true,
    });
  });

  it('should take the longer of two waits, of seconds only', () => {
    const millisOf = (header: string | undefined, seconds?: unknown): number =>
      new ApiError(429, { details: { retryAfterSeconds: seconds } }, header).retryAfterMillis;
    expect(millisOf('3', 5)).to.equal(5000);
    expect(millisOf('7', 5)).to.equal(7000);
    expect(millisOf('99999')).to.equal(300_000);
    for (const wrong of ['Fri, 27 Nov 2026 23:00:00 GMT', '-5', '1e9', '', undefined])
      expect(millisOf(wrong, wrong)).to.equal(0);
    expect(millisOf(undefined, NaN)).to.equal(0);
  });

  it('should make an error of an event, whatever that holds', () => {
    for (const object of [
      undefined,
      null,
      'x',
      { code: 'x' },
      { code: NaN },
      JSON.parse('{"__proto__":{"code":410}}'),
    ])
      expect(ApiError.ofEvent(object)).to.include({ status: 0, isGone: false });
  });
});

describe(SilenceError.name, () => {
  it('should be told apart by its name', () => {
    expect(new SilenceError('x')).to.include({ name: 'SilenceError', message: 'x' });
  });
});
