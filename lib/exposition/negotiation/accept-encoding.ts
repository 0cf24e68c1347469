/**
 * Says whether an `Accept-Encoding` header admits gzip. A coding that is named counts before `*`, and a quality of 0
 * means no.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding
 */
export function acceptsGzip(header: string | undefined): boolean {
  let anyCoding = false;
  for (const item of (header ?? '').split(',')) {
    const [coding = '', ...parameters] = item.split(';').map(part => part.trim().toLowerCase());
    if (coding === 'gzip' || coding === 'x-gzip') return isWanted(parameters);
    if (coding === '*') anyCoding = isWanted(parameters);
  }
  return anyCoding;
}

function isWanted(parameters: readonly string[]): boolean {
  const quality = parameters.find(parameter => /^q\s*=/.test(parameter));
  return quality === undefined || Number(quality.replace(/^q\s*=/, '')) > 0;
}
