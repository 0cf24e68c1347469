import { BlockList, isIP, isIPv6 } from 'node:net';
import { refuseOption } from '../../guard/option-checks.js';

/** Allows every name. */
const ANY = '*';

/** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port. No user information, no path. */
const AUTHORITY = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]\\%]+)(?::\d*)?$/i;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** What an endpoint listens on, as far as names matter. */
export interface ListeningPlace {
  /** What the user called it. */
  readonly host: string;
  /** The IP address that it came to. */
  readonly address: string;
}

/** Says whether a request that was sent to this authority (`localhost:9464`) is answered. */
export type HostCheck = (authority: string | undefined) => boolean;

/**
 * Against DNS rebinding: a page in the browser of a developer can make a name of its own mean 127.0.0.1, and would then
 * read what is served there. Its requests carry that name. So an endpoint that only this machine can reach answers to the
 * names that always mean this machine, and to those that are allowed; one that listens elsewhere answers to every name,
 * unless a list was given. Ports do not matter: forwarding changes them.
 */
export function hostCheck(allowedHosts: readonly string[] | undefined, place: ListeningPlace): HostCheck {
  if (allowedHosts?.includes(ANY) ?? !isLoopback(bracketed(place.address))) return () => true;
  const names = new Set([place.host, ...(allowedHosts ?? [])].map(name => hostOf(bracketed(name))));
  return authority => {
    const host = authority === undefined ? undefined : hostOf(authority);
    return host !== undefined && (isLoopback(host) || names.has(host));
  };
}

/** @throws MetricStoreError INVALID_OPTION */
export function checkAllowedHosts(value: unknown): void {
  const isName = (name: unknown): boolean =>
    typeof name === 'string' &&
    (name === ANY ||
      isIPv6(name) ||
      (!/\*|:\d*$/.test(name.replace(/^\[.*\]/, '')) && hostOf(name) !== undefined));
  if (value !== undefined && !(Array.isArray(value) && value.every(isName)))
    refuseOption('allowedHosts', 'an array of names and addresses without a port, or "*"', value);
}

/** The host of an authority as a browser writes it: lower case, no trailing dot, the short form of an address. */
export function hostOf(authority: string): string | undefined {
  const name = AUTHORITY.exec(authority)?.[1];
  if (name === undefined || !URL.canParse(`http://${name}`)) return undefined;
  const host = new URL(`http://${name}`).hostname.replace(/\.$/, '');
  return host === '' ? undefined : host;
}

/** "Users are free to use localhost names as they would any other domain names": they all mean this machine (RFC 6761, 6.3). */
function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(address);
  return version !== 0 && LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

function bracketed(name: string): string {
  return isIPv6(name) ? `[${name}]` : name;
}
