import { closestWord, WORD_COST } from '../budget/closest-word.js';
import type { MetricReport } from '../diagnostic/metric-report.js';

/** Every field that Argo knows in a `metrics` object, by what it stands in. */
const FIELDS = {
  metrics: ['prometheus'],
  metric: ['name', 'labels', 'help', 'when', 'gauge', 'histogram', 'counter'],
  label: ['key', 'value'],
  gauge: ['value', 'realtime', 'operation'],
  histogram: ['value', 'buckets'],
  counter: ['value'],
} as const;

/** More of them in one object are not misspelled. */
const REPORTED_MAX = 20;

/** Warns of fields that Argo does not have: Kubernetes drops them without a word, so a misspelled one has no effect. */
export function checkFields(
  object: Readonly<Record<string, unknown>>,
  kind: keyof typeof FIELDS,
  path: string,
  report: MetricReport,
): void {
  const known: readonly string[] = FIELDS[kind];
  let reported = 0;
  for (const key in object) {
    if (known.includes(key) || !Object.hasOwn(object, key)) continue;
    const similar = closestWord(key, known, known.length * WORD_COST);
    const hint = similar === undefined ? `${kind} has ${known.join(', ')}.` : `Did you mean '${similar}'?`;
    const place = path === '' ? key : `${path}.${key}`;
    report.warning('FIELD_UNKNOWN', place, `unknown field '${key}' has no effect`, hint);
    reported++;
    if (reported === REPORTED_MAX) return;
  }
}
