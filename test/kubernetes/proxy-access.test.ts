import { expect } from 'chai';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';

describe('proxyAccess', () => {
  it('should have nothing to say of who asks', async () => {
    const access = proxyAccess(new URL('http://127.0.0.1:8001'));
    expect(await access.credentials()).to.deep.equal({});
    expect(await access.refused()).to.equal(false);
    expect(access.namespace).to.equal(undefined);
  });
});
