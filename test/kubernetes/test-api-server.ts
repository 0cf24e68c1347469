// A server that speaks what an API server speaks of one resource, over real connections: pages of a list as of one version,
// watches from a version on, and whatever a test wants to go wrong.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface TestObject {
  readonly metadata: { readonly uid: string; readonly name: string; resourceVersion?: string };
}

export interface SeenRequest {
  readonly kind: 'list' | 'watch';
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** Answers one request in the place of the server. */
export type Fault = (response: ServerResponse, request: SeenRequest) => void;

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: TestObject;
}

interface Page {
  readonly objects: readonly TestObject[];
  readonly version: number;
}

export class TestApiServer {
  readonly requests: SeenRequest[] = [];
  /** Objects of one version that a page has; more than a client asks for is not given. */
  #changes: Change[] = [];
  readonly #objects = new Map<string, TestObject>();
  readonly #watches = new Set<ServerResponse>();
  readonly #faults: Record<SeenRequest['kind'], Fault[]> = { list: [], watch: [] };
  readonly #routes = new Map<string, Fault>();
  readonly #tokens = new Map<string, Page>();
  readonly #sockets = new Set<Socket>();
  #waiting: { wanted: (request: SeenRequest) => boolean; resolve: (request: SeenRequest) => void }[] = [];
  #version: number;
  /** Older versions are not in the history. */
  #compacted = 0;
  readonly #server: Server;

  private constructor(tls: ServerOptions | undefined, version: number) {
    this.#version = version;
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      this.#answer(request, response);
    this.#server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start({
    tls,
    version = 1000,
  }: { tls?: ServerOptions; version?: number } = {}): Promise<TestApiServer> {
    const server = new TestApiServer(tls, version);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}`);
  }

  get version(): string {
    return `${this.#version}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  /** The object is written, and everybody who watches is told. */
  change(type: Change['type'], object: TestObject): void {
    this.#version++;
    const written = { ...object, metadata: { ...object.metadata, resourceVersion: this.version } };
    if (type === 'DELETED') this.#objects.delete(object.metadata.uid);
    else this.#objects.set(object.metadata.uid, written);
    const change = { type, version: this.#version, object: written };
    this.#changes.push(change);
    for (const watch of this.#watches) watch.write(lineOf(change));
  }

  /** What was written so far is not in the history any more. */
  compact(): void {
    this.#compacted = this.#version;
    this.#changes = [];
    this.#tokens.clear();
  }

  /** The next request of that kind is answered so. */
  fault(kind: SeenRequest['kind'], ...faults: Fault[]): void {
    this.#faults[kind].push(...faults);
  }

  /** All requests of this path are answered so, as those of another resource. */
  route(path: string, answer: Fault): void {
    this.#routes.set(path, answer);
  }

  /** Resolves with the next request that is wanted. */
  asked(wanted: (request: SeenRequest) => boolean): Promise<SeenRequest> {
    return new Promise(resolve => this.#waiting.push({ wanted, resolve }));
  }

  /** Who watches has taken all there is: only then does it come back with this version. What is destroyed may lose some. */
  async caughtUp(end: 'end' | 'destroy' = 'end'): Promise<void> {
    for (let how = end; ; how = 'end') {
      const back = this.asked(({ kind }) => kind === 'watch');
      this.endWatches(how);
      if ((await back).query.get('resourceVersion') === this.version) return;
    }
  }

  endWatches(end: 'end' | 'destroy' = 'end'): void {
    for (const watch of this.#watches) watch[end]();
    this.#watches.clear();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://server');
    const kind = query.has('watch') ? 'watch' : 'list';
    const seen: SeenRequest = { kind, path: pathname, query, headers: request.headers };
    this.requests.push(seen);
    const fault = this.#routes.get(pathname) ?? this.#faults[kind].shift();
    if (fault) fault(response, seen);
    else if (kind === 'list') this.#list(query, response);
    else this.#watch(query, response);
    for (const { wanted, resolve } of this.#waiting) if (wanted(seen)) resolve(seen);
    this.#waiting = this.#waiting.filter(({ wanted }) => !wanted(seen));
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const token = query.get('continue');
    const limit = Number(query.get('limit') ?? Infinity);
    const sorted = (): TestObject[] =>
      [...this.#objects.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const page = token === null ? { objects: sorted(), version: this.#version } : this.#tokens.get(token);
    if (page === undefined) return statusFault(410, 'Expired')(response);
    const rest = { objects: page.objects.slice(limit), version: page.version };
    const next = rest.objects.length === 0 ? undefined : `token-${this.#tokens.size}`;
    if (next !== undefined) this.#tokens.set(next, rest);
    const metadata = { ...(next !== undefined && { continue: next }), resourceVersion: `${page.version}` };
    json(response, 200, {
      apiVersion: 'argoproj.io/v1alpha1',
      items: page.objects.slice(0, limit),
      kind: 'WorkflowList',
      metadata,
    });
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    if (from < this.#compacted) return statusFault(410, 'Expired')(response);
    begin(response);
    for (const change of this.#changes) if (change.version > from) response.write(lineOf(change));
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
  }
}

function lineOf({ type, object }: Change): string {
  return `${JSON.stringify({ type, object })}\n`;
}

/** Headers of a watch; its lines follow. */
export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
}

export function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** A Status as Kubernetes writes one. */
export function statusOf(
  code: number,
  reason: string,
  details: object = {},
  message = `it is ${reason}`,
): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, details, code };
}

export function statusFault(
  code: number,
  reason: string,
  headers: object = {},
  details: object = {},
): (response: ServerResponse) => void {
  return response => json(response, code, statusOf(code, reason, details), headers);
}

/** An ERROR event on an answer that began well. */
export function errorEvent(
  code: number,
  reason: string,
  details: object = {},
): (response: ServerResponse) => void {
  return response => {
    begin(response);
    response.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(code, reason, details) })}\n`);
  };
}
