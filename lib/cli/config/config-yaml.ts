// Values as YAML that reads back the same: by Go's rules, by which a file is read, and by those of YAML 1.2, by which others
// may read it. Not for people's comments or anchors, so a printer of a page is enough.
import { readGoScalar } from '../../argo/manifest/go-scalar.js';
import { isRecord } from '../../guard/json-value.js';

/** What needs no quotes to any reader, unless it is something else than a text to Go; and nobody takes it for a date. */
const PLAIN = /^(?!\d+-)[A-Za-z0-9/.][A-Za-z0-9_./-]*$/;
/** What may not stand in a line, would steer a terminal, or is no text to Go. */
// eslint-disable-next-line no-control-regex -- they are what it is about
const ESCAPED = /[\u0000-\u001F\u007F-\u009F\u00AD\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g;
const INDENT = '  ';

/** @returns lines, without an indentation of their own; one line where the value fits behind its key */
export function yamlLines(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap(item => underDash(yamlLines(item)));
  if (!isRecord(value) || Object.keys(value).length === 0) return [scalarText(value)];
  return Object.entries(value).flatMap(([key, member]) => underKey(textOf(key), member));
}

/** A key and its value. */
export function underKey(key: string, value: unknown): readonly string[] {
  const lines = yamlLines(value);
  return isInline(value)
    ? [`${key}: ${lines.join('')}`]
    : [`${key}:`, ...lines.map(line => `${INDENT}${line}`)];
}

function underDash(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : `${INDENT}${line}`));
}

/** Whether the value stands in the line of its key. */
function isInline(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return '[]';
  if (Object.is(value, -0)) return '-0.0';
  return isRecord(value) ? '{}' : JSON.stringify(value ?? null);
}

function textOf(text: string): string {
  const isPlain = PLAIN.test(text) && readGoScalar(text, undefined, true).kind === 'string';
  if (isPlain) return text;
  return JSON.stringify(text).replace(
    ESCAPED,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
