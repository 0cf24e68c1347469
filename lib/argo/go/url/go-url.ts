// URLs as Go's `net/url` reads and writes them, which is not as browsers and Node.js do: nothing is normalized but the
// scheme, and a text without a scheme is a URL too. All texts are byte texts.
import { EvaluationError } from '../evaluation-error.js';
import { BoundedText } from '../../budget/evaluation-limits.js';
import { quoteGo } from '../text/quote.js';
import { ofByteText } from '../text/go-text.js';
import { escapeUrl, unescapeUrl } from './url-escape.js';
import { parseHost } from './url-host.js';

export interface GoUrl {
  readonly scheme: string;
  /** What follows a scheme without a slash; then there is neither host nor path. */
  readonly opaque: string;
  /** As it is written before the `@`; undefined when there is no `@`. */
  readonly userinfo: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

const EMPTY: GoUrl = {
  scheme: '',
  opaque: '',
  userinfo: undefined,
  host: '',
  path: '',
  query: '',
  fragment: '',
};

/** Before the first of these, a colon ends a scheme. */
const SCHEME = /^(?:([A-Za-z][\dA-Za-z+.-]*)|):/;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\0-\x1f\x7f]/;
const USERINFO = /^[\w\-.:~!$&'()*+,;=%@]*$/;

/** @throws EvaluationError in the words of Go. */
export function parseUrl(text: string): GoUrl {
  const [before, fragment] = cut(text, '#');
  const url = naming(before, () => parseWithoutFragment(before));
  return naming(text, () => ({ ...url, fragment: unescapeUrl(fragment, 'fragment') }));
}

/** Go's words name the URL. */
function naming<T>(url: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`parse ${quoteGo(ofByteText(url))}: ${error.message}`);
  }
}

function parseWithoutFragment(text: string): GoUrl {
  if (CONTROL.test(text)) throw new EvaluationError('net/url: invalid control character in URL');
  if (text === '*') return { ...EMPTY, path: '*' };
  const [whole = '', name = ''] = SCHEME.exec(text) ?? [];
  if (whole === ':') throw new EvaluationError('missing protocol scheme');
  const scheme = name.toLowerCase();
  const [rest, query] = cut(text.slice(whole.length), '?');
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...EMPTY, scheme, query, opaque: rest };
    if (cut(rest, '/')[0].includes(':'))
      throw new EvaluationError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) return { ...EMPTY, scheme, query, path: unescapeUrl(rest, 'path') };
  const [authority] = cut(rest.slice(2), '/');
  const named = parseAuthority(scheme, authority);
  return { ...EMPTY, scheme, query, ...named, path: unescapeUrl(rest.slice(2 + authority.length), 'path') };
}

function parseAuthority(scheme: string, authority: string): Pick<GoUrl, 'host' | 'userinfo'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { host, userinfo: undefined };
  const text = authority.slice(0, at);
  if (!USERINFO.test(text)) throw new EvaluationError('net/url: invalid userinfo');
  // The first colon ends the name; what follows is the password.
  const [name, password] = cut(text, ':');
  const parts = text.includes(':') ? [name, password] : [name];
  return {
    host,
    userinfo: parts.map(part => escapeUrl(unescapeUrl(part, 'userinfo'), 'userinfo')).join(':'),
  };
}

/**
 * The URL as text. What stands in the host, the path and the fragment is escaped; the scheme, the query and what is opaque
 * are taken as they are.
 */
export function formatUrl({ scheme, opaque, userinfo, host, path, query, fragment }: GoUrl): string {
  const out = new BoundedText();
  if (scheme !== '') out.add(`${scheme}:`);
  if (opaque !== '') out.add(opaque);
  else {
    const hasUser = userinfo !== undefined;
    if (host !== '' || hasUser || (scheme !== '' && path !== '')) out.add('//');
    if (hasUser) out.add(`${userinfo}@`);
    out.add(escapeUrl(host, 'host'));
    out.add(formatPath(path, host, scheme === '' && host === '' && !hasUser));
  }
  if (query !== '') out.add(`?${query}`);
  if (fragment !== '') out.add(`#${escapeUrl(fragment, 'fragment')}`);
  return out.toString();
}

function formatPath(path: string, host: string, isFirst: boolean): string {
  const escaped = path === '*' ? path : escapeUrl(path, 'path');
  if (host !== '' && escaped !== '' && !escaped.startsWith('/')) return `/${escaped}`;
  // Otherwise what stands before the colon would be a scheme.
  return isFirst && cut(escaped, '/')[0].includes(':') ? `./${escaped}` : escaped;
}

/** What stands before the separator and what after it. */
function cut(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
