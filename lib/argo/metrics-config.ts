import { isRecord } from './json-value.js';
import type { Diagnostic } from './diagnostic.js';
import type { EmissionModifier } from './emission-target.js';

/** What of `metricsConfig` concerns the recording of custom metrics. */
export interface ResolvedMetricsConfig {
  readonly modifiers: ReadonlyMap<string, EmissionModifier>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Fields that Argo has and this library does not act on, with the way to get the same. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  enabled: 'Do not start an endpoint instead.',
  path: 'Give it to the endpoint.',
  port: 'Give it to the endpoint.',
  secure: 'Endpoints speak plain HTTP; put a proxy in front of them.',
  metricsTTL: 'Give seriesTtlMillis to the store.',
  ignoreErrors: 'A collection never fails as a whole: what went wrong is listed in its errors.',
  temporality: 'Give an aggregationTemporalitySelector to the reader.',
  telemetryConfig: 'Argo reads it and ignores it.',
};

/** Reads Argo's `metricsConfig`. Never throws; what it cannot honour it says. */
export function resolveMetricsConfig(config: unknown): ResolvedMetricsConfig {
  const diagnostics: Diagnostic[] = [];
  const modifiers = new Map<string, EmissionModifier>();
  if (config === undefined || config === null) return { modifiers, diagnostics };
  const path = 'metricsConfig';
  if (!isRecord(config)) {
    diagnostics.push(invalid(path, 'metricsConfig must be an object'));
    return { modifiers, diagnostics };
  }
  for (const [key, value] of Object.entries(config)) {
    if (key === 'modifiers' || key === 'disableLegacy' || value === undefined || value === null) continue;
    const hint = UNSUPPORTED[key];
    const message = hint === undefined ? `unknown field '${key}'` : `'${key}' has no effect here`;
    const base = {
      code: 'CONFIG_UNSUPPORTED',
      severity: 'warning',
      path: `${path}.${key}`,
      message,
    } as const;
    diagnostics.push(hint === undefined ? base : { ...base, hint });
  }
  const given: unknown = config['modifiers'] ?? {};
  if (!isRecord(given)) diagnostics.push(invalid(`${path}.modifiers`, 'modifiers must be an object'));
  for (const [name, modifier] of Object.entries(isRecord(given) ? given : {})) {
    const resolved = resolveModifier(modifier, `${path}.modifiers.${name}`, diagnostics);
    if (resolved) modifiers.set(name, resolved);
  }
  return { modifiers, diagnostics };
}

function resolveModifier(
  modifier: unknown,
  path: string,
  diagnostics: Diagnostic[],
): EmissionModifier | undefined {
  if (!isRecord(modifier)) {
    diagnostics.push(invalid(path, 'a modifier must be an object'));
    return undefined;
  }
  const { disabled, disabledAttributes = [], histogramBuckets = [] } = modifier;
  const labels: unknown[] = Array.isArray(disabledAttributes) ? disabledAttributes : [undefined];
  const buckets: unknown[] = Array.isArray(histogramBuckets) ? histogramBuckets : [undefined];
  if (labels.some(label => typeof label !== 'string')) {
    diagnostics.push(invalid(`${path}.disabledAttributes`, 'must be a list of label keys'));
    return undefined;
  }
  if (buckets.some(bound => !Number.isFinite(bound))) {
    diagnostics.push(invalid(`${path}.histogramBuckets`, 'must be a list of finite numbers'));
    return undefined;
  }
  // Argo sorts them; a bound that is given twice would be two buckets of which one stays empty.
  const boundaries = [...new Set(buckets.map(Number))].sort((a, b) => a - b);
  return {
    disabled: disabled === true,
    disabledLabels: new Set(labels.map(String)),
    ...(boundaries.length === 0 ? {} : { boundaries }),
  };
}

function invalid(path: string, message: string): Diagnostic {
  return { code: 'CONFIG_INVALID', severity: 'error', path, message };
}
