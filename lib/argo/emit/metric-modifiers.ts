// For step 7 of an emission: what the configuration says of a metric.
import { matchesPattern } from '../../store/definition/view-matching.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { isRecord } from '../../guard/json-value.js';
import { TwoGenerationCache } from '../../guard/two-generation-cache.js';
import { parseTtl } from './ttl.js';

/** Names that are remembered in each of two generations: they may contain tags, and then there is no end of them. */
const NAMES_MAX = 10_000;

/** What the configuration changes about one metric. */
export interface EmissionModifier {
  readonly disabled: boolean;
  readonly disabledLabels: ReadonlySet<string>;
  readonly boundaries?: readonly number[];
  /** How long a series of this metric lives that nobody touches; 0 is for ever. */
  readonly ttlMillis?: number;
}

interface Rule {
  readonly pattern: string;
  readonly modifier: EmissionModifier;
}

/** Which modifier holds for which metric, by its name without prefix. */
export class ModifierTable {
  readonly #rules: readonly Rule[];
  /** Null: as declared. */
  readonly #known = new TwoGenerationCache<string, EmissionModifier | null>(NAMES_MAX);

  /** @param modifiers by name, in which `*` is any text and `?` any character. */
  constructor(modifiers: ReadonlyMap<string, EmissionModifier>) {
    const rules = [...modifiers].map(([pattern, modifier]) => ({
      isExact: !/[*?]/.test(pattern),
      pattern,
      modifier,
    }));
    // What is said of one name goes before what is said of many; otherwise the order of the configuration counts.
    this.#rules = [...rules.filter(({ isExact }) => isExact), ...rules.filter(({ isExact }) => !isExact)];
  }

  /** The times to live that it gives, in milliseconds. */
  ttls(): number[] {
    return this.#rules.flatMap(({ modifier: { ttlMillis } }) => ttlMillis ?? []);
  }

  /** `undefined`: as declared. Of several that match, all are applied; buckets and TTL are those of the first. */
  get(name: string): EmissionModifier | undefined {
    if (this.#rules.length === 0) return undefined;
    const known = this.#known.get(name);
    if (known !== undefined) return known ?? undefined;
    const found = this.#rules
      .filter(({ pattern }) => matchesPattern(pattern, name))
      .map(({ modifier }) => modifier);
    const modifier = found.length === 0 ? undefined : found.reduce(combine);
    this.#known.set(name, modifier ?? null);
    return modifier;
  }
}

function combine(first: EmissionModifier, second: EmissionModifier): EmissionModifier {
  const boundaries = first.boundaries ?? second.boundaries;
  const ttlMillis = first.ttlMillis ?? second.ttlMillis;
  return {
    disabled: first.disabled || second.disabled,
    disabledLabels: new Set([...first.disabledLabels, ...second.disabledLabels]),
    ...(boundaries && { boundaries }),
    ...(ttlMillis === undefined ? {} : { ttlMillis }),
  };
}

const MODIFIER_FIELDS = new Set(['disabled', 'disabledAttributes', 'histogramBuckets', 'ttl']);

/** Reads `modifiers`. One with a mistake is left out; what is wrong is appended to the diagnostics. */
export function resolveModifiers(given: unknown, path: string, diagnostics: Diagnostic[]): ModifierTable {
  const modifiers = new Map<string, EmissionModifier>();
  if (given !== undefined && given !== null && !isRecord(given))
    diagnostics.push(invalid(path, 'modifiers must be an object'));
  for (const [name, modifier] of Object.entries(isRecord(given) ? given : {})) {
    const resolved = resolveModifier(modifier, `${path}.${name}`, diagnostics);
    if (resolved) modifiers.set(name, resolved);
  }
  return new ModifierTable(modifiers);
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
  for (const key of Object.keys(modifier).filter(field => !MODIFIER_FIELDS.has(field))) {
    const message = `unknown field '${key}'; there are disabled, disabledAttributes, histogramBuckets and ttl`;
    diagnostics.push({ code: 'CONFIG_UNSUPPORTED', severity: 'warning', path: `${path}.${key}`, message });
  }
  const disabled = modifier['disabled'] ?? false;
  const labels = listOf(modifier['disabledAttributes']);
  const buckets = listOf(modifier['histogramBuckets']);
  const ttl = ttlOf(modifier['ttl']);
  const wrong = [
    typeof disabled === 'boolean' ? undefined : invalid(`${path}.disabled`, 'must be true or false'),
    labels?.every(label => typeof label === 'string')
      ? undefined
      : invalid(`${path}.disabledAttributes`, 'must be a list of label keys'),
    buckets?.every(bound => Number.isFinite(bound))
      ? undefined
      : invalid(`${path}.histogramBuckets`, 'must be a list of finite numbers'),
    ttl && 'error' in ttl ? invalid(`${path}.ttl`, ttl.error) : undefined,
  ].filter(found => found !== undefined);
  for (const diagnostic of wrong) diagnostics.push(diagnostic);
  if (wrong.length > 0) return undefined;
  // Argo sorts them; a bound that is given twice would be two buckets of which one stays empty.
  const boundaries = [...new Set(buckets?.map(Number))].sort((a, b) => a - b);
  return {
    disabled: disabled === true,
    disabledLabels: new Set(labels?.map(String)),
    ...(boundaries.length === 0 ? {} : { boundaries }),
    ...(ttl && 'millis' in ttl ? { ttlMillis: ttl.millis } : {}),
  };
}

function ttlOf(value: unknown): ReturnType<typeof parseTtl> | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? parseTtl(value) : { error: 'a TTL is a text such as 10m' };
}

/** `undefined` for what is no list. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : undefined;
}

function invalid(path: string, message: string): Diagnostic {
  return { code: 'CONFIG_INVALID', severity: 'error', path, message };
}
