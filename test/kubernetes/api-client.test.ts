import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { ApiClient, type Access, type Credentials } from '../../lib/kubernetes/api-client.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import { makeCertificates, type Certificates } from './test-certificates.js';
import { begin, json, TestApiServer } from './test-api-server.js';

const { signal } = new AbortController();

async function read(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe(ApiClient.name, () => {
  it('should keep its connection from page to page, and let go of one that is left early', async () => {
    let connections = 0;
    const server = createServer((_, response) => json(response, 200, { a: 'x'.repeat(1_000_000) }));
    server.on('connection', () => connections++).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new ApiClient(proxyAccess(new URL(`http://127.0.0.1:${port}`)), 'test');
    for (let times = 0; times < 3; times++) await read(client.page('/', signal));
    expect(connections).to.equal(1);
    for await (const piece of client.page('/', signal)) if (piece.length > 0) break;
    await read(client.page('/', signal));
    expect(connections).to.equal(2);
    client.close();
    server.close();
    await once(server, 'close');
  });

  it('should ask below the path of the server, and say who it is', async () => {
    const server = await TestApiServer.start();
    const client = new ApiClient(
      proxyAccess(new URL('/k8s/clusters/c/', server.url)),
      'otel-argo-metrics/1.0.0',
    );
    await read(client.page('/apis?limit=5', signal));
    expect(server.requests[0]).to.deep.include({ path: '/k8s/clusters/c/apis' });
    expect(server.requests[0]?.headers).to.deep.include({
      'user-agent': 'otel-argo-metrics/1.0.0',
      'accept-encoding': 'identity',
    });
    client.close();
    await server.close();
  });

  it('should ask nothing when it is over already', async () => {
    const server = await TestApiServer.start();
    const client = new ApiClient(proxyAccess(server.url), 'test');
    const error: unknown = await read(client.page('/', AbortSignal.abort())).catch((cause: unknown) => cause);
    expect((error as Error).message).to.equal('it is over');
    expect(server.requests).to.deep.equal([]);
    client.close();
    await server.close();
  });

  it('should not wait for credentials that do not come', async () => {
    const access = {
      ...proxyAccess(new URL('http://127.0.0.1:1')),
      credentials: () => new Promise<never>(() => undefined),
    };
    const client = new ApiClient(access, 'test', { silenceMillis: 20 });
    const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
      work.catch((error: unknown) => (error as Error).message);
    expect(await reasonOf(read(client.page('/', signal)))).to.equal('no credentials in 0.02 s');
    const end = new AbortController();
    const asked = reasonOf(read(new ApiClient(access, 'test').page('/', end.signal)));
    end.abort();
    expect(await asked).to.equal('it is over');
    client.close();
  });

  it('should end a watch that lives longer than it may', async () => {
    const server = await TestApiServer.start();
    server.fault('list', begin);
    const client = new ApiClient(proxyAccess(server.url), 'test');
    const error: unknown = await read(client.stream('/', 20, signal)).catch((cause: unknown) => cause);
    expect((error as Error).message).to.equal('not at its end after 0.02 s');
    client.close();
    await server.close();
  });

  it('should leave no listener at the signal', async () => {
    const server = await TestApiServer.start();
    const client = new ApiClient(proxyAccess(server.url), 'test');
    const counted = new AbortController();
    let listeners = 0;
    const { signal: own } = counted;
    const [add, remove] = [own.addEventListener.bind(own), own.removeEventListener.bind(own)];
    own.addEventListener = (...args: Parameters<typeof add>): void => void (listeners++, add(...args));
    own.removeEventListener = (...args: Parameters<typeof remove>): void =>
      void (listeners--, remove(...args));
    for (let times = 0; times < 5; times++) await read(client.page('/', own));
    expect(listeners).to.equal(0);
    client.close();
    await server.close();
  });

  describe('with certificates', () => {
    let certificates: Certificates | undefined;

    before(function () {
      certificates = makeCertificates();
      // Without openssl nobody here makes certificates.
      if (certificates === undefined) this.skip();
    });

    /** Who the server saw, or why there was none. */
    async function seenWith(
      credentials: (known: Certificates) => Credentials,
      host = '127.0.0.1',
    ): Promise<string> {
      if (certificates === undefined) throw new Error('no certificates');
      const { ca, server: own } = certificates;
      const tls = { ...own, ca, requestCert: true, rejectUnauthorized: false };
      const server = await TestApiServer.start({ tls });
      server.fault('list', response => {
        const { subject } = (response.socket as TLSSocket).getPeerCertificate();
        json(response, 200, { seen: (subject as { CN?: string } | undefined)?.CN ?? 'nobody' });
      });
      const access: Access = {
        ...proxyAccess(new URL(`https://${host}:${server.port}`)),
        credentials: () => Promise.resolve(credentials(certificates as Certificates)),
      };
      const client = new ApiClient(access, 'test');
      const text = await read(client.page('/', signal)).catch(
        (error: unknown) => (error as NodeJS.ErrnoException).code,
      );
      client.close();
      await server.close();
      return String(text);
    }

    it('should trust the authority that it is given, and show its own certificate', async () => {
      expect(await seenWith(({ ca }) => ({ ca }))).to.equal('{"seen":"nobody"}');
      expect(await seenWith(({ ca, client }) => ({ ca, ...client }))).to.equal('{"seen":"client"}');
      expect(await seenWith(({ ca, client }) => ({ ca, ...client }), 'localhost')).to.equal(
        '{"seen":"client"}',
      );
    });

    it('should trust nobody else, unless it is told to', async () => {
      expect(await seenWith(({ client }) => client)).to.match(/^(UNABLE|SELF_SIGNED|DEPTH_ZERO)/);
      expect(await seenWith(() => ({ rejectUnauthorized: false }))).to.equal('{"seen":"nobody"}');
      expect(await seenWith(({ ca }) => ({ ca, servername: 'elsewhere' }))).to.equal(
        'ERR_TLS_CERT_ALTNAME_INVALID',
      );
    });
  });
});
