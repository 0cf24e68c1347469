// What scrapes and reports have in common. How scrapes are answered in particular: scrape-answers.test.ts.
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { BoundedAnswers } from '../../../lib/exposition/http/bounded-answers.js';
import type { AnswerSource, AnswerSubject } from '../../../lib/exposition/http/bounded-answers.js';
import { ask, serve, type RunningServer } from '../http-client.js';

describe('BoundedAnswers', () => {
  const servers: RunningServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

  const TEXT = { 'Content-Type': 'text/x-numbers' };
  const start = async (
    source: () => Promise<AnswerSource>,
    changes: Partial<AnswerSubject & { scrapesMax: number }> = {},
  ): Promise<string> => {
    const { scrapesMax = 8, ...others } = changes;
    const limits = { scrapesMax, answerTimeoutMillis: 60_000, gzipLevel: 1 };
    const words = { one: 'number', missing: 'There are no numbers' };
    const subject = { words, headersOfAll: { 'X-All': 'yes' }, headersOf: () => TEXT, source, ...others };
    const answers = new BoundedAnswers(limits, subject);
    const server = await serve((request, response) => void answers.answer(request, response));
    servers.push(server);
    return server.url;
  };
  const body = (text: string): AnswerSource => ({
    begin: () => ({ headers: TEXT, chunks: [Buffer.from(text)] }),
  });

  it('should answer with the headers and the bytes of its subject, compressed for who accepts it', async () => {
    const url = await start(() => Promise.resolve(body('1 2 3')));
    const plain = await ask(url);
    expect(plain.headers).to.include({ 'content-type': 'text/x-numbers', 'x-all': 'yes' });
    expect(plain.headers['content-encoding']).to.equal(undefined);
    expect(plain.body.toString()).to.equal('1 2 3');
    const packed = await ask(url, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).to.equal('gzip');
    expect(gunzipSync(packed.body).toString()).to.equal('1 2 3');
  });

  it('should make nothing for HEAD', async () => {
    let made = 0;
    const url = await start(() => {
      made++;
      return Promise.resolve(body(''));
    });
    const { status, headers } = await ask(url, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
    expect(status).to.equal(200);
    expect(headers).to.include({
      'content-type': 'text/x-numbers',
      'content-encoding': 'gzip',
      'x-all': 'yes',
    });
    expect(made).to.equal(0);
  });

  it('should release what an answer is made of once, whether it could be begun or not', async () => {
    let released = 0;
    const release = (): void => void released++;
    const broken = (): never => {
      throw new Error('it broke');
    };
    const sources: [source: AnswerSource, status: number][] = [
      [{ ...body('1'), release }, 200],
      [{ begin: broken, release }, 500],
      [{ begin: () => Promise.reject(new Error('it broke')), release }, 500],
    ];
    for (const [index, [source, expected]] of sources.entries()) {
      const { status, body: text } = await ask(await start(() => Promise.resolve(source)));
      expect(status).to.equal(expected);
      if (expected === 500) expect(text.toString()).to.equal('There are no numbers: Error: it broke\n');
      expect(released).to.equal(index + 1);
    }
  });

  it('should answer 500 with a reason that it is given', async () => {
    const { status, body: text } = await ask(await start(() => Promise.resolve({ failure: 'None.' })));
    expect([status, text.toString()]).to.deep.equal([500, 'None.\n']);
  });

  it('should send away who waited in vain, in the words of its subject', async () => {
    let finish: (source: AnswerSource) => void = () => undefined;
    const slow = new Promise<AnswerSource>(resolve => (finish = resolve));
    let asked = 0;
    const url = await start(() => (asked++, slow), { scrapesMax: 1 });
    const first = ask(url);
    while (asked === 0) await new Promise(resolve => setImmediate(resolve));
    const headers = { 'x-prometheus-scrape-timeout-seconds': '0.001' };
    const refused = await ask(url, { headers });
    expect(refused.status).to.equal(503);
    expect(refused.headers['retry-after']).to.equal('1');
    expect(refused.body.toString()).to.equal(
      '1 numbers are being answered already. Try again in a second.\n',
    );
    finish(body('1'));
    expect((await first).status).to.equal(200);
    expect((await ask(url)).status, 'the place is free again').to.equal(200);
  });
});
