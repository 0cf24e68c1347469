import { compileText } from './compile-text.js';
import { spend } from '../budget/evaluation-limits.js';
import { parseGoFloat } from '../go/number/go-number.js';
import { isRecord } from '../../guard/json-value.js';
import { checkFields } from './metric-fields.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { nameOfTag } from '../template/template.js';
import type { Template } from '../template/template.js';

export type GaugeOperation = 'Set' | 'Add' | 'Sub';

/** What a counter, a gauge or a histogram records. */
export type CompiledNumber =
  | { readonly kind: 'counter'; readonly template: Template; readonly path: string }
  | {
      readonly kind: 'gauge';
      readonly template: Template;
      readonly path: string;
      readonly operation: GaugeOperation;
    }
  | {
      readonly kind: 'histogram';
      readonly template: Template;
      readonly path: string;
      readonly boundaries: readonly number[];
    };

/** What a realtime gauge shows: a duration. */
export interface CompiledRealtime {
  readonly kind: 'realtime';
  readonly variable: string;
  readonly path: string;
}

/** What a metric records, by its type. */
export type CompiledValue = CompiledNumber | CompiledRealtime;

/** Argo's precedence when a metric has more than one type. */
const TYPES = ['gauge', 'histogram', 'counter'] as const;
const OPERATIONS: readonly GaugeOperation[] = ['Set', 'Add', 'Sub'];

/** What OpenTelemetry takes when a histogram names no boundaries; Argo does the same. */
export const BOUNDARIES_OF_OPENTELEMETRY: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
];

/** More bounds than any histogram needs; each costs memory in every series. */
const BOUNDARIES_MAX = 1000;
/** Steps of one. */
const BOUNDARY_COST = 5;

