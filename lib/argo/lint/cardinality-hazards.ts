// Labels whose values never end: every workflow, pod or second would add a series.
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import type { BlockScope } from './block-scope.js';
import { inputsFromCallers } from './caller-arguments.js';
import { spreadOfTemplate } from './label-flow.js';
import { isEndless } from './value-spread.js';
import type { Spread, SpreadKind } from './value-spread.js';

const REASONS: Readonly<Partial<Record<SpreadKind, string>>> = {
  number: 'every other number adds a series',
  text: 'every other text adds a series',
  perRun: 'every workflow adds a series',
  perNode: 'every node of every workflow adds a series',
  fresh: 'every emission adds a series',
};
const HINT =
  'Use something with few values, such as {{status}} or an input parameter, or leave the label out.';
const PASSED_HINT = 'Use something with few values, such as {{status}}, or leave the label out.';
const NUMBER_HINT =
  'Record it as the value of a gauge or a histogram. A label takes few ranges of it, not the number itself.';

/** Warns of labels, and of a name, that are built from something with a new value each time. */
export function reportCardinalityHazards(
  { path, name, labels }: CompiledMetric,
  scope: BlockScope,
  report: MetricReport,
): void {
  if (name.hasTags) {
    const message = 'the name of the metric comes from a tag: every value of it is another metric';
    report.warning('CARDINALITY_HAZARD', `${path}.name`, message, 'Give it one name, and the value a label.');
  }
  const inputs = inputsFromCallers(scope);
  for (const { key, value, path: labelPath } of labels) {
    const spread = spreadOfTemplate(value, { inputs });
    if (!isEndless(spread)) continue;
    const message = `label '${key.source}' is built from ${originOf(spread)}: ${REASONS[spread.kind]}`;
    report.warning('CARDINALITY_HAZARD', `${labelPath}.value`, message, hintFor(spread));
  }
}

function hintFor(spread: Spread): string {
  if (spread.kind === 'number') return NUMBER_HINT;
  return 'through' in spread ? PASSED_HINT : HINT;
}

function originOf(spread: Spread): string {
  if (spread.kind === 'fixed') return '';
  return spread.through === undefined
    ? spread.source
    : `${spread.source}, which a caller passes in ${spread.through}`;
}
