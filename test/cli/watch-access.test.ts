import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { watchAccess } from '../../lib/cli/watch-access.js';

const IN_CLUSTER = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

/** By which way it went: each of them says something else, without a package that reads kubeconfigs and outside of a pod. */
async function wayOf(
  env: Readonly<Record<string, string>>,
  options: { kubeconfig?: string; server?: URL } = {},
): Promise<string> {
  try {
    return (await watchAccess({ kubeconfig: undefined, server: undefined, ...options }, env)).server.href;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code ?? message;
  }
}

describe('watchAccess', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'home-'));
  });

  afterEach(async () => {
    await rm(home, { recursive: true });
  });

  it('should take what the command line says before the environment', async () => {
    const server = new URL('http://127.0.0.1:8001');
    expect(await wayOf({ ...IN_CLUSTER, KUBECONFIG: 'x' }, { server })).to.equal('http://127.0.0.1:8001/');
    expect(await wayOf(IN_CLUSTER, { kubeconfig: 'x' })).to.equal('KUBECONFIG_UNSUPPORTED');
  });

  it('should take KUBECONFIG before the pod, and the pod before the home folder', async () => {
    await mkdir(join(home, '.kube'));
    await writeFile(join(home, '.kube', 'config'), '');
    expect(await wayOf({ ...IN_CLUSTER, KUBECONFIG: 'x' })).to.equal('KUBECONFIG_UNSUPPORTED');
    expect(await wayOf({ ...IN_CLUSTER, KUBECONFIG: '', HOME: home })).to.equal('ENOENT');
    expect(await wayOf({ HOME: home })).to.equal('KUBECONFIG_UNSUPPORTED');
  });

  it('should say which ways there are', async () => {
    for (const env of [{}, { HOME: home }])
      expect(await wayOf(env)).to.contain('--kubeconfig FILE, or --server URL of kubectl proxy');
  });
});
