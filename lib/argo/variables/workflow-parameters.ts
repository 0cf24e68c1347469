// Parameters of workflows and nodes, as variables and as the JSON that Argo offers.
import { isRecord, listAt, textAt } from '../../guard/json-value.js';
import { marshalJson, plainDecimal } from './workflow-json.js';

type Json = Readonly<Record<string, unknown>>;

/** The order in which Go writes the fields, whatever order the API server gave them. */
const FIELDS = ['name', 'default', 'value', 'valueFrom', 'globalName', 'enum', 'description'];
const SOURCE_FIELDS = [
  'path',
  'jsonPath',
  'jqFilter',
  'selector',
  'parameter',
  'supplied',
  'configMapKeyRef',
  'default',
  'expression',
];
/** Fields that are texts to Go, also where the object has a number. */
const TEXT_FIELDS = new Set(['default', 'value', 'description']);

/** Text as Go reads it from any JSON value; `undefined` when there is none. */
export function anyText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return plainDecimal(value);
    case 'boolean':
      return String(value);
    default:
      return value === undefined || value === null ? undefined : '';
  }
}

/** @param missing the value of a parameter that has none; without it such a parameter cannot be resolved. */
export function addParameters(
  variables: Record<string, string>,
  prefix: string,
  holder: unknown,
  missing?: string,
): void {
  for (const parameter of listAt(holder, 'parameters')) {
    const value = valueOf(parameter) ?? missing;
    if (value !== undefined) variables[`${prefix}.${textAt(parameter, 'name')}`] = value;
  }
}

/** Outputs of a workflow: a parameter that has only a default has that, and one with only a source nothing. */
export function addWorkflowOutputs(variables: Record<string, string>, holder: unknown): void {
  for (const parameter of listAt(holder, 'parameters')) {
    if (!isRecord(parameter)) continue;
    const { value, default: fallback, valueFrom } = parameter;
    const text = anyText(value) ?? anyText(fallback) ?? (isRecord(valueFrom) ? '' : undefined);
    if (text !== undefined) variables[`workflow.outputs.parameters.${textAt(parameter, 'name')}`] = text;
  }
}

/** All parameters as Argo's JSON; `null` when there are none. */
export function parametersJson(holder: unknown): string {
  const parameters = listAt(holder, 'parameters').filter(isRecord);
  return marshalJson(parameters.length === 0 ? null : parameters.map(parameter => ordered(parameter)));
}

function valueOf(parameter: unknown): string | undefined {
  return isRecord(parameter) ? anyText(parameter['value']) : undefined;
}

function ordered(parameter: Json): Json {
  const result: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const value = parameter[field];
    if (TEXT_FIELDS.has(field)) result[field] = anyText(value);
    else if (field === 'enum' && Array.isArray(value)) result[field] = value.map(anyText);
    else if (field === 'valueFrom' && isRecord(value)) result[field] = pick(value, SOURCE_FIELDS);
    else if (typeof value === 'string') result[field] = value;
  }
  return result;
}

function pick(record: Json, fields: readonly string[]): Json {
  return Object.fromEntries(fields.filter(field => field in record).map(field => [field, record[field]]));
}
