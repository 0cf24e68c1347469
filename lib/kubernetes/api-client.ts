// GET requests to an API server, and nothing else: pages of a list, and the lines of a watch. Every wait ends, nothing is held
// that a server makes longer than it may be, and no redirect is followed: it would take the credentials along.
import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import type { SecureContextOptions } from 'node:tls';
import { unref } from '../guard/deadline.js';
import { ApiError, SilenceError } from './api-error.js';

/** What one request needs beside its path. */
export interface Credentials extends SecureContextOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Name and password. */
  readonly auth?: string;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
  /** Where a proxy stands between; its connections are not kept. */
  readonly agent?: Agent;
}

/** Where the API server is, and who asks. */
export interface Access {
  readonly server: URL;
  /** The namespace that whoever asks lives in, if that is known. */
  readonly namespace: string | undefined;
  /** Asked before each request: what they are may change at any time. */
  credentials(): Promise<Credentials>;
  /** They were refused. Whether there are others by now, so that it is worth asking again at once. */
  refused(): Promise<boolean>;
}

export interface ApiLimits {
  /** For an answer to begin, and for it to go on. */
  readonly silenceMillis: number;
  /** For all of a page. */
  readonly pageMillis: number;
  /** Of a page, whatever is in it: some servers do not know pages. */
  readonly pageBytes: number;
  /** Of one object. etcd refuses those of more than 1.5 MB by default. */
  readonly objectBytes: number;
}

export const API_LIMITS: ApiLimits = {
  silenceMillis: 30_000,
  pageMillis: 300_000,
  pageBytes: 4 * 1024 ** 3,
  objectBytes: 16 * 1024 ** 2,
};

/** A connection that is dead is noticed by the kernel's own packets, also where nothing is sent for a long time. */
const KEEP_ALIVE_MILLIS = 15_000;
/** Of an answer that is none that was asked for. A Status is shorter. */
const REFUSAL_BYTES_MAX = 64 * 1024;

export class ApiClient {
  readonly #access: Access;
  readonly #userAgent: string;
  readonly #agent: Agent;
  readonly limits: ApiLimits;

  constructor(access: Access, userAgent: string, limits: Partial<ApiLimits> = {}) {
    this.#access = access;
    this.#userAgent = userAgent;
    this.limits = { ...API_LIMITS, ...limits };
    const { Agent } = protocolOf(access.server);
    this.#agent = new Agent({ keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MILLIS });
  }

  /** Ends connections that are kept for later. */
  close(): void {
    this.#agent.destroy();
  }

  refused(): Promise<boolean> {
    return this.#access.refused();
  }

  /**
   * The bytes of an answer that is read to its end.
   *
   * @throws ApiError, SilenceError, and what a connection throws
   */
  page(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const { pageMillis, silenceMillis, pageBytes } = this.limits;
    return this.#read(path, signal, { millis: pageMillis, silenceMillis, bytesMax: pageBytes });
  }

  /**
   * The bytes of an answer that goes on until the server ends it, or `lifeMillis` are over.
   *
   * @param onAnswer told when the answer begins, which may be long before its first byte
   * @throws ApiError, SilenceError, and what a connection throws
   */
  stream(
    path: string,
    lifeMillis: number,
    signal: AbortSignal,
    onAnswer?: () => void,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const bounds = { millis: lifeMillis, silenceMillis: Infinity, bytesMax: Infinity };
    return this.#read(path, signal, bounds, onAnswer);
  }

