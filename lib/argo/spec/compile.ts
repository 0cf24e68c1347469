// Turns Argo's declarations into something that can be emitted without parsing again. Reads user data only through
// checks, never changes it, never throws.
import { compileLabels, isMetricName } from './compile-labels.js';
import type { CompiledLabel } from './compile-labels.js';
import { compileText } from './compile-text.js';
import { compileValue } from './compile-value.js';
import type { CompiledValue } from './compile-value.js';
import type { CompiledMetric } from './compiled-metric.js';
import { compileWhen } from './compile-when.js';
import { checkCrdLimits, METRICS_MAX_OF_CRD } from './crd-rules.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { Budget, COMPILE_STEPS_MAX } from '../budget/budget.js';
import { LimitError, metered } from '../budget/evaluation-limits.js';
import { isRecord } from '../../guard/json-value.js';
import { MetricConsistency } from './metric-consistency.js';
import { checkFields } from './metric-fields.js';
import { reportFor } from '../diagnostic/metric-report.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { reportUnknownTags } from './metric-tags.js';
import type { Template } from '../template/template.js';

export type { CompiledMetric } from './compiled-metric.js';

export interface Compilation {
  readonly metrics: readonly CompiledMetric[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Kubernetes allows a hundred; a list that pretends to be longer than memory must not take all the time there is. */
const METRICS_MAX = 100_000;
/** Steps of a metric, but for its labels, what it evaluates and what is wrong with it. */
const METRIC_COST = 15;

/** What compiling the metrics of one object may cost. */
export function compileBudget(clock?: { now(): number }): Budget {
  return new Budget(clock, COMPILE_STEPS_MAX);
}

/**
 * Compiles a `metrics` object. A metric that cannot be recorded is left out; the others stand. One whose constant value
 * or `when` is wrong stays, and fails at each emission as in Argo.
 */
export function compileMetrics(metrics: unknown, path: string, budget = compileBudget()): Compilation {
  const compilation = compileAlone(metrics, path, budget);
  const diagnostics = [...compilation.diagnostics];
  const consistency = new MetricConsistency();
  for (const metric of compilation.metrics) {
    budget.startMetric();
    reportTagsSafely(metric, diagnostics, budget);
    for (const conflict of consistency.add(metric, metric.path)) diagnostics.push(conflict);
  }
  return { metrics: compilation.metrics, diagnostics };
}

/** Hints are found by comparing words, and there may be any number of tags. */
function reportTagsSafely(metric: CompiledMetric, diagnostics: Diagnostic[], budget: Budget): void {
  try {
    metered(budget, () => reportUnknownTags(metric, diagnostics));
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    const message = `not all tags were checked: ${error.message}`;
    reportFor(metric.metric, diagnostics).warning('LIMIT_EXCEEDED', metric.path, message);
  }
}

/** As {@link compileMetrics}, each metric for itself: who sees several objects compares across all of them. */
export function compileAlone(metrics: unknown, path: string, budget = compileBudget()): Compilation {
  const diagnostics: Diagnostic[] = [];
  const compiled: CompiledMetric[] = [];
  try {
    for (const [index, spec] of listOf(metrics, path, diagnostics)) {
      budget.startMetric();
      const place = join(path, `prometheus[${index}]`);
      if (budget.isSpent) {
        const message = `metrics from here on are ignored: compiling takes more than ${budget.max} steps`;
        reportFor('', diagnostics).error('LIMIT_EXCEEDED', place, message);
        break;
      }
      const metric = compileSafely(spec, place, diagnostics, budget);
      if (metric) compiled.push(metric);
    }
  } catch {
    reportFor('', diagnostics).error('SPEC_INVALID', path, UNREADABLE);
  }
  return { metrics: compiled, diagnostics };
}

/** Getters and proxies are the application's code; what they throw says nothing about the metric. */
const UNREADABLE = 'cannot be read: the object throws when it is looked at';

function* listOf(
  metrics: unknown,
  path: string,
  diagnostics: Diagnostic[],
): Generator<readonly [number, unknown]> {
  if (metrics === undefined || metrics === null) return;
  const report = reportFor('', diagnostics);
  const list: unknown = isRecord(metrics) ? (metrics['prometheus'] ?? []) : undefined;
  if (!Array.isArray(list)) {
    report.error('SPEC_INVALID', path, 'metrics must be an object with a list `prometheus`');
    return;
  }
  if (isRecord(metrics)) checkFields(metrics, 'metrics', path, report);
  const { length } = list;
  if (length > METRICS_MAX) {
    const message = `metrics after the first ${METRICS_MAX} are ignored`;
    report.error('SPEC_TOO_LARGE', join(path, 'prometheus'), message);
  } else if (length > METRICS_MAX_OF_CRD) {
    const message = `Too many: ${length}: must have at most ${METRICS_MAX_OF_CRD} items`;
    report.warning('CRD_VIOLATED', join(path, 'prometheus'), message);
  }
  for (let index = 0; index < Math.min(length, METRICS_MAX); index++) yield [index, list[index]];
}

function compileSafely(
  spec: unknown,
  path: string,
  diagnostics: Diagnostic[],
  budget: Budget,
): CompiledMetric | undefined {
  try {
    budget.spend(METRIC_COST);
    return metered(budget, () => compileMetric(spec, path, diagnostics));
  } catch (error) {
    if (error instanceof LimitError)
      return reportFor('', diagnostics).error('LIMIT_EXCEEDED', path, error.message);
    return reportFor('', diagnostics).error('SPEC_INVALID', path, UNREADABLE);
  }
}

function compileMetric(spec: unknown, path: string, diagnostics: Diagnostic[]): CompiledMetric | undefined {
  if (!isRecord(spec))
    return reportFor('', diagnostics).error('SPEC_INVALID', path, 'a metric must be an object');
  const given = spec['name'];
  const metric = typeof given === 'string' ? given : '';
  const report = reportFor(metric, diagnostics);
  checkFields(spec, 'metric', path, report);
  const name = compileName(metric, path, report);
  const help = compileHelp(spec['help'], metric, path, report);
  const when = compileWhen(spec['when'], metric, `${path}.when`, report);
  const labels = compileLabels(spec['labels'], `${path}.labels`, report);
  const value = compileValue(spec, metric, path, report);
  if (!name || !help || !when || !labels || !value) return undefined;
  if (!checkBucketLabel(labels, value.kind, report)) return undefined;
  const compiled = { metric, path, name, help, when, labels, value };
  checkCrdLimits(compiled, report);
  return compiled;
}

/** Prometheus puts the bound of a bucket into the label `le`. */
function checkBucketLabel(
  labels: readonly CompiledLabel[],
  kind: CompiledValue['kind'],
  report: MetricReport,
): boolean {
  const label = labels.find(({ key }) => key.source === 'le');
  if (!label) return true;
  if (kind === 'histogram') {
    const message = "a histogram cannot have a label 'le': its buckets have it";
    report.error('LABEL_INVALID', `${label.path}.key`, message);
    return false;
  }
  const message = "label 'le' is reserved for the bounds of histogram buckets";
  report.warning('LABEL_RESERVED', `${label.path}.key`, message, 'Give it another name.');
  return true;
}

function compileName(name: string, path: string, report: MetricReport): Template | undefined {
  const template = compileText(name, `${path}.name`, report);
  if (!template || template.hasTags || isMetricName(name)) return template;
  const message = "metric name is invalid: names may only contain alphanumeric characters or '_'";
  return report.error('NAME_INVALID', `${path}.name`, message);
}

function compileHelp(
  help: unknown,
  metric: string,
  path: string,
  report: MetricReport,
): Template | undefined {
  if (help !== undefined && help !== null && help !== '') return compileText(help, `${path}.help`, report);
  const message = `metric '${metric}' must contain a help string under 'help: ' field`;
  return report.error('HELP_MISSING', `${path}.help`, message);
}

function join(path: string, rest: string): string {
  return path === '' ? rest : `${path}.${rest}`;
}
