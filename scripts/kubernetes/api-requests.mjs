// What a client asks an API server for, over TLS and with a certificate of its own.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

const PATIENCE_MILLIS = 30_000;

/** An answer that is no success. */
export class RefusedRequest extends Error {
  constructor(what, status, text) {
    super(`${what}: ${status} ${text.slice(0, 500)}`);
    this.status = status;
  }
}

export class ApiRequests {
  #agent;
  #port;

  constructor(folder, port, { sockets = 8 } = {}) {
    const read = name => readFileSync(join(folder, name));
    const certificates = { ca: read('ca.crt'), cert: read('admin.crt'), key: read('admin.key') };
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets, ...certificates });
    this.#port = port;
  }

  close() {
    this.#agent.destroy();
  }

  /** 0: nobody answers. */
  async status(path) {
    try {
      return (await this.#ask('GET', path)).status;
    } catch {
      return 0;
    }
  }

  /** @throws RefusedRequest */
  async json(method, path, body) {
    const { status, text } = await this.#ask(method, path, body);
    if (status >= 300) throw new RefusedRequest(`${method} ${path}`, status, text);
    return JSON.parse(text);
  }

  async #ask(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const asked = request({
      ...{ agent: this.#agent, host: '127.0.0.1', port: this.#port, method, path, headers },
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    asked.end(text);
    const [response] = await once(asked, 'response');
    let answer = '';
    for await (const piece of response.setEncoding('utf8')) answer += piece;
    return { status: response.statusCode, text: answer };
  }
}
