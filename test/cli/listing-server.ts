// A server that answers lists of several resources, in pages, and whatever else a test wants of one of them.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, statusFault } from '../kubernetes/test-api-server.js';

type Answer = (response: ServerResponse) => void;

export class ListingServer {
  /** Paths with their queries, as they were asked for. */
  readonly asked: string[] = [];
  readonly #objects = new Map<string, readonly object[]>();
  readonly #answers = new Map<string, Answer[]>();
  readonly #server = createServer((request, response) => this.#answer(request.url ?? '', response));

  static async start(): Promise<ListingServer> {
    const server = new ListingServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** @param path behind the version: `workflows`, or `namespaces/a/workflows` */
  has(path: string, ...objects: object[]): void {
    this.#objects.set(path, objects);
  }

  /** The next requests for that path are answered so. */
  answers(path: string, ...answers: Answer[]): void {
    this.#answers.set(path, answers);
  }

  #answer(url: string, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://server');
    const path = pathname.replace('/apis/argoproj.io/v1alpha1/', '');
    this.asked.push(`${path}${searchParams.has('continue') ? ' …' : ''}`);
    const answer = this.#answers.get(path)?.shift();
    if (answer !== undefined) return answer(response);
    const objects = this.#objects.get(path);
    if (objects === undefined) return json(response, 200, { kind: 'WorkflowList', items: [], metadata: {} });
    const from = Number(searchParams.get('continue') ?? 0);
    const to = from + Number(searchParams.get('limit'));
    const metadata = to < objects.length ? { continue: `${to}` } : {};
    json(response, 200, { kind: 'WorkflowList', items: objects.slice(from, to), metadata });
  }
}

export const forbidden = statusFault(403, 'Forbidden');
export const notFound = statusFault(404, 'NotFound');
export const expired = statusFault(410, 'Expired');
export const busy = statusFault(429, 'TooManyRequests');
