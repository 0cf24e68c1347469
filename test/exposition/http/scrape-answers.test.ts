import { once } from 'node:events';
import { connect, constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import { PROMETHEUS_CONTENT_TYPE, ScrapeAnswers } from '../../../lib/exposition/http/scrape-answers.js';
import type { Scrape, ScrapeAnswersOptions } from '../../../lib/exposition/http/scrape-answers.js';
import { ask, serve, type RunningServer } from '../http-client.js';

describe('ScrapeAnswers', () => {
  const servers: RunningServer[] = [];
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  before(() => process.on('unhandledRejection', note));
  after(() => process.off('unhandledRejection', note));
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()));
    expect(rejections.splice(0)).to.deep.equal([]);
  });

  const answersOf = (options: Partial<ScrapeAnswersOptions> = {}): ScrapeAnswers =>
    new ScrapeAnswers({
      scrapesMax: 8,
      answerTimeoutMillis: 60_000,
      gzipLevel: 1,
      scrape: () => Promise.resolve({ chunks: () => [Buffer.from('up 1\n')] }),
      ...options,
    });
  const start = async (options: Partial<ScrapeAnswersOptions> = {}): Promise<string> => {
    const answers = answersOf(options);
    const server = await serve((request, response) => void answers.answer(request, response));
    servers.push(server);
    return server.url;
  };

  it('should answer whatever path was asked for, and whatever host', async () => {
    const url = await start();
    const { status, headers, body } = await ask(url, {
      path: '/internal?a=b',
      headers: { host: 'a.example' },
    });
    expect([status, body.toString()]).to.deep.equal([200, 'up 1\n']);
    expect(headers).to.include({ 'content-type': PROMETHEUS_CONTENT_TYPE, vary: 'Accept, Accept-Encoding' });
  });

  for (const gzipLevel of [0, 1, 9])
    for (const method of ['GET', 'HEAD'])
      it(`should say to ${method} which encoding it answers with at level ${gzipLevel}`, async () => {
        const line = 'metric_with_a_long_name{label="value"} 1\n';
        const scrape = (): Promise<Scrape> =>
          Promise.resolve({ chunks: () => Array<Uint8Array>(1000).fill(Buffer.from(line)) });
        const url = await start({ gzipLevel, scrape });
        const { headers, body } = await ask(url, { method, headers: { 'accept-encoding': 'gzip' } });
        expect(headers['content-encoding']).to.equal(gzipLevel === 0 ? undefined : 'gzip');
        if (method === 'HEAD') {
          expect(body).to.have.length(0);
          return;
        }
        const text = (gzipLevel === 0 ? body : gunzipSync(body)).toString();
        expect(text).to.equal(line.repeat(1000));
        expect((await ask(url)).body.toString(), 'to who accepts nothing').to.equal(text);
      });

  it('should know no other method', async () => {
    const url = await start();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask(url, { method });
      expect([status, headers.allow]).to.deep.equal([405, 'GET, HEAD']);
    }
  });

  it('should tell who comes when all places are taken to try again, and free them', async () => {
    let finish: (scrape: Scrape) => void = () => undefined;
    const collected = new Promise<Scrape>(resolve => (finish = resolve));
    let asked = 0;
    const url = await start({ scrapesMax: 2, scrape: () => (asked++, collected) });
    const first = [ask(url), ask(url)];
    while (asked < 2) await new Promise(resolve => setImmediate(resolve));
    const impatient = { 'x-prometheus-scrape-timeout-seconds': '0.1' };
    const { status, headers } = await ask(url, { headers: impatient });
    expect([status, headers['retry-after']]).to.deep.equal([503, '1']);
    expect((await ask(url, { method: 'HEAD' })).status).to.equal(200);
    finish({ chunks: () => [Buffer.from('up 1\n')] });
    expect((await Promise.all(first)).map(answer => answer.status)).to.deep.equal([200, 200]);
    expect((await ask(url)).status).to.equal(200);
  });

  const failures: Record<string, ScrapeAnswersOptions['scrape']> = {
    'there is none': () => Promise.resolve({ failure: 'sensor is gone' }),
    'collecting rejects': () => Promise.reject(new Error('sensor is gone')),
    'collecting throws': () => {
      throw new Error('sensor is gone');
    },
  };
  for (const [what, scrape] of Object.entries(failures))
    it(`should say why there is no text when ${what}`, async () => {
      const { status, body } = await ask(await start({ scrape }));
      expect(status).to.equal(500);
      expect(body.toString()).to.contain('sensor is gone');
    });

  describe('beside others that answer', () => {
    const answered = async (
      listener: (answers: ScrapeAnswers, request: IncomingMessage, response: ServerResponse) => unknown,
      options: Partial<ScrapeAnswersOptions> = {},
    ): Promise<string> => {
      const answers = answersOf(options);
      const done: unknown[] = [];
      const server = await serve((request, response) => void done.push(listener(answers, request, response)));
      servers.push(server);
      const { body } = await ask(server.url);
      await Promise.all(done);
      return body.toString();
    };

    it('should leave a response alone that has ended', async () => {
      const text = await answered((answers, request, response) => {
        response.end('mine');
        return answers.answer(request, response);
      });
      expect(text).to.equal('mine');
    });

    it('should leave a response alone that was begun', async () => {
      const text = await answered(async (answers, request, response) => {
        response.write('mine');
        await answers.answer(request, response);
        response.end(', to the end');
      });
      expect(text).to.equal('mine, to the end');
    });

    for (const outcome of ['a text', 'a failure', 'an error'])
      it(`should leave a response alone that was answered while ${outcome} was collected`, async () => {
        let finish: () => void = () => undefined;
        const collected = new Promise<void>(resolve => (finish = resolve));
        const scrape = async (): Promise<Scrape> => {
          await collected;
          if (outcome === 'an error') throw new Error('no');
          return outcome === 'a text' ? { chunks: () => [Buffer.from('up 1\n')] } : { failure: 'no' };
        };
        const text = await answered(
          async (answers, request, response) => {
            const answering = answers.answer(request, response);
            // Not to the end yet: it must not be destroyed either.
            response.writeHead(503).write('too late');
            finish();
            await answering;
            response.end(', sorry');
          },
          { scrape },
        );
        expect(text).to.equal('too late, sorry');
      });

    it('should stand a response of which nothing can be had', async () => {
      const broken = new Proxy({}, { get: () => { throw new Error('no'); } }); // prettier-ignore
      await answersOf().answer(broken as IncomingMessage, broken as ServerResponse);
      await answersOf().answer({ method: 'GET', headers: {} } as IncomingMessage, {} as ServerResponse);
    });
  });

  it('should leave a response alone that was answered while the format was made ready', async () => {
    let response: ServerResponse | undefined;
    let released = 0;
    const answers = answersOf({
      scrape: () =>
        Promise.resolve({
          chunks: () => {
            response?.writeHead(204).end();
            return Promise.resolve([Buffer.from('up 1\n')]);
          },
          release: () => void released++,
        }),
    });
    const server = await serve((request, own) => {
      response = own;
      void answers.answer(request, own);
    });
    servers.push(server);
    const said: unknown[] = [];
    const say = (...parts: unknown[]): void => void said.push(parts);
    diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, DiagLogLevel.ALL);
    said.length = 0;
    try {
      expect((await ask(server.url)).status).to.equal(204);
      expect([released, said]).to.deep.equal([1, []]);
    } finally {
      diag.disable();
    }
  });

  it('should release what was collected once, when it was sent or could not be', async () => {
    let released = 0;
    const release = (): void => void released++;
    const whole = { chunks: () => [Buffer.from('up 1\n')], release };
    const broken = {
      *chunks(): Generator<Uint8Array> {
        yield Buffer.from('up 1\n');
        throw new Error('broken');
      },
      release,
    };
    const scrapes: Scrape[] = [whole, broken, whole];
    const url = await start({ scrapesMax: 1, scrape: () => Promise.resolve(scrapes.shift() ?? whole) });
    for (let answered = 1; answered <= 3; answered++) {
      await ask(url).catch(() => undefined);
      expect(released).to.equal(answered);
    }
    await ask(url, { method: 'HEAD' });
    expect(released).to.equal(3);
  });

  for (const encoding of ['identity', 'gzip'])
    it(`should answer ${encoding} in a server of HTTP/2, and leave its connection when a client cancels`, async () => {
      let hasEnded: () => void = () => undefined;
      const ended = new Promise<void>(resolve => (hasEnded = resolve));
      let isEndless = true;
      const scrape = (): Promise<Scrape> =>
        Promise.resolve({
          *chunks() {
            try {
              do yield Buffer.from('up 1\n'.repeat(10_000));
              while (isEndless);
            } finally {
              hasEnded();
            }
          },
        });
      const answers = answersOf({ scrape });
      const server = createServer((request, response) => {
        void answers.answer(request as unknown as IncomingMessage, response as unknown as ServerResponse);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      try {
        const cancelled = session.request({ ':path': '/metrics', 'accept-encoding': encoding });
        cancelled.on('error', () => undefined);
        await once(cancelled, 'data');
        cancelled.close(constants.NGHTTP2_CANCEL);
        await ended;
        isEndless = false;
        expect(await textFrom(session.request({ ':path': '/metrics' }))).to.equal('up 1\n'.repeat(10_000));
      } finally {
        session.destroy();
        server.close();
      }
    });
});
