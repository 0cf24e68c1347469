import { expect } from 'chai';
import { UsageError } from '../../lib/cli/usage-error.js';
import { watchOptionsOf, type WatchValues } from '../../lib/cli/watch-options.js';

describe('watchOptionsOf', () => {
  it('should watch all namespaces by default, and be reached from anywhere', () => {
    expect(watchOptionsOf({})).to.deep.equal({
      namespaces: [],
      instanceId: undefined,
      host: '0.0.0.0',
      port: 9464,
      metricsConfigFile: undefined,
      kubeconfig: undefined,
      server: undefined,
    });
    expect(watchOptionsOf({ 'all-namespaces': true }).namespaces).to.deep.equal([]);
  });

  it('should take a namespace once, however often it is said', () => {
    expect(watchOptionsOf({ namespace: ['a', 'b', 'a'] }).namespaces).to.deep.equal(['a', 'b']);
    const fifty = Array.from({ length: 50 }, (_, index) => `n${index}`);
    expect(watchOptionsOf({ namespace: fifty }).namespaces).to.have.length(50);
  });

  it('should take addresses of both versions, names, and a port alone', () => {
    const addressOf = (listen: string): unknown[] => {
      const { host, port } = watchOptionsOf({ listen });
      return [host, port];
    };
    expect(addressOf('127.0.0.1:0')).to.deep.equal(['127.0.0.1', 0]);
    expect(addressOf('[::1]:9464')).to.deep.equal(['::1', 9464]);
    expect(addressOf('localhost:65535')).to.deep.equal(['localhost', 65_535]);
    expect(addressOf(':80')).to.deep.equal(['0.0.0.0', 80]);
  });

  it('should take a proxy on this machine', () => {
    for (const server of ['http://127.0.0.1:8001', 'http://localhost:1', 'http://[::1]:1/path'])
      expect(watchOptionsOf({ server }).server?.href).to.match(/^http:/);
  });

  const refused: readonly (readonly [WatchValues, string])[] = [
    [{ 'all-namespaces': true, namespace: ['a'] }, 'exclude each other'],
    [{ namespace: [''] }, '--namespace is ""'],
    [{ namespace: ['a,b'] }, '--namespace is "a,b", expected the name of one namespace'],
    [{ namespace: ['A'] }, '--namespace is "A"'],
    [{ namespace: ['../secrets'] }, '--namespace is "../secrets"'],
    [{ namespace: Array.from({ length: 51 }, (_, index) => `n${index}`) }, '51 namespaces, expected 1 to 50'],
    [{ 'instance-id': '' }, '--instance-id is ""'],
    [{ 'instance-id': 'a,b=c' }, '--instance-id is "a,b=c"'],
    [{ 'metrics-config': '' }, '--metrics-config needs a file'],
    [{ kubeconfig: '' }, '--kubeconfig needs a file'],
    [{ kubeconfig: 'a', server: 'http://127.0.0.1:8001' }, 'exclude each other'],
    [{ listen: '9464' }, '--listen is "9464"'],
    [{ listen: 'a:65536' }, '--listen is "a:65536"'],
    [{ listen: '::1:9464' }, '--listen is "::1:9464"'],
    [{ listen: 'http://a:1' }, '--listen is "http://a:1"'],
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
