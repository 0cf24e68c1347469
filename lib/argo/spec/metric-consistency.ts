// What several metrics of one name must agree on. Each is fine alone; together they are one metric of the exposition.
import type { CompiledMetric } from './compiled-metric.js';
import { constructFailure } from './compile-value.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { reportFor } from '../diagnostic/metric-report.js';
import type { MetricReport } from '../diagnostic/metric-report.js';

type Type = 'counter' | 'gauge' | 'histogram';

interface Definition {
  readonly metric: CompiledMetric;
  readonly type: Type;
  readonly place: string;
}

const TITLES: Readonly<Record<Type, string>> = { counter: 'Counter', gauge: 'Gauge', histogram: 'Histogram' };

/** The first metric of a name defines it, as in Argo's controller; later ones are compared with it. */
export class MetricConsistency {
  readonly #definitions = new Map<string, Definition>();

  /** Whether a metric of this name was added before. */
  defines({ name }: CompiledMetric): boolean {
    return this.#definitions.has(name.source);
  }

  /**
   * Compares only what is known before anything is emitted: names, helps and keys without tags.
   * @param place what a reader can find the metric by, should a later one differ from it.
   */
  add(metric: CompiledMetric, place: string): readonly Diagnostic[] {
    const name = metric.name.source;
    if (metric.name.hasTags) return [];
    const type = metric.value.kind === 'realtime' ? 'gauge' : metric.value.kind;
    const first = this.#definitions.get(name);
    if (!first) {
      this.#definitions.set(name, { metric, type, place });
      return [];
    }
    const diagnostics: Diagnostic[] = [];
    compare(first, metric, type, reportFor(metric.metric, diagnostics));
    return diagnostics;
  }
}

function compare(first: Definition, metric: CompiledMetric, type: Type, report: MetricReport): void {
  const { path, name, help, value } = metric;
  const where = `The first one is at ${first.place}.`;
  const earlier = first.metric;
  if (!earlier.help.hasTags && !help.hasTags && earlier.help.source !== help.source) {
    const reason = `help for metric ${name.source} is already set to ${earlier.help.source}, it cannot be changed`;
    report.error('HELP_CONFLICT', `${path}.help`, constructFailure(name.source, reason), where);
  }
  if (first.type !== type) {
    const reason = `found existing ${first.type} for custom metric ${name.source} of type ${TITLES[type]}`;
    report.error('TYPE_CONFLICT', `${path}.${type}`, constructFailure(name.source, reason), where);
  }
  const [keys, earlierKeys] = [keysOf(metric), keysOf(earlier)];
  if (keys !== undefined && earlierKeys !== undefined && keys !== earlierKeys) {
    const message = `labels of metric ${name.source} are [${keys}] here and [${earlierKeys}] there`;
    report.warning(
      'LABELS_DIFFER',
      `${path}.labels`,
      message,
      `${where} Queries see them as unrelated series.`,
    );
  }
  if (value.kind !== 'histogram' || earlier.value.kind !== 'histogram') return;
  const [bounds, earlierBounds] = [value.boundaries.join(', '), earlier.value.boundaries.join(', ')];
  if (bounds !== earlierBounds) {
    const message = `buckets of metric ${name.source} are [${earlierBounds}]; [${bounds}] has no effect`;
    report.warning('BUCKETS_DIFFER', `${path}.histogram.buckets`, message, where);
  }
}

/** `undefined` when a key is known only at emission. */
function keysOf({ labels }: CompiledMetric): string | undefined {
  if (labels.some(({ key }) => key.hasTags)) return undefined;
  return [...new Set(labels.map(({ key }) => key.source))].sort().join(', ');
}
