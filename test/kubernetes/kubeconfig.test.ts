// Goal: what is done with the package that reads kubeconfigs, and without it. The package itself, with real certificates, runs in
// recipes/kubeconfig.mjs: it is 70 packages large, so it is no development dependency.
import { delimiter } from 'node:path';
import { expect } from 'chai';
import { kubeconfigAccess } from '../../lib/kubernetes/kubeconfig.js';

type Options = Record<string, unknown>;

/** As its `KubeConfig`, with files that a test made up. */
function packageWith(
  cluster: { server: string; proxyUrl?: string } | null,
  applied: Options = {},
): { load: () => Promise<unknown>; calls: string[] } {
  const calls: string[] = [];
  class KubeConfig {
    #path = '';
    loadFromFile(path: string): void {
      if (path.includes('missing')) throw new Error(`ENOENT: ${path}`);
      calls.push(`load ${path}`);
      this.#path = path;
    }
    mergeConfig(other: KubeConfig): void {
      calls.push(`merge ${other.#path}`);
    }
    getCurrentCluster(): typeof cluster {
      return cluster;
    }
    getCurrentContext(): string {
      return 'here';
    }
    getContextObject(name: string): object {
      return { namespace: `of ${name}` };
    }
    applyToHTTPSOptions(options: Options): Promise<void> {
      return Promise.resolve(void Object.assign(options, applied));
    }
  }
  return { load: () => Promise.resolve({ KubeConfig }), calls };
}

async function refusalOf(work: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return work.then(
    () => ({ message: 'none' }),
    (error: unknown) => error as { code?: string; message: string },
  );
}

const SERVER = { server: 'https://10.0.0.1:6443/k8s' };

describe('kubeconfigAccess', () => {
  it('should name the package, and kubectl proxy, where it is not installed', async () => {
    const { code, message } = await refusalOf(kubeconfigAccess('config'));
    expect(code).to.equal('KUBECONFIG_UNSUPPORTED');
    expect(message)
      .to.contain('npm install @kubernetes/client-node')
      .and.contain('--server http://127.0.0.1:8001');
  });

  it('should refuse a version that is not known', async () => {
    for (const loaded of [{}, null, { KubeConfig: 5 }, { KubeConfig: class {} }]) {
      const { code, message } = await refusalOf(kubeconfigAccess('config', () => Promise.resolve(loaded)));
      expect(code).to.equal('KUBECONFIG_UNSUPPORTED');
      expect(message).to.contain('1.4 and 2');
    }
  });

  it('should give what is read: where, who, and whose namespace', async () => {
    const agent = {};
    const applied = { ca: 'CA', cert: 'CERT', key: 'KEY', headers: { Authorization: 'Bearer t' }, agent };
    const { load, calls } = packageWith(SERVER, applied);
    const access = await kubeconfigAccess('config', load);
    expect(calls).to.deep.equal(['load config']);
    expect(access.server.href).to.equal('https://10.0.0.1:6443/k8s');
    expect(access.namespace).to.equal('of here');
    // Connections are kept by an agent of our own.
    const { agent: _, ...others } = applied;
    expect(await access.credentials()).to.deep.equal(others);
    expect(await access.refused()).to.equal(false);
  });

  it('should leave connections to the package behind a proxy', async () => {
    const agent = {};
    const { load } = packageWith({ ...SERVER, proxyUrl: 'http://proxy' }, { agent });
    expect((await (await kubeconfigAccess('config', load)).credentials()).agent).to.equal(agent);
  });

  it('should merge the files that KUBECONFIG names', async () => {
    const { load, calls } = packageWith(SERVER);
    await kubeconfigAccess(['a', '', 'b', 'c'].join(delimiter), load);
    expect(calls).to.deep.equal(['load a', 'load b', 'merge b', 'load c', 'merge c']);
  });

  it('should refuse a file that cannot be read, and one without a server', async () => {
    const unreadable = await refusalOf(kubeconfigAccess('missing', packageWith(SERVER).load));
    expect(unreadable.code).to.equal('INVALID_OPTION');
    expect(unreadable.message).to.contain('the kubeconfig missing cannot be used').and.contain('ENOENT');
    for (const cluster of [null, { server: 'nowhere' }]) {
      const { code, message } = await refusalOf(kubeconfigAccess('config', packageWith(cluster).load));
      expect(code).to.equal('INVALID_OPTION');
      expect(message).to.contain('no current context with a server');
    }
  });
});
