const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Reads a time as RFC 3339 writes it, which is stricter than `Date.parse`: a date alone or a time without a zone would
 * mean another instant on another machine.
 *
 * @returns Unix milliseconds, with a fraction where more digits are given; undefined when it is not such a time.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, , fraction = '', zone = ''] = match;
  const wholeSeconds = text.slice(0, text.length - fraction.length - zone.length).replace(/[t ]/i, 'T');
  const unixMillis = Date.parse(wholeSeconds + zone.toUpperCase());
  return Number.isNaN(unixMillis) ? undefined : unixMillis + Number(`0${fraction}`) * 1000;
}
