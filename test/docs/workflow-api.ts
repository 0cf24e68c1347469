import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const PATH = '/apis/argoproj.io/v1alpha1/workflows';

/** As much of a Kubernetes API as a watcher of Workflows asks for: a list with a version, and what changed since one. */
export class WorkflowApi {
  readonly url: string;
  readonly #server: Server;
  readonly #events: { type: string; object: { metadata: { resourceVersion: string } } }[] = [];
  readonly #watching = new Set<ServerResponse>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response: ServerResponse) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
      if (pathname !== PATH) response.writeHead(404).end();
      else if (searchParams.get('watch') === 'true')
        this.#watch(Number(searchParams.get('resourceVersion')), response);
      else response.end(JSON.stringify(this.#list()));
    });
  }

  static async start(): Promise<WorkflowApi> {
    const server = createServer();
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return new WorkflowApi(server);
  }

  get finished(): number {
    return this.#events.length;
  }

  get watchers(): number {
    return this.#watching.size;
  }

  /** A workflow that appears as finished, to lists from now on and to whoever watches. */
  finish(name: string): void {
    const resourceVersion = String(this.#events.length + 1);
    const event = { type: 'ADDED', object: finishedWorkflow(name, resourceVersion) };
    this.#events.push(event);
    for (const response of this.#watching) response.write(`${JSON.stringify(event)}\n`);
  }

  /** Cuts off who watches, in the middle of a line, and does something before anybody can come again. */
  breakOff(meanwhile: () => void): void {
    for (const response of this.#watching) {
      response.write('{"type":"ADD');
      response.destroy();
    }
    this.#watching.clear();
    meanwhile();
  }

  async shutdown(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #list(): object {
    const items = this.#events.map(({ object }) => object);
    return { kind: 'WorkflowList', metadata: { resourceVersion: String(items.length) }, items };
  }

  #watch(since: number, response: ServerResponse): void {
    response.on('close', () => this.#watching.delete(response));
    this.#watching.add(response);
    response.flushHeaders();
    for (const event of this.#events.slice(since)) response.write(`${JSON.stringify(event)}\n`);
  }
}

function finishedWorkflow(name: string, resourceVersion: string): { metadata: { resourceVersion: string } } {
  const times = { startedAt: '2026-01-05T10:00:00Z', finishedAt: '2026-01-05T10:01:00Z' };
  // Without a node it would be one that the controller refused to start.
  const node = {
    ...{
      id: name,
      name,
      displayName: name,
      type: 'Pod',
      templateName: 'main',
      templateScope: `local/${name}`,
    },
    ...{ phase: 'Succeeded', ...times },
  };
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    metadata: {
      name,
      namespace: 'argo',
      uid: `uid-of-${name}`,
      resourceVersion,
      creationTimestamp: times.startedAt,
    },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: { image: 'busybox' } }],
      metrics: {
        prometheus: [
          {
            ...{ name: 'runs_total', help: 'Finished runs', counter: { value: '1' } },
            labels: [{ key: 'status', value: '{{status}}' }],
          },
        ],
      },
    },
    status: { phase: 'Succeeded', ...times, nodes: { [name]: node } },
  } as { metadata: { resourceVersion: string } };
}
