// Parameters of OpenShift Templates, filled in as `oc process` does it.
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { isRecord, listAt, textAt } from '../../guard/json-value.js';
import { stepsOf } from './manifest-position.js';

type Json = Readonly<Record<string, unknown>>;

/** Of a parameter that gets its value when the template is processed. What is said of a text with it may be wrong. */
export const UNKNOWN_VALUE = 'openshift_parameter_without_value';
/** More values than any template has. */
const VALUES_MAX = 1_000_000;
const DEPTH_MAX = 200;

/** The template with each `${NAME}` replaced by the parameter's text, and each `"${{NAME}}"` by its value as JSON. */
export function fillParameters(template: Json): Json {
  const values = valuesOf(template);
  if (values.size === 0) return template;
  let count = 0;
  const fill = (value: unknown, depth: number): unknown => {
    count++;
    if (count > VALUES_MAX || depth > DEPTH_MAX) return value;
    if (typeof value === 'string') return fillText(value, values);
    if (Array.isArray(value)) return value.map(item => fill(item, depth + 1));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, depth + 1)]));
  };
  return { ...template, objects: fill(template['objects'], 0) };
}

function fillText(text: string, values: ReadonlyMap<string, string>): unknown {
  const whole = /^\$\{\{(\w+)\}\}$/.exec(text)?.[1];
  if (whole !== undefined && values.has(whole)) return parseOrKeep(values.get(whole) ?? '');
  return text.replace(/\$\{(\w+)\}/g, (reference, name: string) => values.get(name) ?? reference);
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether what is said hangs on the value of a parameter that is not known yet. */
export function isUncertain(document: unknown, { path, metric = '' }: Diagnostic): boolean {
  if (textAt(document, 'kind') !== 'Template') return false;
  if (metric.includes(UNKNOWN_VALUE)) return true;
  let value = document;
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Record<string | number, unknown>)[step];
  }
  if (typeof value !== 'string') return false;
  const values = valuesOf(document);
  return [...value.matchAll(/\$\{\{?(\w+)\}/g)].some(([, name = '']) => values.get(name) === UNKNOWN_VALUE);
}

function valuesOf(template: unknown): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const parameter of listAt(template, 'parameters')) {
    const name = textAt(parameter, 'name');
    if (name !== '') values.set(name, textAt(parameter, 'value') || UNKNOWN_VALUE);
  }
  return values;
}
