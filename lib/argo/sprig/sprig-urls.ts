// Sprig's functions on URLs.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, ValueMap } from '../go/value/value.js';
import { goFunction, goKindOf } from '../go/value/go-function.js';
import { ofByteText, toByteText } from '../go/text/go-text.js';
import { formatUrl, parseUrl } from '../go/url/go-url.js';
import type { GoUrl } from '../go/url/go-url.js';
import { hostnameOf } from '../go/url/url-host.js';

export const URL_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  urlParse: goFunction(['string'], text => {
    const url = explaining('unable to parse url', () => parseUrl(toByteText(text)));
    return new Map(
      Object.entries({ ...url, userinfo: url.userinfo ?? '', hostname: hostnameOf(url.host) }).map(
        ([key, byteText]) => [key, ofByteText(byteText)],
      ),
    );
  }),
  urlJoin: goFunction(['map'], members => {
    const [scheme, host, path, query, opaque, fragment, userinfo] = [
      'scheme',
      'host',
      'path',
      'query',
      'opaque',
      'fragment',
      'userinfo',
    ].map(key => textAt(members, key)) as [string, string, string, string, string, string, string];
    const url: GoUrl = { scheme, host, path, query, opaque, fragment, userinfo: userinfoOf(userinfo) };
    return ofByteText(formatUrl(url));
  }),
};

function userinfoOf(text: string): string | undefined {
  if (text === '') return undefined;
  return explaining('unable to parse userinfo in dict', () => parseUrl(`proto://${text}@host`).userinfo);
}

function explaining<T>(complaint: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`${complaint}: ${error.message}`);
  }
}

/** As a byte text; the empty one for what is not there. */
function textAt(members: ValueMap, key: string): string {
  const value = members.get(key);
  if (value === undefined) return '';
  if (value === null)
    throw new EvaluationError('runtime error: invalid memory address or nil pointer dereference');
  if (typeof value === 'string') return toByteText(value);
  throw new EvaluationError(
    `unable to parse ${key} key, must be of type string, but ${goKindOf(value)} found`,
  );
}
