import { expect } from 'chai';
import { UsageError } from '../../lib/cli/usage-error.js';
import { watchOptionsOf, type WatchValues } from '../../lib/cli/watch-options.js';

describe('watchOptionsOf', () => {
  it('should leave to the configuration what a file may say too', () => {
    expect(watchOptionsOf({})).to.deep.equal({
      flags: {},
      configFile: undefined,
      printsConfig: false,
      isCheck: false,
      kubeconfig: undefined,
      server: undefined,
    });
    const flags = { namespace: ['a'], listen: 'anything', 'metrics-config': 'm' };
    const options = watchOptionsOf({
      ...flags,
      config: 'c.yaml',
      kubeconfig: 'k',
      'print-config': true,
      check: true,
    });
    expect(options).to.deep.include({
      flags,
      configFile: 'c.yaml',
      kubeconfig: 'k',
      printsConfig: true,
      isCheck: true,
    });
  });

  it('should take a proxy on this machine', () => {
    for (const server of ['http://127.0.0.1:8001', 'http://localhost:1', 'http://[::1]:1/path'])
      expect(watchOptionsOf({ server }).server?.href).to.match(/^http:/);
  });

  const refused: readonly (readonly [WatchValues, string])[] = [
    [{ config: '' }, '--config needs a file'],
    [{ kubeconfig: '' }, '--kubeconfig needs a file'],
    [{ kubeconfig: 'a', server: 'http://127.0.0.1:8001' }, 'exclude each other'],
    [{ server: '127.0.0.1:8001' }, '--server is for kubectl proxy'],
    [{ server: 'https://127.0.0.1:8001' }, '--server is for kubectl proxy'],
    [{ server: 'http://10.0.0.1:8001' }, '--server is for kubectl proxy'],
    [{ server: 'http://127.0.0.1.example.com' }, '--server is for kubectl proxy'],
    [{ server: 'http://me@localhost' }, '--server is for kubectl proxy'],
    [{ server: '' }, '--server is for kubectl proxy'],
  ];
  for (const [values, reason] of refused)
    it(`should refuse ${JSON.stringify(values).slice(0, 60)}`, () => {
      expect(() => watchOptionsOf(values)).to.throw(UsageError, reason);
    });
});
