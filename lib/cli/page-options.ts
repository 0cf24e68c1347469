// The options of commands that read Prometheus pages.
import { TIMER_MILLIS_MAX } from '../limits.js';
import type { CardinalityOptions } from './cardinality.js';
import type { CompareOptions } from './compare.js';
import { isUrl } from './prometheus-source.js';
import { UsageError } from './usage-error.js';

/** As the command line has them. */
export interface PageValues {
  readonly for?: string | undefined;
  readonly format?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  readonly 'max-series'?: string | undefined;
  readonly metric?: readonly string[] | undefined;
  readonly timeout?: string | undefined;
  readonly top?: string | undefined;
  readonly with?: string | undefined;
}

/** @throws UsageError */
export function cardinalityOptionsOf(places: readonly string[], values: PageValues): CardinalityOptions {
  const [place, ...rest] = places;
  if (place === undefined || place === '')
    throw new UsageError('cardinality needs a URL, a file, or "-" for the standard input.');
  if (rest.length > 0) throw new UsageError(`cardinality reads one page; what is "${rest.join(' ')}"?`);
  checkUrl(place);
  const patterns = patternsOf(values);
  const top = countOf('top', values.top) ?? TOP_DEFAULT;
  if (top < 1) throw new UsageError('--top is "0", expected a whole number from 1 to 999999999.');
  return {
    ...{ place, top, metric: patterns.at(-1), isJson: values.json ?? false },
    seriesMax: countOf('max-series', values['max-series']),
    headers: (values.header ?? []).map(headerOf),
    timeoutMillis: millisOf('timeout', values.timeout ?? TIMEOUT_DEFAULT),
  };
}

const TOP_DEFAULT = 10;
/** That of a Prometheus server. */
const TIMEOUT_DEFAULT = '10s';

/** What is wrong with one is said without its value, which may be a secret. */
function headerOf(text: string): [name: string, value: string] {
  const [, name, value] = /^([^:\s]+):[ \t]*(.*)$/s.exec(text) ?? [];
  try {
    if (name !== undefined && value !== undefined) new Headers([[name, value]]);
  } catch {
    throw new UsageError(`--header has a name or a value that no header may have.`);
  }
  if (name === undefined || value === undefined)
    throw new UsageError(`--header is not of the form 'Name: value'.`);
  return [name, value];
}

function millisOf(option: string, text: string): number {
  const [, number, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  const millis = Math.ceil(Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000));
  if (!(millis >= 1 && millis <= TIMER_MILLIS_MAX))
    throw new UsageError(`--${option} is "${text}", expected a time such as 10s, 500ms or 2m.`);
  return millis;
}

/** Where `watch` serves its metrics. */
const HERE_DEFAULT = 'http://localhost:9464/metrics';
const FOR_DEFAULT = '10m';

/** @throws UsageError */
export function compareOptionsOf(places: readonly string[], values: PageValues): CompareOptions {
  const { with: there, format, json } = values;
  const [here = HERE_DEFAULT, ...rest] = places;
  if (rest.length > 0)
    throw new UsageError(`compare takes one URL beside that of --with; what is "${rest.join(' ')}"?`);
  if (there === undefined) throw new UsageError('compare needs --with URL, the /metrics of the controller.');
  for (const place of [here, there]) {
    if (!isUrl(place)) throw new UsageError(`compare reads URLs, and "${place}" is none.`);
    checkUrl(place);
  }
  if (format !== undefined && format !== 'text' && format !== 'json')
    throw new UsageError(`--format is "${format}", expected one of text, json.`);
  if (json === true && format === 'text')
    throw new UsageError('--json and --format text exclude each other.');
  const timeoutMillis = millisOf('timeout', values.timeout ?? TIMEOUT_DEFAULT);
  return {
    // Whom it is meant for is the controller: nobody else is told a secret.
    here: { place: here, headers: [], timeoutMillis },
    there: { place: there, headers: (values.header ?? []).map(headerOf), timeoutMillis },
    forMillis: millisOf('for', values.for ?? FOR_DEFAULT),
    patterns: patternsOf(values),
    isJson: json === true || format === 'json',
  };
}

function checkUrl(place: string): void {
  if (!isUrl(place)) return;
  if (!URL.canParse(place)) throw new UsageError(`"${place}" is no URL.`);
  if (new URL(place).username !== '')
    throw new UsageError("a URL with a name and a password is not taken; say --header 'Authorization: …'.");
}

function patternsOf({ metric = [] }: PageValues): readonly string[] {
  if (metric.includes('')) throw new UsageError('--metric needs a name or a pattern such as http_*.');
  return metric;
}

/** @throws UsageError */
export function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`--${option} is "${text}", expected a whole number from 0 to 999999999.`);
  return Number(text);
}
