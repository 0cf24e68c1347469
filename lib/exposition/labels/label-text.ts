import type { Attributes } from '@opentelemetry/api';
import type { StreamDefinition } from '../../store/definition/stream.js';
import { escapeLabelValue, wellFormed, wellFormedName } from '../names/escape.js';
import { compareText } from '../names/text-order.js';

const OLD_KEY = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What all series of one stream have in common in their labels. */
export interface LabelRules {
  /** Label keys were declared for Prometheus: they keep runs of `_`. */
  readonly verbatim: boolean;
  /** `le` is taken by the buckets. */
  readonly isHistogram: boolean;
  /** Keys outside of the old alphabet stay as they are. @defaultValue `false` */
  readonly utf8Names?: boolean;
  /** Called for each key that would come out differently with UTF-8 names. */
  readonly noteUtf8Key?: () => void;
  /** Labels on every series; an attribute of the same name does not replace them. */
  readonly fixed: readonly (readonly [key: string, value: string])[];
}

/** "Prometheus exporters MUST add the scope name as the `otel_scope_name` label [...] on all metric points by default." */
export function labelRules(definition: StreamDefinition, utf8Names = false): LabelRules {
  const { scope, verbatim } = definition;
  const fixed: [string, string][] = [];
  if (!verbatim) {
    if (scope.name !== '') fixed.push(['otel_scope_name', scope.name]);
    if (scope.version !== undefined && scope.version !== '')
      fixed.push(['otel_scope_version', scope.version]);
    if (scope.schemaUrl !== undefined && scope.schemaUrl !== '')
      fixed.push(['otel_scope_schema_url', scope.schemaUrl]);
  }
  return { verbatim, isHistogram: definition.kind === 'HISTOGRAM', utf8Names: utf8Names && !verbatim, fixed };
}

/** The labels between the braces, sorted by key: `key="value",key2="value2"`; the empty string when there are none. */
export function labelText(attributes: Attributes, rules: LabelRules): string {
  return labelPairs(attributes, rules)
    .map(
      ([key, value]) => `${isUtf8Key(key) ? `"${escapeLabelValue(key)}"` : key}="${escapeLabelValue(value)}"`,
    )
    .join(',');
}

/**
 * The labels of a series as they are exposed, sorted by key; each key once. "A label with an empty label value is considered
 * equivalent to a label that does not exist": it is left out, so that what is one series to a server is one here. Not of
 * what was declared for Prometheus, where all series of a name have the same keys.
 */
export function labelPairs(attributes: Attributes, rules: LabelRules): [key: string, value: string][] {
  const values = new Map<string, string>(rules.fixed);
  const ownKeys = new Set<string>();
  // "the values MUST be concatenated together, separated by `;`, and ordered by the lexicographical order of the
  // original keys": so the keys are visited in that order.
  for (const attributeKey of Object.keys(attributes).sort()) {
    const attributeValue = attributes[attributeKey];
    if (attributeValue === undefined || attributeValue === null) continue;
    const key = labelKey(attributeKey, rules);
    const text = attributeText(attributeValue);
    if (text === undefined) continue;
    if (ownKeys.has(key)) values.set(key, `${values.get(key) ?? ''};${text}`);
    else if (!values.has(key)) {
      ownKeys.add(key);
      values.set(key, text);
    }
  }
  const pairs = rules.verbatim ? [...values] : [...values].filter(([, value]) => value !== '');
  return pairs.sort(([a], [b]) => compareText(a, b));
}

/** What a client that does not know quoted keys cannot read. The empty key is none. */
function isUtf8Key(key: string): boolean {
  return key !== '' && !OLD_KEY.test(key);
}

function labelKey(attributeKey: string, rules: LabelRules): string {
  if (!rules.verbatim && isUtf8Key(attributeKey)) {
    rules.noteUtf8Key?.();
    if (rules.utf8Names === true) return wellFormedName(attributeKey).replace(/^_{2,}/, '_');
  }
  // A key that begins with two underscores is Prometheus' own; `__name__` would make the whole scrape unreadable.
  let key = rules.verbatim
    ? attributeKey.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^_{2,}/, '_')
    : attributeKey.replaceAll(/[^a-zA-Z0-9_]+/g, '_').replaceAll(/_{2,}/g, '_');
  if (key === '' || /^[0-9]/.test(key)) key = `_${key}`;
  // As Prometheus renames a label that collides with one of its own.
  return rules.isHistogram && key === 'le' ? 'exported_le' : key;
}

/**
 * "non-string Attribute values MUST be converted to string attributes following the attribute specification": JSON, where
 * NaN and the infinities, which JSON does not know, are written as words. Of a resource, a value can be anything; nothing
 * for what cannot be written.
 */
function attributeText(value: unknown): string | undefined {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`;
  try {
    return JSON.stringify(value, (_, element: unknown) =>
      typeof element === 'bigint' || (typeof element === 'number' && !Number.isFinite(element))
        ? String(element)
        : element,
    );
  } catch {
    return undefined; // It refers to itself, or something in it throws.
  }
}
