// The host of a URL as Go's `net/url` reads it. All texts are byte texts.
import { EvaluationError } from '../evaluation-error.js';
import { quoteGo } from '../text/quote.js';
import { ofByteText } from '../text/go-text.js';
import { unescapeUrl } from './url-escape.js';

const PORT = /^(?::\d*)?$/;
const IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const GROUP = /^[\dA-Fa-f]{1,4}$/;
const GROUPS = 8;

/**
 * @param scheme in lower case: several ports are for databases, not for the web.
 * @throws EvaluationError in the words of Go.
 */
export function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new EvaluationError('invalid IP-literal');
  if (bracket === 0) return parseLiteral(host);
  const isWeb = scheme === 'http' || scheme === 'https';
  const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapeUrl(host, 'host');
}

/** The host without its port, and without the brackets of an address. */
export function hostnameOf(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon >= 0 && PORT.test(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

function checkPort(text: string): void {
  if (!PORT.test(text)) throw new EvaluationError(`invalid port ${quoteGo(ofByteText(text))} after host`);
}

/** `[fe80::1%25en0]:80` */
function parseLiteral(host: string): string {
  const end = host.lastIndexOf(']');
  if (end < 0) throw new EvaluationError("missing ']' in host");
  const port = host.slice(end + 1);
  checkPort(port);
  const literal = host.slice(1, end);
  const zoneIndex = literal.indexOf('%25');
  const address =
    zoneIndex < 0
      ? unescapeUrl(literal, 'host')
      : unescapeUrl(literal.slice(0, zoneIndex), 'host') + unescapeUrl(literal.slice(zoneIndex), 'zone');
  if (IPV4.test(address)) throw new EvaluationError('invalid IP-literal');
  if (!isIpv6(address)) {
    // Go says more about some addresses.
    const detail = `ParseAddr(${quoteGo(ofByteText(address))}): unable to parse IP`;
    throw new EvaluationError(`invalid host: ${detail}`);
  }
  return `[${address}]${port}`;
}

function isIpv6(text: string): boolean {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return false;
  const halves = (percent < 0 ? text : text.slice(0, percent)).split('::');
  const groups = halves.map(half => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  // An IPv4 address at the end stands for two groups.
  if (last && IPV4.test(last.at(-1) ?? '')) last.splice(-1, 1, '0', '0');
  const all = groups.flat();
  if (!all.every(group => GROUP.test(group))) return false;
  return halves.length === 2 ? all.length < GROUPS : halves.length === 1 && all.length === GROUPS;
}
