/** One media range of an `Accept` header: a type, or a wildcard, and how much it is wanted. */
export interface MediaRange {
  /** Lower case, such as `text/plain`, or a wildcard. */
  readonly type: string;
  /** Names in lower case; values without their quotes. Without the quality. */
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

/** A token (RFC 9110, 5.6.2) with a slash in it. */
const MEDIA_TYPE = /^[!#$%&'*+\-.^_`|~\da-z]+\/[!#$%&'*+\-.^_`|~\da-z]+$/;
const QUALITY = /^(?:0(?:\.\d*)?|1(?:\.0*)?|\.\d+)$/;

/**
 * Reads an `Accept` header as far as it is one: what is no media range is left out. One pass over the text, whatever is in it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.accept
 */
export function parseAccept(header: string): MediaRange[] {
  return splitOutsideQuotes(header, ',').flatMap(item => {
    const [type = '', ...parts] = splitOutsideQuotes(item, ';').map(part => part.trim());
    const parameters = new Map<string, string>();
    for (const part of parts) {
      const equals = part.indexOf('=');
      if (equals > 0)
        parameters.set(part.slice(0, equals).trim().toLowerCase(), unquoted(part.slice(equals + 1).trim()));
    }
    const quality = parameters.get('q') ?? '1';
    parameters.delete('q');
    if (!MEDIA_TYPE.test(type.toLowerCase()) || !QUALITY.test(quality)) return [];
    return [{ type: type.toLowerCase(), parameters, quality: Number(quality) }];
  });
}

/** A quoted string that does not end goes to the end of the text. */
function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) index++;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1')
    : value;
}
