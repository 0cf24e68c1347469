// Clients of raw sockets, which may do what no client does, and the doors that they come to.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { ScrapeAnswers } from '../../lib/exposition/http/scrape-answers.js';
import type { Scrape } from '../../lib/exposition/http/scrape-answers.js';
import { startScrapeServer } from '../../lib/exposition/http/scrape-server.js';
import type { ScrapeServerOptions } from '../../lib/exposition/http/scrape-server.js';

export const GET = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** Nothing here takes as long; a wait that does is a hang. */
export const HANG_MILLIS = 30_000;

export const sockets: Socket[] = [];
export const servers: { close(): Promise<void> }[] = [];

export async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends a text and reads until the other side, or `until`, ends it. */
export async function talk(port: number, text: string, until = /$^/): Promise<string> {
  const socket = await open(port);
  let answer = '';
  socket.setEncoding('latin1').write(text);
  const timer = setTimeout(() => socket.destroy(), HANG_MILLIS);
  try {
    for await (const part of socket) {
      answer += String(part);
      if (until.test(answer)) break;
    }
  } catch {
    // Reset: what was read until then is the answer.
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  return answer;
}

export const statusOf = async (port: number, target = '/metrics', host = 'localhost'): Promise<number> =>
  Number(
    (await talk(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).slice(9, 12),
  );

export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + HANG_MILLIS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error('it never came true');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

export interface Counted {
  readonly port: number;
  collections: number;
  /** Texts that were begun and not ended. */
  open: number;
}

export type Door = (options: ScrapeServerOptions) => Promise<{ port: number; close(): Promise<void> }>;

/** The ways in that share what bounds their clients. */
export const DOORS: Record<'the endpoint' | 'a handler', Door> = {
  'the endpoint': async options => {
    const server = await startScrapeServer(options);
    return { port: Number(new URL(server.url).port), close: () => server.close() };
  },
  'a handler': async options => {
    const answers = new ScrapeAnswers(options);
    const server = createServer((request, response) => void answers.answer(request, response));
    await new Promise<void>(resolve => server.listen(0, options.host, resolve));
    const close = async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    };
    return { port: (server.address() as AddressInfo).port, close };
  },
};

/** A server whose text has no end, unless `length` says so. */
export async function startCounted(
  options: Partial<ScrapeServerOptions> = {},
  length = Infinity,
  door = DOORS['the endpoint'],
): Promise<Counted> {
  const counted = { port: 0, collections: 0, open: 0 };
  const scrape = (): Promise<Scrape> => {
    counted.collections++;
    return Promise.resolve({
      *chunks() {
        counted.open++;
        try {
          for (let index = 0; index < length; index++) yield Buffer.from(`up{i="${index}"} 1\n`.repeat(4096));
        } finally {
          counted.open--;
        }
      },
    });
  };
  const defaults = {
    host: '127.0.0.1',
    port: 0,
    path: '/metrics',
    scrapesMax: 8,
    answerTimeoutMillis: 60_000,
    gzipLevel: 1,
  };
  const server = await door({ ...defaults, scrape, ...options });
  servers.push(server);
  counted.port = server.port;
  return counted;
}

/** After each test. */
export async function closeAll(): Promise<void> {
  sockets.splice(0).forEach(socket => socket.destroy());
  await Promise.all(servers.splice(0).map(server => server.close()));
}
