import { expect } from 'chai';
import { lintedCluster } from '../../lib/cli/lint-cluster-options.js';
import { UsageError } from '../../lib/cli/usage-error.js';

describe('lintedCluster', () => {
  it('should be nothing where files are linted', () => {
    expect(lintedCluster(['a'], {})).to.equal(undefined);
  });

  it('should say which namespaces, and which API server', () => {
    const server = 'http://127.0.0.1:8001';
    expect(lintedCluster([], { cluster: true, namespace: ['a', 'b', 'a'], server })).to.deep.equal({
      ...{ namespaces: ['a', 'b'], kubeconfig: undefined },
      server: new URL(server),
    });
    expect(lintedCluster([], { cluster: true, kubeconfig: 'k' })).to.deep.include({
      ...{ namespaces: [], kubeconfig: 'k' },
    });
  });

  const refused: readonly (readonly [string[], Parameters<typeof lintedCluster>[1], string])[] = [
    [['a'], { namespace: ['b'] }, '--namespace of lint goes with --cluster'],
    [[], { server: 'http://127.0.0.1:8001' }, '--server of lint goes with --cluster'],
    [['a'], { cluster: true }, 'not both; what is "a"?'],
    [[], { cluster: true, ignore: ['a'] }, '--ignore is for files'],
    [[], { cluster: true, namespace: ['a'], 'all-namespaces': true }, 'exclude each other'],
    [[], { cluster: true, namespace: ['a/b'] }, '--namespace is "a/b", expected the name'],
    [[], { cluster: true, namespace: [''] }, '--namespace is "", expected the name'],
    [[], { cluster: true, server: 'https://elsewhere' }, '--server is for kubectl proxy'],
    [[], { cluster: true, kubeconfig: '' }, '--kubeconfig needs a file'],
  ];
  for (const [paths, values, reason] of refused)
    it(`should refuse ${JSON.stringify([...paths, values])}`, () => {
      expect(() => lintedCluster(paths, values)).to.throw(UsageError, reason);
    });
});
