import { expect } from 'chai';
import { asError, textOf } from '../../lib/guard/thrown.js';

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

describe('asError', () => {
  it('B14: makes an Error of undefined, and keeps an Error', () => {
    const error = new Error('x');
    expect(asError(error, 'EXPORT_FAILED', 'it')).to.equal(error);
    expect(asError(undefined, 'EXPORT_FAILED', 'it')).to.have.property('code', 'EXPORT_FAILED');
  });

  it('makes an Error of what has no text', () => {
    for (const reason of [revoked(), Object.create(null)] as unknown[])
      expect(asError(reason, 'EXPORT_FAILED', 'it').message).to.match(
        /^it failed with something that cannot/,
      );
  });
});

describe('textOf', () => {
  it('survives an Error whose text throws', () => {
    const error = Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(textOf(error)).to.equal('something that cannot be shown');
    expect(textOf(Symbol('s'))).to.equal('Symbol(s)');
  });
});
