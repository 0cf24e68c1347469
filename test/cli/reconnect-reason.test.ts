import { expect } from 'chai';
import { reconnectReasonOf } from '../../lib/cli/reconnect-reason.js';
import { ApiError, SilenceError } from '../../lib/kubernetes/api-error.js';

describe(reconnectReasonOf.name, () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [undefined, 'ended'],
    [new ApiError(410, { reason: 'Expired' }), 'gone'],
    [new ApiError(401, ''), 'refused'],
    [new ApiError(403, ''), 'refused'],
    [new ApiError(429, ''), 'throttled'],
    [new ApiError(500, ''), 'server'],
    [new ApiError(504, ''), 'server'],
    [new ApiError(404, ''), 'answer'],
    [new ApiError(0, 'the answer is no JSON'), 'answer'],
    [new SilenceError('nothing came'), 'silence'],
    [Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), 'connection'],
    ['thrown by somebody', 'connection'],
  ];
  for (const [error, reason] of cases)
    it(`should call ${String(error)} ${reason}`, () => {
      expect(reconnectReasonOf(error)).to.equal(reason);
    });
});
