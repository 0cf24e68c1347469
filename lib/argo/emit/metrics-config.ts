import { isRecord } from '../../guard/json-value.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { resolveModifiers } from './metric-modifiers.js';
import type { ModifierTable } from './metric-modifiers.js';
import { parseTtl } from './ttl.js';

/** What of `metricsConfig` concerns the recording of custom metrics. */
export interface ResolvedMetricsConfig {
  readonly modifiers: ModifierTable;
  /** How long a series lives that nobody touches; 0 is for ever. */
  readonly ttlMillis: number;
  /** The shortest time to live that some metric has; 0 when nothing expires. */
  readonly shortestTtlMillis: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface Field {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
  /** The values that say what happens here anyway. */
  readonly fitting?: readonly unknown[];
  /** How to get the same. */
  readonly hint: string;
}

const BOOLEAN = { isValid: (value: unknown) => typeof value === 'boolean', expected: 'true or false' };

/** Fields that Argo has and that somebody else acts on here. */
const OTHERS: Readonly<Record<string, Field>> = {
  enabled: { ...BOOLEAN, fitting: [true], hint: 'Do not start an endpoint instead.' },
  path: {
    isValid: value => typeof value === 'string' && value.startsWith('/'),
    expected: 'a path such as /metrics',
    hint: 'Give it to the endpoint.',
  },
  port: {
    isValid: value => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536,
    expected: 'a port',
    hint: 'Give it to the endpoint.',
  },
  secure: {
    ...BOOLEAN,
    fitting: [false],
    hint: 'Endpoints speak plain HTTP; put a proxy in front of them.',
  },
  ignoreErrors: {
    ...BOOLEAN,
    fitting: [true],
    hint: 'A collection never fails as a whole: what went wrong is listed in its errors.',
  },
  disableLegacy: { ...BOOLEAN, fitting: [true, false], hint: '' },
  temporality: {
    isValid: value => value === 'Cumulative' || value === 'Delta',
    expected: 'Cumulative or Delta',
    fitting: ['Cumulative'],
    hint: 'Give the reader an aggregationTemporalitySelector that answers DELTA; Prometheus text is always cumulative.',
  },
  telemetryConfig: { isValid: isRecord, expected: 'an object', hint: 'Argo reads it and ignores it.' },
};

/** Reads Argo's `metricsConfig`. Never throws and never changes it; what it cannot honour it says. */
export function resolveMetricsConfig(config: unknown): ResolvedMetricsConfig {
  const diagnostics: Diagnostic[] = [];
  const path = 'metricsConfig';
  if (config !== undefined && config !== null && !isRecord(config))
    diagnostics.push(invalid(path, 'metricsConfig must be an object'));
  const fields = isRecord(config) ? config : {};
  let ttlMillis = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'modifiers' || value === undefined || value === null) continue;
    if (key === 'metricsTTL') ttlMillis = resolveTtl(value, `${path}.${key}`, diagnostics);
    else checkOther(key, value, `${path}.${key}`, diagnostics);
  }
  const modifiers = resolveModifiers(fields['modifiers'], `${path}.modifiers`, diagnostics);
  const ttls = [ttlMillis, ...modifiers.ttls()].filter(millis => millis > 0);
  const shortestTtlMillis = ttls.length === 0 ? 0 : ttls.reduce((a, b) => Math.min(a, b));
  return { modifiers, ttlMillis, shortestTtlMillis, diagnostics };
}

function resolveTtl(value: unknown, path: string, diagnostics: Diagnostic[]): number {
  const parsed = typeof value === 'string' ? parseTtl(value) : { error: 'a TTL is a text such as 10m' };
  if ('millis' in parsed) return parsed.millis;
  diagnostics.push(invalid(path, parsed.error));
  return 0;
}

function checkOther(key: string, value: unknown, path: string, diagnostics: Diagnostic[]): void {
  const field = Object.hasOwn(OTHERS, key) ? OTHERS[key] : undefined;
  const warning = { code: 'CONFIG_UNSUPPORTED', severity: 'warning', path } as const;
  if (!field) diagnostics.push({ ...warning, message: `unknown field '${key}'` });
  else if (!field.isValid(value)) diagnostics.push(invalid(path, `'${key}' must be ${field.expected}`));
  else if (!field.fitting?.includes(value))
    diagnostics.push({ ...warning, message: `'${key}' has no effect here`, hint: field.hint });
}

function invalid(path: string, message: string): Diagnostic {
  return { code: 'CONFIG_INVALID', severity: 'error', path, message };
}
