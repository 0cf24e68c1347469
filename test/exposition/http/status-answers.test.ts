import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { StatusAnswers } from '../../../lib/exposition/http/status-answers.js';

describe(StatusAnswers.name, () => {
  let problem: string | undefined;
  let server: Server;

  before(async () => {
    const answers = new StatusAnswers(() => {
      if (problem === 'thrown') throw new Error('it cannot be told');
      return problem;
    });
    server = createServer((request, response) => void answers.answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  /** Status, body, and what of the headers counts. */
  async function answer(method = 'GET'): Promise<[number | undefined, string, string | undefined]> {
    const { port } = server.address() as AddressInfo;
    const request = ask({ host: '127.0.0.1', port, method, agent: false });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let body = '';
    for await (const piece of response) body += String(piece);
    return [response.statusCode, body, response.headers['cache-control'] ?? response.headers.allow];
  }

  it('should answer 200 while all is well, and else 503 and why', async () => {
    problem = undefined;
    expect(await answer()).to.deep.equal([200, 'ok\n', 'no-store']);
    problem = 'it stands still';
    expect(await answer()).to.deep.equal([503, 'it stands still\n', 'no-store']);
    problem = 'thrown';
    expect((await answer()).slice(0, 2)).to.deep.equal([503, 'Error: it cannot be told\n']);
  });

  it('should answer HEAD without a body, and no other method', async () => {
    problem = 'no';
    expect(await answer('HEAD')).to.deep.equal([503, '', 'no-store']);
    problem = undefined;
    expect(await answer('HEAD')).to.deep.equal([200, '', 'no-store']);
    expect(await answer('POST')).to.deep.equal([405, 'Only GET and HEAD are answered here.\n', 'GET, HEAD']);
  });

  it('should leave alone what somebody else answers', async () => {
    let asked = 0;
    const answers = new StatusAnswers(() => {
      asked++;
      return undefined;
    });
    const other = createServer((request, response) => {
      void answers.answer(request, response, (_, refused) => {
        refused.writeHead(403).end();
        return false;
      });
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}`)).status).to.equal(403);
    expect(asked).to.equal(0);
    other.close();
    other.closeAllConnections();
  });
});
