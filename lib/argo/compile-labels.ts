import { compileText } from './compile-text.js';
import { isRecord } from './json-value.js';
import type { MetricReport } from './metric-report.js';
import type { Template } from './template.js';

export interface CompiledLabel {
  readonly key: Template;
  readonly value: Template;
  readonly path: string;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Argo's rule for names of metrics and keys of labels. */
export function isMetricName(name: string): boolean {
  return NAME.test(name);
}

/** Argo's words for a key that {@link isMetricName} refuses. */
export function invalidLabelMessage(key: string): string {
  return `metric label '${key}' is invalid: keys may only contain alphanumeric characters or '_'`;
}

/** `undefined` when one of them is wrong: a series without one of its labels would be another series. */
export function compileLabels(
  labels: unknown,
  path: string,
  report: MetricReport,
): readonly CompiledLabel[] | undefined {
  if (labels === undefined || labels === null) return [];
  if (!Array.isArray(labels))
    return report.error('SPEC_INVALID', path, 'labels must be a list of key and value');
  const compiled = labels.map((label: unknown, index) => compileLabel(label, `${path}[${index}]`, report));
  const valid = compiled.filter(label => label !== undefined);
  if (valid.length < compiled.length) return undefined;
  for (const [index, { key, path: labelPath }] of valid.entries()) {
    if (valid.findIndex(other => other.key.source === key.source) === index) continue;
    report.warning(
      'LABEL_DUPLICATED',
      labelPath,
      `label '${key.source}' is given twice, the last one counts`,
    );
  }
  return valid;
}

function compileLabel(label: unknown, path: string, report: MetricReport): CompiledLabel | undefined {
  if (!isRecord(label)) return report.error('SPEC_INVALID', path, 'a label must have a key and a value');
  const key = compileText(label['key'] ?? '', `${path}.key`, report);
  const value = compileText(label['value'] ?? '', `${path}.value`, report);
  if (!key || !value) return undefined;
  if (!key.hasTags && !isMetricName(key.source)) {
    return report.error('LABEL_INVALID', `${path}.key`, invalidLabelMessage(key.source));
  }
  return { key, value, path };
}
