// A ConfigMap on a TestApiServer, as an API server has it: read by its name, watched by its name.
import type { ServerResponse } from 'node:http';
import {
  begin,
  errorEvent,
  json,
  statusFault,
  type Fault,
  type SeenRequest,
  type TestApiServer,
} from './test-api-server.js';

const NAMESPACE = 'argo';
const NAME = 'settings';
const PATH = `/api/v1/namespaces/${NAMESPACE}/configmaps`;

export class TestConfigMap {
  /** What was asked for, without its version. */
  readonly asked: string[] = [];
  /** Answers the next requests in its place. */
  readonly faults: Record<'get' | 'watch', Fault[]> = { get: [], watch: [] };
  readonly #watches = new Set<ServerResponse>();
  readonly #changes: { readonly version: number; readonly line: string }[] = [];
  #version = 10;
  /** Who asks for what comes behind an older one is refused. */
  #oldest = 0;
  #object: object | undefined;

  constructor(server: TestApiServer) {
    server.route(`${PATH}/${NAME}`, response => this.#get(response));
    server.route(PATH, (response, request) => this.#watch(response, request));
  }

  /** Undefined: it is deleted. */
  write(data: Readonly<Record<string, string>> | undefined): void {
    const type = data === undefined ? 'DELETED' : this.#object === undefined ? 'ADDED' : 'MODIFIED';
    this.#version++;
    const metadata = { name: NAME, namespace: NAMESPACE, resourceVersion: `${this.#version}` };
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata, data };
    this.#object = data === undefined ? undefined : object;
    const line = `${JSON.stringify({ type, object })}\n`;
    this.#changes.push({ version: this.#version, line });
    for (const watch of this.#watches) watch.write(line);
  }

  /** As a server that was started anew: others have written, and it has no history. */
  forget(): void {
    this.#version += 5;
    this.#oldest = this.#version;
    this.endWatches();
  }

  endWatches(): void {
    for (const watch of this.#watches) watch.end();
    this.#watches.clear();
  }

  #get(response: ServerResponse): void {
    this.asked.push('get');
    const fault = this.faults.get.shift();
    if (fault !== undefined) fault(response, NO_REQUEST);
    else if (this.#object === undefined) statusFault(404, 'NotFound')(response);
    else json(response, 200, this.#object);
  }

  #watch(response: ServerResponse, request: SeenRequest): void {
    const { query } = request;
    this.asked.push(`${query.get('watch') === '1' ? 'watch' : 'list'} ${query.get('fieldSelector') ?? ''}`);
    const fault = this.faults.watch.shift();
    if (fault !== undefined) return fault(response, request);
    const from = query.get('resourceVersion');
    if (from !== null && Number(from) < this.#oldest) return errorEvent(410, 'Expired')(response);
    begin(response);
    if (from === null && this.#object !== undefined)
      response.write(`${JSON.stringify({ type: 'ADDED', object: this.#object })}\n`);
    for (const { version, line } of this.#changes)
      if (version > Number(from ?? this.#version)) response.write(line);
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
  }
}

const NO_REQUEST: SeenRequest = { kind: 'list', path: '', query: new URLSearchParams(), headers: {} };
