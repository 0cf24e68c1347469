import type { CompiledMetric } from './compile.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';

/** Names that are compared; a cluster has a few hundred. */
const NAMES_MAX = 10_000;

interface Declaration {
  readonly labelKeys: string;
  /** Of a histogram. */
  readonly boundaries: string | undefined;
}

/**
 * Finds metrics of one name that are declared differently in several places, in ways that Argo does not notice: other label
 * keys, other buckets. They are recorded as Argo records them, label keys as given and buckets as the first definition has
 * them.
 */
export class DeclaredMetrics {
  readonly #first = new Map<string, Declaration>();

  /** A warning for each metric that differs from the first of its name in an earlier call. */
  compare(metrics: readonly CompiledMetric[]): Diagnostic[] {
    const comparable = metrics.filter(
      ({ name, labels }) => !name.hasTags && !labels.some(({ key }) => key.hasTags),
    );
    const diagnostics = comparable.flatMap(metric => this.#differences(metric));
    for (const metric of comparable) {
      const name = metric.name.source;
      if (this.#first.size < NAMES_MAX && !this.#first.has(name))
        this.#first.set(name, declarationOf(metric));
    }
    return diagnostics;
  }

  #differences(metric: CompiledMetric): Diagnostic[] {
    const first = this.#first.get(metric.name.source);
    if (!first) return [];
    const { labelKeys, boundaries } = declarationOf(metric);
    const found: Diagnostic[] = [];
    const warn = (code: 'BUCKETS_DIFFER' | 'LABELS_DIFFER', at: string, message: string): void => {
      found.push({ code, severity: 'warning', metric: metric.metric, path: `${metric.path}.${at}`, message });
    };
    if (first.labelKeys !== labelKeys) {
      const message = `labels of metric ${metric.metric} are [${labelKeys}] here and [${first.labelKeys}] elsewhere`;
      warn('LABELS_DIFFER', 'labels', message);
    }
    if (boundaries !== undefined && first.boundaries !== undefined && boundaries !== first.boundaries) {
      const message = `buckets of metric ${metric.metric} are [${first.boundaries}]; [${boundaries}] has no effect`;
      warn('BUCKETS_DIFFER', 'histogram.buckets', message);
    }
    return found;
  }
}

function declarationOf({ labels, value }: CompiledMetric): Declaration {
  return {
    labelKeys: [...new Set(labels.map(({ key }) => key.source))].sort().join(', '),
    boundaries: value.kind === 'histogram' ? value.boundaries.join(', ') : undefined,
  };
}
