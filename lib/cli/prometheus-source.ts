// The bytes of a Prometheus text: of a URL, of a file or of the standard input. Nothing is kept of them, whoever sends them
// goes no faster than they are read, and what hangs is given up.
import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import type { RunContext } from './run-context.js';

export interface PrometheusSource {
  /** `http:` or `https:`, a path, or `-` for the standard input. */
  readonly place: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Of the whole answer of a URL. */
  readonly timeoutMillis: number;
}

const REDIRECTS_MAX = 5;
/** Not compressed: of a gzip that is cut, fetch gives what there is as if it were all. */
const HEADERS: readonly [name: string, value: string][] = [
  ['accept', 'text/plain;version=0.0.4;q=0.9,*/*;q=0.1'],
  ['accept-encoding', 'identity'],
];

export function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/**
 * @param tellType told of the content type of a URL, if it has one
 * @throws Error with the place and the reason
 */
export async function* readPrometheusSource(
  source: PrometheusSource,
  { stdin, signal }: RunContext,
  tellType: (contentType: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { place } = source;
  try {
    if (isUrl(place)) yield* fetched(source, signal, tellType);
    else {
      const stream = place === '-' ? stdin : createReadStream(place);
      yield* addAbortSignal(signal, stream) as AsyncIterable<Uint8Array>;
    }
  } catch (cause) {
    if (signal.aborted) return;
    throw new Error(`${place === '-' ? 'stdin' : place}: ${reasonOf(cause, source)}`, { cause });
  }
}

async function* fetched(
  source: PrometheusSource,
  signal: AbortSignal,
  tellType: (contentType: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const deadline = AbortSignal.timeout(source.timeoutMillis);
  const response = await answerOf(source, AbortSignal.any([deadline, signal]));
  const { body, headers } = response;
  tellType(headers.get('content-type') ?? '');
  if (body === null) return;
  // Leaving it early ends the connection.
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) yield chunk;
}

/** Follows redirects within the host: whoever is asked must not choose who else is. */
async function answerOf({ place, headers }: PrometheusSource, signal: AbortSignal): Promise<Response> {
  let url = new URL(place);
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, {
      headers: [...HEADERS, ...headers.map(([name, value]): [string, string] => [name, value])],
      redirect: 'manual',
      signal,
    });
    if (response.ok) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null)
      throw new Refusal(`answered ${response.status}${hintOf(response.status)}`);
    const next = new URL(location, url);
    if (next.host !== url.host || (next.protocol !== url.protocol && next.protocol !== 'https:'))
      throw new Refusal(`redirects to another host, ${next.protocol}//${next.host}`);
    if (redirects >= REDIRECTS_MAX) throw new Refusal(`redirects more than ${REDIRECTS_MAX} times`);
    url = next;
  }
}

/** Whoever answered did so with something else. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

function hintOf(status: number): string {
  if (status === 401 || status === 403)
    return ": it wants to know who asks, which --header 'Authorization: …' says";
  return status === 404 ? ': is the path right? Most endpoints have /metrics' : '';
}

function reasonOf(error: unknown, { place, timeoutMillis }: PrometheusSource): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no whole answer within ${timeoutMillis / 1000} s (--timeout)`;
  const { cause } = error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' && /^[\w.-]+:\d+/.test(place))
    return `no such file; for a URL, write http://${place}`;
  // What fetch says of a connection stands in the cause.
  return cause instanceof Error ? cause.message || codeOf(cause) : error.message;
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}
