// A server whose pages are asked for one after the other: the last one stays.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page, or an answer that is none. */
export type ServedPage = string | ((response: ServerResponse) => void);

export class PageServer {
  asked = 0;
  readonly headers: string[] = [];
  readonly #pages: readonly ServedPage[];
  readonly #server = createServer((request, response) => {
    const page = this.#pages[Math.min(this.asked++, this.#pages.length - 1)] ?? '';
    this.headers.push(request.headers.authorization ?? '');
    this.onRequest(this.asked);
    if (typeof page !== 'string') return page(response);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(page);
  });
  /** Told before the answer to a request, of which number it is. */
  onRequest: (number: number) => void = () => undefined;

  private constructor(pages: readonly ServedPage[]) {
    this.#pages = pages;
  }

  static async start(...pages: ServedPage[]): Promise<PageServer> {
    const server = new PageServer(pages);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/metrics`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
