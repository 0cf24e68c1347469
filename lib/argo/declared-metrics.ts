import type { CompiledMetric } from './compile.js';
import type { Diagnostic } from './diagnostic.js';

/** Names that are compared; a cluster has a few hundred. */
const NAMES_MAX = 10_000;

interface Declaration {
  readonly labelKeys: string;
  /** Of a histogram. */
  readonly boundaries: string | undefined;
}

/**
 * Finds metrics of one name that are declared differently in ways that Argo does not notice: other label keys, other
 * buckets. They are recorded as Argo records them, label keys as given and buckets as the first definition has them.
 */
export class DeclaredMetrics {
  readonly #first = new Map<string, Declaration>();

  /** A warning for each metric that differs from the first of its name. */
  compare(metrics: readonly CompiledMetric[]): Diagnostic[] {
    return metrics.flatMap(metric => this.#compareOne(metric));
  }

  #compareOne({ metric, path, name, labels, value }: CompiledMetric): Diagnostic[] {
    if (name.hasTags || labels.some(({ key }) => key.hasTags)) return [];
    const declaration: Declaration = {
      labelKeys: [...new Set(labels.map(({ key }) => key.source))].sort().join(', '),
      boundaries: value.kind === 'histogram' ? value.boundaries.join(', ') : undefined,
    };
    const first = this.#first.get(name.source);
    if (!first) {
      if (this.#first.size < NAMES_MAX) this.#first.set(name.source, declaration);
      return [];
    }
    const found: Diagnostic[] = [];
    const warn = (code: 'BUCKETS_DIFFER' | 'LABEL_KEYS_DIFFER', at: string, message: string): void => {
      found.push({ code, severity: 'warning', metric, path: `${path}.${at}`, message });
    };
    if (first.labelKeys !== declaration.labelKeys) {
      const [ours, theirs] = [declaration.labelKeys, first.labelKeys].map(keys => keys || 'none');
      warn(
        'LABEL_KEYS_DIFFER',
        'labels',
        `'${metric}' has the label keys ${ours}; elsewhere it has ${theirs}`,
      );
    }
    const { boundaries } = declaration;
    if (boundaries !== undefined && first.boundaries !== undefined && boundaries !== first.boundaries) {
      const message = `'${metric}' has the buckets ${boundaries}; the first definition, with ${first.boundaries}, counts`;
      warn('BUCKETS_DIFFER', 'histogram.buckets', message);
    }
    return found;
  }
}
