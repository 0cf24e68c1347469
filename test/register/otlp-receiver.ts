// A receiver of OTLP in JSON over HTTP, which remembers what it was sent: the exporters in the tests are the real ones.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';

interface Value {
  readonly stringValue?: string;
}
interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly asDouble?: number;
  readonly asInt?: number | string;
}
interface Request {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: Point['attributes'] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly Point[] };
        readonly gauge?: { readonly dataPoints: readonly Point[] };
      }[];
    }[];
  }[];
}

export class OtlpReceiver {
  readonly requests: Request[] = [];
  /** Told of each, also of those that get no answer. */
  onRequest: (request: IncomingMessage) => void = () => undefined;
  readonly #server: Server;

  /** @param answers false: it takes connections and never answers */
  constructor(answers = true) {
    this.#server = createServer((request, response) => {
      this.onRequest(request);
      if (answers) void this.#take(request).then(() => response.end('{}'));
    });
  }

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The last value of each point of a metric, by its attributes. */
  values(name: string): Record<string, number> {
    const points = this.requests
      .flatMap(({ resourceMetrics }) => resourceMetrics)
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics)
      .filter(metric => metric.name === name)
      .flatMap(({ sum, gauge }) => [...(sum?.dataPoints ?? []), ...(gauge?.dataPoints ?? [])]);
    return Object.fromEntries(
      points.map(({ attributes, asDouble, asInt }) => [
        attributes.map(({ value }) => value.stringValue).join(),
        Number(asDouble ?? asInt),
      ]),
    );
  }

  /** Of the last request. */
  resource(): Record<string, string | undefined> {
    const attributes = this.requests.at(-1)?.resourceMetrics[0]?.resource.attributes ?? [];
    return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  }

  async #take(request: IncomingMessage): Promise<void> {
    this.requests.push((await json(request)) as Request);
  }
}
