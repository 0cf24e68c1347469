// Percent-encoding as Go's `net/url` has it: each part of a URL has characters of its own that stay as they are. All
// texts are byte texts: one character for each byte.
import { EvaluationError } from '../evaluation-error.js';
import { checkTextLength } from '../../budget/evaluation-limits.js';
import { quoteGo } from '../text/quote.js';
import { ofByteText } from '../text/go-text.js';

export type UrlPart = 'path' | 'fragment' | 'userinfo' | 'host' | 'zone';

const HOST = '\\w\\-.~!$&\'()*+,;=:[\\]<>"';
const NAMED = '\\w\\-.~$&+,;=';

/** What a writer leaves as it is, as the inside of a character class. */
const KEPT: Readonly<Record<UrlPart, string>> = {
  path: `${NAMED}/:@`,
  fragment: `${NAMED}/:?@!()*`,
  userinfo: NAMED,
  host: HOST,
  zone: HOST,
};

const MALFORMED = '%(?![\\dA-Fa-f]{2})';
/** The escapes of what a host may have anyway, of the space and of the percent sign: all that a zone may have. */
const ZONE_ESCAPES = Array.from({ length: 128 }, (_, byte) => byte)
  .filter(byte => new RegExp(`[ %${HOST}]`).test(String.fromCharCode(byte)))
  .map(byte => byte.toString(16))
  .join('|');
const NOT_IN_HOSTS = `[^%\\x80-\\xff${HOST}]`;

/** What a reader refuses. In a host only bytes that are not ASCII, and the percent sign of a zone, can be escaped. */
const REFUSED: Readonly<Record<UrlPart, RegExp>> = {
  path: new RegExp(MALFORMED),
  fragment: new RegExp(MALFORMED),
  userinfo: new RegExp(MALFORMED),
  host: new RegExp(`%(?!25|[89A-Fa-f][\\dA-Fa-f])|${NOT_IN_HOSTS}`),
  zone: new RegExp(`%(?!${ZONE_ESCAPES})|${NOT_IN_HOSTS}`, 'i'),
};

const ESCAPED = Object.fromEntries(
  Object.entries(KEPT).map(([part, kept]) => [part, new RegExp(`[^${kept}]`, 'g')]),
) as Readonly<Record<UrlPart, RegExp>>;

/** @throws EvaluationError when the result is longer than a text may be. */
export function escapeUrl(byteText: string, part: UrlPart): string {
  const escaped = byteText.replace(
    ESCAPED[part],
    character => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  checkTextLength(escaped.length);
  return escaped;
}

/** @throws EvaluationError in the words of Go. */
export function unescapeUrl(byteText: string, part: UrlPart): string {
  const refused = REFUSED[part].exec(byteText);
  if (refused) throw new EvaluationError(describe(byteText.slice(refused.index, refused.index + 3)));
  return byteText.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

function describe(refused: string): string {
  if (refused.startsWith('%')) return `invalid URL escape ${quoteGo(ofByteText(refused))}`;
  return `invalid character ${quoteGo(refused.slice(0, 1))} in host name`;
}
