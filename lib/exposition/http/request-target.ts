/** What the first line of a request asks for. */
export interface RequestTarget {
  /** As it was sent, without its query. */
  readonly path: string;
  /** Of the absolute form; it counts before the Host header. */
  readonly authority: string | undefined;
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)([^?]*)/i;

/**
 * Reads `/metrics?query`, and the absolute form that clients send to a proxy: "a server MUST accept the absolute-form in
 * requests, even though most HTTP/1.1 clients will only send them in requests to proxies."
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function readTarget(target: string): RequestTarget {
  const [, authority, path] = ABSOLUTE_FORM.exec(target) ?? [];
  if (authority !== undefined) return { path: path === undefined || path === '' ? '/' : path, authority };
  const [bare = ''] = target.split('?', 1);
  return { path: bare, authority: undefined };
}