  async *#read(
    path: string,
    signal: AbortSignal,
    bounds: { millis: number; silenceMillis: number; bytesMax: number },
    onAnswer?: () => void,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const response = await this.#open(path, signal);
    onAnswer?.();
    const end = endAfter(response, bounds.millis, `not at its end after ${bounds.millis / 1000} s`);
    // A request that is answered does not listen to its signal any more.
    const abort = (): unknown => response.destroy();
    signal.addEventListener('abort', abort);
    let silence: NodeJS.Timeout | undefined;
    let byteLength = 0;
    try {
      signal.throwIfAborted();
      const { silenceMillis } = bounds;
      if (silenceMillis !== Infinity)
        silence = endAfter(response, silenceMillis, `nothing came for ${silenceMillis / 1000} s`);
      for await (const piece of response as AsyncIterable<Uint8Array>) {
        silence?.refresh();
        byteLength += piece.length;
        if (byteLength > bounds.bytesMax)
          throw new ApiError(0, `the answer is longer than ${bounds.bytesMax} bytes`);
        yield piece;
      }
    } finally {
      clearTimeout(end);
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      // Who leaves early does not want the rest. Of what was read to its end the connection is kept.
      response.destroy();
    }
  }

  /** An answer that is one of JSON. */
  async #open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#request(path, await this.#credentials(signal), signal);
    const { statusCode = 0, headers } = response;
    if (statusCode < 200 || statusCode > 299) {
      const body = await refusalOf(response, this.limits.silenceMillis);
      const to = headers.location === undefined ? '' : 'it redirects, which is not followed';
      throw new ApiError(statusCode, to || body, headers['retry-after']);
    }
    const encoding = headers['content-encoding'] ?? 'identity';
    const type = headers['content-type'] ?? '';
    const isJson = /^application\/json\s*(?:;|$)/i.test(type);
    if (isJson && encoding === 'identity') return response;
    response.destroy();
    const what = isJson ? `encoded as ${encoding}` : type === '' ? 'without a type' : `of type ${type}`;
    throw new ApiError(0, `the answer is ${what}, not JSON: is this an API server?`);
  }

  /** A plugin of a kubeconfig may take any time, or forever. */
  async #credentials(signal: AbortSignal): Promise<Credentials> {
    const { silenceMillis } = this.limits;
    let timer: NodeJS.Timeout | undefined;
    let abort = (): void => undefined;
    const givenUp = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no credentials in ${silenceMillis / 1000} s`)),
        silenceMillis,
      );
      unref(timer);
      abort = () => reject(new Error('it is over'));
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
    });
    try {
      return await Promise.race([givenUp, this.#access.credentials()]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  #request(path: string, credentials: Credentials, signal: AbortSignal): Promise<IncomingMessage> {
    const { server } = this.#access;
    const { headers, ...rest } = credentials;
    const options: RequestOptions = {
      ...rest,
      agent: rest.agent ?? this.#agent,
      host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: server.port === '' ? undefined : server.port,
      // A server may stand below a path, as those of a gateway do.
      path: `${server.pathname.replace(/\/+$/, '')}${path}`,
      method: 'GET',
      signal,
      headers: {
        ...headers,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': this.#userAgent,
      },
    };
    const { silenceMillis } = this.limits;
    return new Promise((resolve, reject) => {
      const request = protocolOf(server).request(options, response => {
        clearTimeout(timer);
        resolve(response);
      });
      const late = (): unknown => request.destroy(new SilenceError(`no answer in ${silenceMillis / 1000} s`));
      const timer = setTimeout(late, silenceMillis);
      unref(timer);
      request.on('socket', socket => {
        socket.setKeepAlive(true, KEEP_ALIVE_MILLIS);
        socket.unref();
      });
      request.on('error', error => {
        clearTimeout(timer);
        reject(error);
      });
      request.end();
    });
  }
}

/** Not imported: where there is no WebAssembly, Node 22.12 fails to import what `node:http` exports. */
function protocolOf({ protocol }: URL) {
  return protocol === 'http:'
    ? process.getBuiltinModule('node:http')
    : process.getBuiltinModule('node:https');
}

function endAfter(response: IncomingMessage, millis: number, why: string): NodeJS.Timeout {
  const timer = setTimeout(() => response.destroy(new SilenceError(why)), millis);
  unref(timer);
  return timer;
}

/** A Status, or the begin of whatever it is. Empty where that does not come. */
async function refusalOf(response: IncomingMessage, millis: number): Promise<unknown> {
  const timer = endAfter(response, millis, 'nothing more came');
  const parts: Uint8Array[] = [];
  let byteLength = 0;
  try {
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      parts.push(piece);
      byteLength += piece.length;
      if (byteLength > REFUSAL_BYTES_MAX) break;
    }
  } catch {
    // What came is enough to say something.
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
  const text = Buffer.concat(parts).toString('utf8', 0, REFUSAL_BYTES_MAX);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
