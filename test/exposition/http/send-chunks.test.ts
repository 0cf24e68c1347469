import { get } from 'node:http';
import type { ClientRequest } from 'node:http';
import { expect } from 'chai';
import { sendChunks, type SendOptions } from '../../../lib/exposition/http/send-chunks.js';
import { ask, serve, type RunningServer } from '../http-client.js';

describe('sendChunks', () => {
  const servers: RunningServer[] = [];
  const clients: ClientRequest[] = [];
  afterEach(async () => {
    clients.splice(0).forEach(client => client.destroy());
    await Promise.all(servers.splice(0).map(server => server.close()));
  });

  const OPTIONS: SendOptions = { gzipLevel: 0, answerTimeoutMillis: 60_000 };

  /** A server that sends the chunks to one client, and how that ended. */
  const send = async (
    chunks: Iterable<Uint8Array>,
    options: Partial<SendOptions> = {},
  ): Promise<{ url: string; outcome: Promise<string> }> => {
    let settle: (outcome: string) => void = () => undefined;
    const outcome = new Promise<string>(resolve => (settle = resolve));
    const server = await serve((request, response) => {
      response.writeHead(200);
      sendChunks(chunks, request, response, { ...OPTIONS, ...options }).then(
        () => settle('sent'),
        (error: Error) => settle(`${error.message} ${request.socket.destroyed ? 'closed' : 'open'}`),
      );
    });
    servers.push(server);
    return { url: server.url, outcome };
  };

  function endless(): { chunks: Iterable<Uint8Array>; ended: Promise<void> } {
    let end: () => void = () => undefined;
    const ended = new Promise<void>(resolve => (end = resolve));
    function* chunks(): Generator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('up 1\n'.repeat(10_000));
      } finally {
        end();
      }
    }
    return { chunks: chunks(), ended };
  }

  it('should send all chunks and resolve when they are taken', async () => {
    const { url, outcome } = await send([Buffer.from('a 1\n'), Buffer.from('b 2\n')]);
    expect((await ask(url)).body.toString()).to.equal('a 1\nb 2\n');
    expect(await outcome).to.equal('sent');
  });

  for (const gzipLevel of [0, 1, 9]) {
    it(`should end the text of a client that goes away, at level ${gzipLevel}`, async () => {
      const { chunks, ended } = endless();
      const { url, outcome } = await send(chunks, { gzipLevel });
      const client = get(url, { agent: false }, response => {
        response.on('error', () => undefined).once('data', () => client.destroy());
      });
      clients.push(client.on('error', () => undefined));
      expect(await outcome).to.not.equal('sent');
      await ended;
    });

    it(`should cut off a client that takes nothing, at level ${gzipLevel}`, async () => {
      const { chunks, ended } = endless();
      const { url, outcome } = await send(chunks, { gzipLevel, answerTimeoutMillis: 100 });
      const client = get(url, { agent: false }, response => response.on('error', () => undefined).pause());
      clients.push(client.on('error', () => undefined));
      expect(await outcome)
        .to.contain('too slow')
        .and.to.contain('closed');
      await ended;
    });
  }
});
