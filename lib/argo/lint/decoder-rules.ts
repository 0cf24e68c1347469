// What Argo's strict decoder refuses in a `metrics` object, and what the API server refuses with the full CRDs: types,
// unknown fields, required ones. Nothing here asks what a metric means.
import { boundedText } from '../diagnostic/bounded-text.js';
import { closestWord } from '../budget/closest-word.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { isRecord } from '../../guard/json-value.js';
import type { MetricReport } from '../diagnostic/metric-report.js';

type FieldType = ObjectType | ListType | ScalarType;

interface ObjectType {
  readonly kind: 'object';
  /** Go's name of it. */
  readonly goName: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  /** By the full CRDs; the decoder takes what is missing for empty. */
  readonly required: readonly string[];
}

interface ListType {
  readonly kind: 'list';
  readonly goName: string;
  readonly item: FieldType;
}

/** `amount`: what Go's decoder takes as it is, whatever it is. */
interface ScalarType {
  readonly kind: 'string' | 'bool' | 'amount';
  readonly goName?: string;
  /** By the full CRDs. */
  readonly oneOf?: readonly string[];
}

const TEXT: ScalarType = { kind: 'string' };

function object(
  goName: string,
  required: readonly string[],
  fields: Readonly<Record<string, FieldType>>,
): ObjectType {
  return { kind: 'object', goName, required, fields };
}

function list(item: ObjectType | ScalarType): ListType {
  return {
    kind: 'list',
    goName: item.kind === 'object' ? `[]*v1alpha1.${item.goName}` : '[]v1alpha1.Amount',
    item,
  };
}

const OPERATION: ScalarType = { kind: 'string', goName: 'GaugeOperation', oneOf: ['Set', 'Add', 'Sub'] };
const METRIC = object('Prometheus', ['name', 'help'], {
  name: TEXT,
  labels: list(object('MetricLabel', ['key', 'value'], { key: TEXT, value: TEXT })),
  help: TEXT,
  when: TEXT,
  gauge: object('Gauge', ['value', 'realtime'], {
    value: TEXT,
    realtime: { kind: 'bool' },
    operation: OPERATION,
  }),
  histogram: object('Histogram', ['value', 'buckets'], { value: TEXT, buckets: list({ kind: 'amount' }) }),
  counter: object('Counter', ['value'], { value: TEXT }),
});
const METRICS = object('Metrics', ['prometheus'], { prometheus: list(METRIC) });

/** Values and fields that are wrong in thousands of places are one mistake. */
const REPORTED_MAX = 100;

export interface DecodingOptions {
  /** Go's YAML decodes into typed fields, as it does for a controller's configuration: numbers become texts there. */
  readonly isTyped: boolean;
  readonly reportOf: (name: unknown) => MetricReport;
}

/**
 * Reports what is refused before a controller sees the metrics: as an error what the decoder refuses, as a warning what only
 * the full CRDs do.
 */
export function checkDecoding(metrics: unknown, path: string, options: DecodingOptions): void {
  const owner = /\btemplate(?:s\[\d+\]|Defaults)\./.test(path) ? 'Template' : 'WorkflowSpec';
  new Decoding(options).check(metrics, METRICS, path, options.reportOf(''), owner);
}

class Decoding {
  readonly #options: DecodingOptions;
  #reported = 0;

  constructor(options: DecodingOptions) {
    this.#options = options;
  }

