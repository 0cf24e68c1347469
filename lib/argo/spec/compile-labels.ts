import { compileText } from './compile-text.js';
import { spend } from '../budget/evaluation-limits.js';
import { isRecord } from '../../guard/json-value.js';
import { checkFields } from './metric-fields.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { Template } from '../template/template.js';

export interface CompiledLabel {
  readonly key: Template;
  readonly value: Template;
  readonly path: string;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** More labels than any backend takes. */
const LABELS_MAX = 1000;
/** Steps of one, but for what is wrong with it. */
const LABEL_COST = 10;

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
  if (labels.length > LABELS_MAX)
    return report.error('SPEC_TOO_LARGE', path, `more than ${LABELS_MAX} labels`);
  spend(labels.length * LABEL_COST);
  const compiled = Array.from(labels, (label: unknown, index) =>
    compileLabel(label, `${path}[${index}]`, report),
  );
  const valid = compiled.filter(label => label !== undefined);
  if (valid.length < labels.length) return undefined;
  const pathOfKey = new Map<string, string>();
  for (const { key, path: labelPath } of valid) {
    const earlier = pathOfKey.get(key.source);
    pathOfKey.set(key.source, labelPath);
    if (earlier === undefined) continue;
    const message = `label '${key.source}' is given twice, the last one counts`;
    report.warning('LABEL_DUPLICATED', labelPath, message, `The other one is at ${earlier}.`);
  }
  return valid;
}

function compileLabel(label: unknown, path: string, report: MetricReport): CompiledLabel | undefined {
  if (!isRecord(label)) return report.error('SPEC_INVALID', path, 'a label must have a key and a value');
  checkFields(label, 'label', path, report);
  const key = compileText(label['key'] ?? '', `${path}.key`, report);
  const value = compileText(label['value'] ?? '', `${path}.value`, report);
  if (!key || !value) return undefined;
  if (!key.hasTags && !isMetricName(key.source))
    return report.error('LABEL_INVALID', `${path}.key`, invalidLabelMessage(key.source));
  return checkReserved(key.source, path, report) ? { key, value, path } : undefined;
}

/** @returns false when a series with such a label could not be read back. */
function checkReserved(key: string, path: string, report: MetricReport): boolean {
  if (key === '__name__') {
    const message = "label '__name__' is reserved: Prometheus keeps the name of the metric in it";
    report.error('LABEL_RESERVED', `${path}.key`, message);
    return false;
  }
  if (key.startsWith('__')) {
    const message = `label '${key}' is reserved: Prometheus drops labels that begin with '__'`;
    report.warning('LABEL_RESERVED', `${path}.key`, message);
  }
  return true;
}
