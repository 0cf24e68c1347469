import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { MetricStoreError } from '../../../lib/errors.js';
import { startScrapeServer } from '../../../lib/exposition/http/scrape-server.js';
import { ask } from '../http-client.js';
import type { ScrapeServer } from '../../../lib/exposition/http/scrape-server.js';
import type { Scrape } from '../../../lib/exposition/http/scrape-answers.js';

describe('startScrapeServer', () => {
  const servers: ScrapeServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

  const start = async (scrape: () => Promise<Scrape>, port = 0): Promise<ScrapeServer> => {
    const limits = { scrapesMax: 8, answerTimeoutMillis: 60_000, gzipLevel: 1 };
    const server = await startScrapeServer({ host: '127.0.0.1', port, path: '/metrics', scrape, ...limits });
    servers.push(server);
    return server;
  };
  function* bytesOf(texts: readonly string[]): Generator<Uint8Array, void> {
    for (const text of texts) yield Buffer.from(text);
  }
  const textOf =
    (...chunks: string[]) =>
    (): Promise<Scrape> =>
      Promise.resolve({ chunks: () => bytesOf(chunks) });

  it('should answer a scrape with the chunks as text', async () => {
    const { url } = await start(textOf('up 1\n', 'größe{a="✓"} 2\n'));
    const { status, headers, body } = await ask(url);
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['content-encoding']).to.equal(undefined);
    expect(headers.vary).to.equal('Accept, Accept-Encoding');
    expect(body.toString()).to.equal('up 1\ngröße{a="✓"} 2\n');
  });

  it('should answer what Prometheus 3 sends with the same format, compressed', async () => {
    const { url } = await start(textOf('up 1\n'));
    const { headers, body } = await ask(url, {
      headers: {
        accept:
          'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
        'accept-encoding': 'gzip',
      },
    });
    expect(headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['content-encoding']).to.equal('gzip');
    expect(gunzipSync(body).toString()).to.equal('up 1\n');
  });

  it('should answer with an empty text when there is no series', async () => {
    const { url } = await start(textOf());
    const { status, body } = await ask(url);
    expect(status).to.equal(200);
    expect(body.toString()).to.equal('');
  });

  it('should ignore the query', async () => {
    const { url } = await start(textOf('up 1\n'));
    expect((await ask(`${url}?name[]=up`)).status).to.equal(200);
  });

  it('should answer HEAD without collecting', async () => {
    let scrapes = 0;
    const { url } = await start(() => {
      scrapes++;
      return textOf('up 1\n')();
    });
    const { status, headers, body } = await ask(url, { method: 'HEAD' });
    expect(status).to.equal(200);
    expect(headers['content-type']).to.contain('version=0.0.4');
    expect(body).to.have.length(0);
    expect(scrapes).to.equal(0);
  });

  it('should know no other path and no other method', async () => {
    const { url } = await start(textOf('up 1\n'));
    for (const path of ['/', '/metrics/', '/metricsx', '/%2e%2e/metrics', '//metrics'])
      expect((await ask(new URL(url).origin, { path })).status, path).to.equal(404);
    const post = await ask(url, { method: 'POST' });
    expect(post.status).to.equal(405);
    expect(post.headers.allow).to.equal('GET, HEAD');
  });

  it('should answer 500 with the reason when there is nothing, and when collecting throws', async () => {
    const nothing = await start(() => Promise.resolve({ failure: 'A writer stalled.' }));
    const { status, body } = await ask(nothing.url);
    expect(status).to.equal(500);
    expect(body.toString()).to.equal('A writer stalled.\n');
    const throwing = await start(() => Promise.reject(new Error('collect failed')));
    const failed = await ask(throwing.url);
    expect(failed.status).to.equal(500);
    expect(failed.body.toString()).to.contain('collect failed');
  });

  it('should make the text no faster than the client takes it', async () => {
    const line = `${'x'.repeat(65_535)}\n`;
    const chunkCount = 2000;
    let chunksMade = 0;
    const { url } = await start(() =>
      Promise.resolve({
        *chunks() {
          for (; chunksMade < chunkCount; chunksMade++) yield Buffer.from(line);
        },
      }),
    );
    const outgoing = get(url, { agent: false });
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    await once(response, 'readable');
    // Nothing is read from here on: what fits into the buffers of both ends is all that may be made, 128 MB is not.
    let before = -1;
    let unchangedTurns = 0;
    while (unchangedTurns < 1000) {
      unchangedTurns = chunksMade === before ? unchangedTurns + 1 : 0;
      before = chunksMade;
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(chunksMade)
      .to.be.greaterThan(0)
      .and.lessThan(chunkCount / 2);
    const rest = await buffer(response);
    expect(chunksMade).to.equal(chunkCount);
    expect(rest.length).to.equal(chunkCount * line.length);
  });

  it('should survive a client that goes away in the middle, and end its text', async () => {
    let hasEnded: () => void;
    const ended = new Promise<void>(resolve => {
      hasEnded = resolve;
    });
    const { url } = await start(() =>
      Promise.resolve({
        *chunks() {
          try {
            for (;;) yield Buffer.from('up 1\n'.repeat(10_000));
          } finally {
            hasEnded();
          }
        },
      }),
    );
    const outgoing = get(url, { agent: false });
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    await once(response, 'data');
    response.destroy();
    await ended;
    expect((await ask(url, { method: 'HEAD' })).status).to.equal(200);
  });

  it('should cut the answer short when the text cannot be finished', async () => {
    const { url } = await start(() =>
      Promise.resolve({
        *chunks() {
          yield Buffer.from('up 1\n');
          throw new Error('broken');
        },
      }),
    );
    const failure = await ask(url).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
  });

  it('should say which address is taken', async () => {
    const first = await start(textOf());
    const { port } = new URL(first.url);
    const error = await start(textOf(), Number(port)).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MetricStoreError);
    expect(error).to.have.property('code', 'ENDPOINT_FAILED');
    expect((error as Error).message)
      .to.contain('127.0.0.1')
      .and.to.contain(port)
      .and.to.contain('EADDRINUSE');
  });

  it('should close once, although a client keeps its connection', async () => {
    const server = await start(textOf('up 1\n'));
    await ask(server.url, { headers: { connection: 'keep-alive' } });
    const closing = server.close();
    expect(server.close()).to.equal(closing);
    await closing;
    const refused: unknown = await ask(server.url).catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'ECONNREFUSED');
  });

  it('should cut off a client that will not take its answer when it closes', async () => {
    const server = await start(() =>
      Promise.resolve({
        *chunks() {
          for (;;) yield Buffer.from('up 1\n'.repeat(10_000));
        },
      }),
    );
    const outgoing = get(server.url, { agent: false });
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const failed = once(response, 'error');
    response.pause();
    await server.close();
    response.resume();
    const [error] = (await failed) as [Error];
    expect(error).to.have.property('code', 'ECONNRESET');
  });
});
