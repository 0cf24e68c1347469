import type { InstrumentKind, StreamDefinition } from '../store/definition/stream.js';
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

const TOTAL = '_total';

/** Under which TYPE a stream is exposed. */
export function prometheusType(kind: InstrumentKind): PrometheusType {
  return TYPES[kind];
}

/**
 * Under which name a stream is exposed. A verbatim stream keeps its name: it was declared for Prometheus. Any other is
 * translated: characters outside the old alphabet become `_`, the unit follows as a word, and a counter ends in `_total`.
 */
export function metricName(definition: StreamDefinition): string {
  if (definition.verbatim) return withoutLeadingDigit(definition.name.replaceAll(/[^a-zA-Z0-9_:]/g, '_'));
  const isCounter = prometheusType(definition.kind) === 'counter';
  let name = definition.name.replaceAll(/[^a-zA-Z0-9_:]+/g, '_');
  if (isCounter && name.endsWith(TOTAL)) name = name.slice(0, -TOTAL.length);
  const unit = unitSuffix(definition);
  if (unit !== '' && name !== unit && !name.endsWith(`_${unit}`)) name += `_${unit}`;
  // "The unit suffix comes before any type-specific suffixes."
  if (isCounter) name += TOTAL;
  // "Multiple consecutive `_` characters MUST be replaced with a single `_` character."
  return withoutLeadingDigit(name.replaceAll(/_{2,}/g, '_'));
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
