// Turns Argo's declarations into something that can be emitted without parsing again. Reads user data only through
// checks, never changes it, never throws.
import type { Diagnostic } from './diagnostic.js';
import { isRecord } from './json-value.js';
import { compileLabels, isMetricName } from './compile-labels.js';
import type { CompiledLabel } from './compile-labels.js';
import { compileValue } from './compile-value.js';
import type { CompiledValue } from './compile-value.js';
import { compileText } from './compile-text.js';
import { reportFor } from './metric-report.js';
import type { MetricReport } from './metric-report.js';
import type { Template } from './template.js';

/** One metric, ready to be emitted any number of times. */
export interface CompiledMetric {
  /** As the manifest has it, for diagnostics. */
  readonly metric: string;
  readonly path: string;
  readonly name: Template;
  readonly help: Template;
  readonly when: Template;
  readonly labels: readonly CompiledLabel[];
  readonly value: CompiledValue;
}

export interface Compilation {
  readonly metrics: readonly CompiledMetric[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a `metrics` object. A metric with an error is left out; the others stand. */
export function compileMetrics(metrics: unknown, path: string): Compilation {
  const diagnostics: Diagnostic[] = [];
  const compiled: CompiledMetric[] = [];
  if (metrics === undefined || metrics === null) return { metrics: compiled, diagnostics };
  const list: unknown = isRecord(metrics) ? (metrics['prometheus'] ?? []) : undefined;
  if (!Array.isArray(list)) {
    const message = 'metrics must be an object with a list `prometheus`';
    diagnostics.push({ code: 'SPEC_INVALID', severity: 'error', path, message });
    return { metrics: compiled, diagnostics };
  }
  for (const [index, spec] of list.entries()) {
    const metric = compileMetric(spec, join(path, `prometheus[${index}]`), diagnostics);
    if (metric) compiled.push(metric);
  }
  return { metrics: compiled, diagnostics };
}

function compileMetric(spec: unknown, path: string, diagnostics: Diagnostic[]): CompiledMetric | undefined {
  if (!isRecord(spec)) {
    diagnostics.push({
      code: 'SPEC_INVALID',
      severity: 'error',
      path,
      message: 'a metric must be an object',
    });
    return undefined;
  }
  const metric = typeof spec['name'] === 'string' ? spec['name'] : '';
  const report = reportFor(metric, diagnostics);
  const name = compileName(metric, path, report);
  const help = compileHelp(spec['help'], metric, path, report);
  const when = compileText(spec['when'] ?? '', `${path}.when`, report);
  const labels = compileLabels(spec['labels'], `${path}.labels`, report);
  const value = compileValue(spec, metric, path, report);
  if (!name || !help || !when || !labels || !value) return undefined;
  if (value.kind === 'histogram' && labels.some(({ key }) => key.source === 'le')) {
    return report.error(
      'LABEL_INVALID',
      `${path}.labels`,
      "a histogram cannot have a label 'le': its buckets have it",
    );
  }
  return { metric, path, name, help, when, labels, value };
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
