import type { InstrumentKind, StreamDefinition } from '../../store/definition/stream.js';
import { wellFormedName } from './escape.js';
import { unitWords } from './unit-words.js';

export type PrometheusType = 'counter' | 'gauge' | 'histogram';

/** "Cumulative monotonic => counter. Cumulative non-monotonic => gauge." */
const TYPES: Readonly<Record<InstrumentKind, PrometheusType>> = {
  COUNTER: 'counter',
  OBSERVABLE_COUNTER: 'counter',
  UP_DOWN_COUNTER: 'gauge',
  OBSERVABLE_UP_DOWN_COUNTER: 'gauge',
  GAUGE: 'gauge',
  OBSERVABLE_GAUGE: 'gauge',
  HISTOGRAM: 'histogram',
};

/** As it comes out in the old alphabet: `jobs.total` ends with it too. */
const TOTAL = /[^a-zA-Z0-9:]total$/u;

/** Under which TYPE a stream is exposed. */
export function prometheusType(kind: InstrumentKind): PrometheusType {
  return TYPES[kind];
}

/** What every Prometheus reads without quotes. */
const OLD_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Only a client that knows quoted names can read it. */
export function isUtf8Name(name: string): boolean {
  return !OLD_NAME.test(name);
}

/**
 * Under which name a stream is exposed. A verbatim stream keeps its name: it was declared for Prometheus. Any other is
 * translated: characters outside the old alphabet become `_`, the unit follows as a word, and a counter ends in `_total`.
 *
 * @param utf8Names leaves characters outside the old alphabet as they are. A name within it does not depend on this.
 */
export function metricName(definition: StreamDefinition, utf8Names = false): string {
  if (definition.verbatim) return withoutLeadingDigit(definition.name.replaceAll(/[^a-zA-Z0-9_:]/g, '_'));
  const whole = withSuffixes(wellFormedName(definition.name), definition);
  return utf8Names && whole !== '' && isUtf8Name(whole) ? whole : withoutLeadingDigit(translated(whole));
}

/** "The unit suffix comes before any type-specific suffixes", and each is added "unless the metric name already ends with" it. */
function withSuffixes(whole: string, definition: StreamDefinition): string {
  const isCounter = prometheusType(definition.kind) === 'counter';
  const name = isCounter ? whole.replace(TOTAL, '') : whole;
  const unit = unitSuffix(definition);
  const hasUnit = unit === '' || `_${translated(name)}`.endsWith(`_${unit}`);
  return `${name}${hasUnit ? '' : `_${unit}`}${isCounter ? '_total' : ''}`;
}

/** "Multiple consecutive `_` characters SHOULD be replaced with a single `_` character." */
function translated(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9:]+/g, '_');
}

/** The unit as it can be announced for a name: "it MUST be a suffix of the MetricFamily name separated by an underscore". */
export function unitOfName(name: string, definition: StreamDefinition): string {
  const unit = unitSuffix(definition);
  return unit !== '' && name.replace(/_total$/, '').endsWith(`_${unit}`) ? unit : '';
}

/** A share without a unit is a ratio, but a count without a unit is just a count: so only gauges get the word. */
function unitSuffix({ kind, unit }: StreamDefinition): string {
  if (unit === '1') return kind === 'GAUGE' || kind === 'OBSERVABLE_GAUGE' ? 'ratio' : '';
  return unitWords(unit);
}

function withoutLeadingDigit(name: string): string {
  return name === '' || /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Which instrument is meant, for warnings: with everything in which two of one exposed name can differ. */
export function instrumentText({ kind, name, unit, valueType, scope }: StreamDefinition): string {
  const details = `${valueType === 0 ? ' of integers' : ''}${unit === '' ? '' : ` in "${unit}"`}`;
  return `${kind} "${name}"${details} of the meter "${scope.name}"`;
}