/** The first of gauge, histogram and counter that the metric has. */
export function compileValue(
  spec: Readonly<Record<string, unknown>>,
  metric: string,
  path: string,
  report: MetricReport,
): CompiledValue | undefined {
  const bodies = TYPES.map(type => ({ type, body: spec[type] })).filter(({ body }) => isGiven(body));
  const [first, ...others] = bodies;
  if (!first) {
    const hint = 'Give one of gauge, histogram or counter.';
    return report.error('METRIC_TYPE_MISSING', path, constructFailure(metric, 'invalid metric spec'), hint);
  }
  const { type, body } = first;
  for (const other of others) {
    const message = `only ${type} counts of ${bodies.map(given => given.type).join(', ')}`;
    report.warning('METRIC_TYPE_AMBIGUOUS', `${path}.${other.type}`, message);
    if (isRecord(other.body) && isGiven(other.body['value']) && other.body['value'] !== '') continue;
    // Argo looks at all three before it runs a template, and refuses that.
    report.warning('VALUE_MISSING', `${path}.${other.type}.value`, `missing ${other.type}.value`);
  }
  if (!isRecord(body)) return report.error('SPEC_INVALID', `${path}.${type}`, `${type} must be an object`);
  checkFields(body, type, `${path}.${type}`, report);
  const value = body['value'];
  const valuePath = `${path}.${type}.value`;
  if (!isGiven(value) || value === '')
    return report.error('VALUE_MISSING', valuePath, `missing ${type}.value`);
  const template = compileText(value, valuePath, report);
  if (!template) return undefined;
  if (type === 'gauge') return compileGauge(body, template, metric, `${path}.gauge`, report);
  checkConstant(template, type, metric, valuePath, report);
  if (type === 'counter') return { kind: 'counter', template, path: valuePath };
  const boundaries = compileBoundaries(body['buckets'], metric, `${path}.histogram.buckets`, report);
  return boundaries && { kind: 'histogram', template, path: valuePath, boundaries };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/**
 * A value without tags is the same at every emission, so what is wrong with it can be said now. The metric is kept: each
 * emission fails, as in Argo.
 */
function checkConstant(
  template: Template,
  type: (typeof TYPES)[number],
  metric: string,
  path: string,
  report: MetricReport,
): void {
  if (template.hasTags) return;
  const parsed = parseGoFloat(template.source);
  if ('error' in parsed) {
    const hint = 'A value is a number, or a tag that becomes one.';
    report.error('VALUE_INVALID', path, constructFailure(metric, parsed.error), hint);
    return;
  }
  const { value } = parsed;
  if (type === 'counter' && !(value >= 0 && Number.isFinite(value))) {
    const hint = 'A counter only grows. Use a gauge with operation Add or Sub.';
    report.error('COUNTER_VALUE_INVALID', path, `counter '${metric}' cannot be increased by ${value}`, hint);
  } else if (type === 'histogram' && Number.isNaN(value))
    report.error('HISTOGRAM_VALUE_INVALID', path, `histogram '${metric}' cannot count NaN`);
}

function compileGauge(
  body: Readonly<Record<string, unknown>>,
  template: Template,
  metric: string,
  path: string,
  report: MetricReport,
): CompiledValue | undefined {
  const { realtime, operation: given } = body;
  if (isGiven(realtime) && typeof realtime !== 'boolean')
    return report.error('SPEC_INVALID', `${path}.realtime`, 'realtime must be true or false, without quotes');
  const operation = compileOperation(given, `${path}.operation`, report);
  if (realtime !== true) {
    checkConstant(template, 'gauge', metric, `${path}.value`, report);
    return { kind: 'gauge', template, path: `${path}.value`, operation };
  }
  if (operation !== 'Set') {
    const message = `operation ${operation} has no effect on a realtime gauge`;
    report.warning('OPERATION_IGNORED', `${path}.operation`, message);
  }
  return compileRealtime(template.source, `${path}.value`, report);
}

/** Argo's wrapping of everything that is wrong with a metric once its tags are filled in. */
export function constructFailure(metric: string, reason: string): string {
  return `could not construct metric '${metric}': ${reason}`;
}

function compileRealtime(text: string, path: string, report: MetricReport): CompiledValue | undefined {
  if (text.includes('resourcesDuration.')) {
    const message = "'resourcesDuration.*' metrics cannot be used in real-time";
    return report.error('REALTIME_VALUE_INVALID', path, message);
  }
  const hint = 'Give one variable: {{duration}} or {{workflow.duration}}.';
  if (!text.startsWith('{{') || !text.endsWith('}}') || text.length < 4) {
    const message = 'real time metrics can only be used with metric variables';
    return report.error('REALTIME_VALUE_INVALID', path, message, hint);
  }
  const variable = nameOfTag(text.slice(2, -2));
  if (variable === '' || variable.startsWith('=') || /\{\{|\}\}/.test(variable)) {
    const message = `'${variable}' is not available as a real time metric`;
    return report.error('REALTIME_VARIABLE_UNKNOWN', path, message, hint);
  }
  return { kind: 'realtime', variable, path };
}

function compileOperation(operation: unknown, path: string, report: MetricReport): GaugeOperation {
  const known = OPERATIONS.find(candidate => candidate === operation);
  if (known === undefined && isGiven(operation) && operation !== '') {
    const got = typeof operation === 'string' ? JSON.stringify(operation) : `a ${typeof operation}`;
    report.warning('OPERATION_UNKNOWN', path, `unknown operation ${got}, taken as Set`, 'Set, Add or Sub.');
  }
  return known ?? 'Set';
}

function compileBoundaries(
  buckets: unknown,
  metric: string,
  path: string,
  report: MetricReport,
): readonly number[] | undefined {
  if (buckets === undefined || buckets === null) return BOUNDARIES_OF_OPENTELEMETRY;
  if (!Array.isArray(buckets))
    return report.error('BUCKETS_INVALID', path, 'buckets must be a list of numbers');
  if (buckets.length > BOUNDARIES_MAX)
    return report.error('SPEC_TOO_LARGE', path, `more than ${BOUNDARIES_MAX} buckets`);
  spend(buckets.length * BOUNDARY_COST);
  const bounds = Array.from(buckets as readonly unknown[]);
  const wrong = bounds.findIndex(bound => !Number.isFinite(bound));
  if (wrong >= 0) {
    const message = 'buckets must be finite numbers, without quotes';
    return report.error('BUCKETS_INVALID', `${path}[${wrong}]`, message, hintForBucket(bounds[wrong]));
  }
  const numbers = bounds.map(Number);
  const unsorted = numbers.findIndex((bound, index) => index > 0 && bound <= (numbers[index - 1] ?? NaN));
  if (unsorted >= 0) {
    const reason = `explicit bucket histogram: non-monotonic boundaries: [${numbers.join(' ')}]`;
    const isTwice = numbers.indexOf(numbers[unsorted] ?? NaN) < unsorted;
    const hint = isTwice ? `${numbers[unsorted]} is given twice.` : 'Sort them in ascending order.';
    return report.error('BUCKETS_INVALID', `${path}[${unsorted}]`, constructFailure(metric, reason), hint);
  }
  return numbers.length === 0 ? BOUNDARIES_OF_OPENTELEMETRY : numbers;
}

/** Argo reads what it cannot parse as 0, without a word. */
function hintForBucket(bound: unknown): string {
  const isQuoted = typeof bound === 'string' && 'value' in parseGoFloat(bound);
  if (isQuoted) return 'Remove the quotes: Argo takes a quoted bound for 0.';
  return bound === Infinity ? 'The last bucket is +Inf anyway.' : 'Argo takes what it cannot read for 0.';
}
