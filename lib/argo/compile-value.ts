import { compileText } from './compile-text.js';
import { isRecord } from './json-value.js';
import type { MetricReport } from './metric-report.js';
import type { Template } from './template.js';

export type GaugeOperation = 'Set' | 'Add' | 'Sub';

/** What a metric records, by its type. */
export type CompiledValue =
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
    }
  | { readonly kind: 'realtime'; readonly variable: string; readonly path: string };

/** Argo's precedence when a metric has more than one type. */
const TYPES = ['gauge', 'histogram', 'counter'] as const;
const OPERATIONS: readonly GaugeOperation[] = ['Set', 'Add', 'Sub'];

/** What OpenTelemetry takes when a histogram names no boundaries; Argo does the same. */
export const BOUNDARIES_OF_OPENTELEMETRY: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
];

/** The first of gauge, histogram and counter that the metric has. */
export function compileValue(
  spec: Readonly<Record<string, unknown>>,
  metric: string,
  path: string,
  report: MetricReport,
): CompiledValue | undefined {
  const given = TYPES.filter(type => spec[type] !== undefined && spec[type] !== null);
  const [type] = given;
  if (type === undefined) {
    const hint = 'Give one of gauge, histogram or counter.';
    return report.error('METRIC_TYPE_MISSING', path, constructFailure(metric, 'invalid metric spec'), hint);
  }
  if (given.length > 1) {
    report.warning('METRIC_TYPE_AMBIGUOUS', path, `only ${type} counts of ${given.join(', ')}`);
  }
  const body = spec[type];
  const valuePath = `${path}.${type}.value`;
  if (!isRecord(body)) return report.error('SPEC_INVALID', `${path}.${type}`, `${type} must be an object`);
  if (body['value'] === undefined || body['value'] === null || body['value'] === '') {
    return report.error('VALUE_MISSING', valuePath, `missing ${type}.value`);
  }
  if (type === 'gauge' && body['realtime'] === true) return compileRealtime(body['value'], valuePath, report);
  const template = compileText(body['value'], valuePath, report);
  if (!template) return undefined;
  if (type === 'counter') return { kind: 'counter', template, path: valuePath };
  if (type === 'gauge') {
    const operation = compileOperation(body['operation'], `${path}.gauge.operation`, report);
    return { kind: 'gauge', template, path: valuePath, operation };
  }
  const boundaries = compileBoundaries(body['buckets'], metric, `${path}.histogram.buckets`, report);
  return boundaries && { kind: 'histogram', template, path: valuePath, boundaries };
}

/** Argo's wrapping of everything that is wrong with a metric once its tags are filled in. */
export function constructFailure(metric: string, reason: string): string {
  return `could not construct metric '${metric}': ${reason}`;
}

function compileRealtime(value: unknown, path: string, report: MetricReport): CompiledValue | undefined {
  const text = String(value);
  if (text.includes('resourcesDuration.')) {
    return report.error(
      'REALTIME_VALUE_INVALID',
      path,
      "'resourcesDuration.*' metrics cannot be used in real-time",
    );
  }
  if (!text.startsWith('{{') || !text.endsWith('}}') || text.length < 4) {
    return report.error(
      'REALTIME_VALUE_INVALID',
      path,
      'real time metrics can only be used with metric variables',
    );
  }
  return { kind: 'realtime', variable: text.slice(2, -2).trim(), path };
}

function compileOperation(operation: unknown, path: string, report: MetricReport): GaugeOperation {
  const known = OPERATIONS.find(candidate => candidate === operation);
  if (known === undefined && operation !== undefined && operation !== null && operation !== '') {
    report.warning('OPERATION_UNKNOWN', path, `unknown operation ${JSON.stringify(operation)}, taken as Set`);
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
  const numbers = buckets.filter((bucket): bucket is number => Number.isFinite(bucket));
  if (numbers.length < buckets.length) {
    return report.error('BUCKETS_INVALID', path, 'buckets must be finite numbers, without quotes');
  }
  if (numbers.some((bound, index) => index > 0 && bound <= (numbers[index - 1] ?? NaN))) {
    const reason = `explicit bucket histogram: non-monotonic boundaries: [${numbers.join(' ')}]`;
    return report.error('BUCKETS_INVALID', path, constructFailure(metric, reason), 'Sort them, each once.');
  }
  return numbers.length === 0 ? BOUNDARIES_OF_OPENTELEMETRY : numbers;
}
