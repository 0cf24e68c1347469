import { expect } from 'chai';
import { isOtherMethod, isOver, plainAnswer } from '../../../lib/exposition/http/plain-answer.js';
import { ask, serve, type RunningServer } from '../http-client.js';

describe('plain answers', () => {
  let server: RunningServer | undefined;
  afterEach(() => server?.close());

  it('should be text in UTF-8, and the response over', async () => {
    const over: boolean[] = [];
    server = await serve((_, response) => {
      over.push(isOver(response));
      plainAnswer(response, 418, 'größer\n');
      over.push(isOver(response));
    });
    const { status, headers, body } = await ask(server.url);
    expect([status, headers['content-type'], body.toString()]).to.deep.equal([
      418,
      'text/plain; charset=utf-8',
      'größer\n',
    ]);
    expect(over).to.deep.equal([false, true]);
  });

  it('should tell who uses another method which there are, and nobody else', async () => {
    server = await serve((request, response) => {
      if (!isOtherMethod(request, response)) plainAnswer(response, 200, '');
    });
    for (const [method, expected] of Object.entries({ GET: 200, HEAD: 200, POST: 405, PATCH: 405 })) {
      const { status, headers } = await ask(server.url, { method });
      expect(status, method).to.equal(expected);
      expect(headers.allow).to.equal(status === 405 ? 'GET, HEAD' : undefined);
    }
  });
});
