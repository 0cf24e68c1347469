// Whose samples of a name are, by the types that a text declares. A type may come behind the samples: it holds for them too,
// as it does for a Prometheus server.

export interface SampleOwner {
  /** Of the metric. */
  readonly name: string;
  /** `unknown` when the text does not say it. */
  readonly type: string;
  /** One of each series, a part of a series, or what there is beside one of these. */
  readonly role: 'series' | 'part' | 'beside';
  readonly isDeclared: boolean;
}

/** Ends of the samples of a metric, by its type; the first one is that of its series. */
const SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['histogram', ['_count', '_bucket', '_sum', '_created']],
  ['gaugehistogram', ['_gcount', '_bucket', '_gsum', '_created']],
  ['summary', ['_count', '_sum', '_created']],
  ['counter', ['_total', '_created']],
  ['info', ['_info']],
]);
const SUFFIX = /_(?:bucket|sum|count|gsum|gcount|total|created|info)$/;

/** Types of OpenMetrics alone. */
const OPENMETRICS: ReadonlySet<string> = new Set(['info', 'stateset', 'gaugehistogram']);

export class MetricTypes {
  readonly #types = new Map<string, string>();
  #isOpenMetrics = false;

  get size(): number {
    return this.#types.size;
  }

  /** Whether there is something that only OpenMetrics has. */
  get isOpenMetrics(): boolean {
    return this.#isOpenMetrics;
  }

  /** The first type of a name holds. */
  declare(name: string, type: string): void {
    if (this.#types.has(name)) return;
    this.#types.set(name, type === 'untyped' ? 'unknown' : type);
    this.#isOpenMetrics ||= OPENMETRICS.has(type);
  }

  /** @param hasSamples whether there are samples of a name */
  ownerOf(name: string, hasSamples: (name: string) => boolean): SampleOwner {
    const own = this.#types.get(name);
    // A summary's own name is that of its quantiles, a histogram's that of nothing.
    if (own !== undefined)
      return { name, type: own, role: isInParts(own) ? 'part' : 'series', isDeclared: true };
    const suffix = SUFFIX.exec(name)?.[0] ?? '';
    const base = name.slice(0, name.length - suffix.length);
    const type = this.#types.get(base) ?? '';
    const [first, ...others] = SUFFIXES.get(type) ?? [];
    if (suffix === first && (isInParts(type) || !hasSamples(base))) {
      this.#isOpenMetrics ||= type === 'counter';
      return { name: base, type, role: 'series', isDeclared: true };
    }
    if (others.includes(suffix))
      return { name: base, type, role: suffix === '_bucket' ? 'part' : 'beside', isDeclared: true };
    return { name, type: 'unknown', role: 'series', isDeclared: false };
  }
}

function isInParts(type: string): boolean {
  return type === 'summary' || type.endsWith('histogram');
}
