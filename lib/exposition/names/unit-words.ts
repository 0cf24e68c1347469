/** UCUM units that Prometheus users expect to see as a word. */
const UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  // As people write it: with the micro sign, and with the letter that looks like it.
  ['\u00b5s', 'microseconds'],
  ['\u03bcs', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['kBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
  ['1', ''],
]);

/** The same behind a slash: what is counted there is one of it. */
const PER_UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['min', 'minute'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['wk', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
  ['a', 'year'],
]);

/**
 * Translates a UCUM unit into what Prometheus names end with: `By` becomes `bytes`, `m/s` becomes `meters_per_second`,
 * annotations in braces and the unit `1` become nothing.
 *
 * @see https://github.com/open-telemetry/opentelemetry-specification/blob/main/specification/compatibility/prometheus_and_openmetrics.md
 */
export function unitWords(unit: string): string {
  // "Dropping the portions of the Unit within brackets (e.g. {packet}). Brackets MUST NOT be included in the resulting unit."
  const bare = unit.replaceAll(/\{[^{}]*\}/g, '').trim();
  const slashIndex = bare.indexOf('/');
  if (slashIndex < 0) return word(bare, UNIT_WORDS);
  const counted = word(bare.slice(0, slashIndex), UNIT_WORDS);
  const per = word(bare.slice(slashIndex + 1), PER_UNIT_WORDS);
  if (per === '') return counted;
  return counted === '' ? `per_${per}` : `${counted}_per_${per}`;
}

function word(unit: string, words: ReadonlyMap<string, string>): string {
  const trimmed = unit.trim();
  return words.get(trimmed) ?? trimmed.replaceAll(/[^a-zA-Z0-9]+/g, '_').replaceAll(/^_|_$/g, '');
}