  check(value: unknown, type: FieldType, path: string, report: MetricReport, owner: string): void {
    if (this.#reported >= REPORTED_MAX || type.kind === 'amount') return;
    if (value === null) return this.#null(type, path, report);
    if (type.kind === 'object' && isRecord(value)) return this.#object(value, type, path, report);
    if (type.kind === 'list' && Array.isArray(value)) return this.#list(value, type, path, report, owner);
    if (this.#options.isTyped && type.kind === 'string' && typeof value !== 'object') return undefined;
    if (jsonTypeOf(value) !== type.kind) this.#mismatch(value, type, path, report, owner);
    else if ('oneOf' in type && typeof value === 'string' && !type.oneOf?.includes(value)) {
      const message = `${shortPath(path)}: Unsupported value: supported values: ${type.oneOf?.join(', ')}`;
      this.#crd(path, message, undefined, report);
    }
  }

  #object(
    value: Readonly<Record<string, unknown>>,
    type: ObjectType,
    path: string,
    outer: MetricReport,
  ): void {
    const report = type === METRIC ? this.#options.reportOf(value['name']) : outer;
    for (const [key, member] of Object.entries(value)) {
      const field = Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
      if (field) this.check(member, field, `${path}.${key}`, report, type.goName);
      else this.#unknown(key, type, path, report);
    }
    for (const key of type.required) {
      if (value[key] !== undefined) continue;
      this.#crd(`${path}.${key}`, `${shortPath(`${path}.${key}`)}: Required value`, HINTS[key], report);
    }
  }

  #list(values: readonly unknown[], type: ListType, path: string, report: MetricReport, owner: string): void {
    for (const [index, value] of values.entries())
      // Go dereferences it: the controller gives up the whole workflow. That is said where metrics are compiled.
      if (value !== null) this.check(value, type.item, `${path}[${index}]`, report, owner);
  }

  #null(type: FieldType, path: string, report: MetricReport): void {
    const expected = CRD_NAMES[type.kind];
    this.#crd(
      path,
      `${shortPath(path)}: Invalid value: "null": must be of type ${expected}`,
      NULL_HINT,
      report,
    );
  }

  #crd(path: string, message: string, hint: string | undefined, report: MetricReport): void {
    this.#reported++;
    report.warning('CRD_VIOLATED', path, message, hint ?? CRD_HINT);
  }

  #unknown(key: string, type: ObjectType, path: string, report: MetricReport): void {
    if (this.#reported >= REPORTED_MAX) return;
    this.#reported++;
    const known = Object.keys(type.fields);
    const similar = closestWord(key, known);
    const hint = similar === undefined ? `There are ${known.join(', ')}.` : `Did you mean '${similar}'?`;
    const message = `unknown field "${boundedText(`${path}.${key}`)}"`;
    report.error('FIELD_UNKNOWN', `${path}.${key}`, message, hint);
  }

  /** In the words of Go's decoder. */
  #mismatch(value: unknown, type: FieldType, path: string, report: MetricReport, owner: string): void {
    this.#reported++;
    const field = `${owner}.${path.replace(/\[\d+\]/g, '')}`;
    const goType = type.goName?.replace(/^(?=\w)/, 'v1alpha1.') ?? type.kind;
    const message = `json: cannot unmarshal ${jsonTypeOf(value)} into Go struct field ${field} of type ${goType}`;
    report.error('SPEC_INVALID', path, message, hintFor(value, type));
  }
}

const CRD_NAMES = {
  object: 'object',
  list: 'array',
  string: 'string',
  bool: 'boolean',
  amount: 'number',
} as const;

const CRD_HINT = 'The API server refuses this with the full CRDs of Argo Workflows 4.';
const NULL_HINT = `Leave the field out, or give it a value. ${CRD_HINT}`;
const HINTS: Readonly<Record<string, string>> = {
  realtime: 'Add `realtime: false`; the CRDs of Argo Workflows 4 insist on it.',
  buckets: 'List the upper bounds; the CRDs of Argo Workflows 4 insist on them.',
};

/** From the metric on: `labels[0].value`. */
function shortPath(path: string): string {
  return path.replace(/^.*\.prometheus\[\d+\]\./, '');
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function hintFor(value: unknown, type: FieldType): string | undefined {
  if (type.kind === 'bool')
    return typeof value === 'string' ? 'Write true or false, without quotes.' : 'Write true or false.';
  if (type.kind !== 'string' || (typeof value !== 'number' && typeof value !== 'boolean')) return undefined;
  return 'Put it into quotes. What is refused here, Argo refuses with the whole object.';
}

/** Says once what compiler and decoder both complain of: the decoder's errors go first, then what the compiler knows. */
export function mergeFindings(
  decoding: readonly Diagnostic[],
  compiling: readonly Diagnostic[],
): readonly Diagnostic[] {
  const refused = decoding.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  const isWithin = (path: string): boolean =>
    refused.some(
      outer => path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length))),
    );
  const compiled = compiling.filter(({ path }) => !isWithin(path));
  const said = new Set(compiled.map(({ path }) => path));
  return [...decoding.filter(({ severity, path }) => severity === 'error' || !said.has(path)), ...compiled];
}
