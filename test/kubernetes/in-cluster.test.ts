import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { inClusterAccess, isInCluster } from '../../lib/kubernetes/in-cluster.js';
import { makeCertificates } from './test-certificates.js';
import { statusFault, TestApiServer } from './test-api-server.js';
import { Watching } from './watching.js';

const ENV = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };

describe('inClusterAccess', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'service-account-'));
    await write({ token: 'first\n', 'ca.crt': 'CA', namespace: 'argo\n' });
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  }

  it('should be who the files say, at the address that the environment says', async () => {
    const access = await inClusterAccess(ENV, folder);
    expect(access.server.href).to.equal('https://10.0.0.1:6443/');
    expect(access.namespace).to.equal('argo');
    expect(await access.credentials()).to.deep.equal({
      ca: 'CA',
      headers: { authorization: 'Bearer first' },
    });
  });

  it('should know addresses of the sixth version, and the usual port', async () => {
    const { server } = await inClusterAccess({ KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder);
    expect(server.href).to.equal('https://[fd00::1]/');
  });

  it('should read them again when they were refused, and say whether there are others', async () => {
    const access = await inClusterAccess(ENV, folder);
    expect(await access.refused()).to.equal(false);
    await write({ token: 'second', 'ca.crt': 'CA2' });
    expect(await access.refused()).to.equal(true);
    expect(await access.credentials()).to.deep.equal({
      ca: 'CA2',
      headers: { authorization: 'Bearer second' },
    });
  });

  it('should read them again after ten seconds, and not before', async () => {
    let now = 5;
    const access = await inClusterAccess(ENV, folder, () => now);
    const tokenOf = async (): Promise<string> => JSON.stringify((await access.credentials()).headers);
    await write({ token: 'second' });
    now += 9999;
    expect(await tokenOf()).to.contain('first');
    now++;
    expect(await tokenOf()).to.contain('second');
  });

  it('should do without a namespace, and refuse what makes no address or no header', async () => {
    await rm(join(folder, 'namespace'));
    expect((await inClusterAccess(ENV, folder)).namespace).to.equal(undefined);
    const codeOf = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'nothing',
        (error: unknown) => (error as { code?: string; message: string }).code ?? (error as Error).message,
      );
    expect(await codeOf(inClusterAccess({ ...ENV, KUBERNETES_SERVICE_PORT: 'x' }, folder))).to.equal(
      'INVALID_OPTION',
    );
    for (const token of ['', 'two\nlines', 'ü']) {
      await write({ token });
      expect(await codeOf(inClusterAccess(ENV, folder)), token).to.match(/token holds no token$/);
    }
    await rm(join(folder, 'token'));
    expect(await codeOf(inClusterAccess(ENV, folder))).to.equal('ENOENT');
  });

  it('should know a pod by its environment', () => {
    expect(isInCluster(ENV)).to.equal(true);
    expect(isInCluster({})).to.equal(false);
  });

  it('should go on at once with a token that was written while the old one was refused', async function () {
    const certificates = makeCertificates();
    // Without openssl nobody here makes certificates, and a pod knows no other way.
    if (certificates === undefined) return this.skip();
    await write({ 'ca.crt': certificates.ca });
    const server = await TestApiServer.start({ tls: certificates.server });
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${server.port}` };
    const access = await inClusterAccess(env, folder);
    await write({ token: 'second' });
    server.fault('list', statusFault(401, 'Unauthorized'));
    const watching = new Watching(server, {}, access);
    await watching.listed;
    expect(watching.waits).to.deep.equal([0]);
    expect(server.requests.map(({ headers }) => headers.authorization).slice(0, 2)).to.deep.equal([
      'Bearer first',
      'Bearer second',
    ]);
    await watching.end();
    await server.close();
  });
});
