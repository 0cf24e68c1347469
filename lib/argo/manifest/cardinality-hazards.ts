// Labels whose values never end: every workflow, pod or second would add a series.
import type { CompiledMetric } from '../compiled-metric.js';
import type { MetricReport } from '../metric-report.js';
import type { Template } from '../template.js';

/** Why, by what the variable is called. The first that fits counts. */
const HAZARDS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^workflow\.(?:name|uid)$/, 'every workflow adds a series'],
  [/^(?:pod|node)\.name$/, 'every node of every workflow adds a series'],
  [/^workflow\.(?:creationTimestamp|scheduledTime)(?:\.(?:s|RFC3339|L))?$/, 'every workflow adds a series'],
  [/^(?:duration|workflow\.duration|lastRetry\.duration)$/, 'every duration adds a series'],
  [/^resourcesDuration\./, 'every amount of used resources adds a series'],
  [/^(?:outputs\.result|workflow\.failures|lastRetry\.message)$/, 'every other text adds a series'],
  [
    /^(?:workflow\.(?:parameters|annotations|labels)(?:\.json)?|inputs\.parameters)$/,
    'every other combination adds a series',
  ],
];

const EXPRESSION = /\{\{=(.*?)\}\}/gs;
const IDENTIFIER = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g;
const HINT =
  'Use something with few values, such as {{status}} or an input parameter, or leave the label out.';

/** Warns of labels, and of a name, that are built from something with a new value each time. */
export function reportCardinalityHazards({ path, name, labels }: CompiledMetric, report: MetricReport): void {
  if (name.hasTags) {
    const message = 'the name of the metric comes from a tag: every value of it is another metric';
    report.warning('CARDINALITY_HAZARD', `${path}.name`, message, 'Give it one name, and the value a label.');
  }
  for (const { key, value, path: labelPath } of labels) {
    const hazard = hazardOf(value);
    if (!hazard) continue;
    const message = `label '${key.source}' is built from ${hazard.variable}: ${hazard.reason}`;
    report.warning('CARDINALITY_HAZARD', `${labelPath}.value`, message, HINT);
  }
}

function hazardOf(template: Template): { readonly variable: string; readonly reason: string } | undefined {
  for (const variable of variablesOf(template)) {
    const reason = HAZARDS.find(([pattern]) => pattern.test(variable))?.[1];
    if (reason !== undefined) return { variable, reason };
  }
  return undefined;
}

/** The names in tags, and in expressions whatever looks like one outside of quotes. */
function* variablesOf({ source, segments }: Template): Generator<string> {
  for (const segment of segments) {
    if (segment.kind === 'tag') yield segment.tag.trim();
  }
  for (const [, expression = ''] of source.matchAll(EXPRESSION)) {
    const code = expression.replace(/'[^']*'|"[^"]*"/g, "''");
    for (const [identifier] of code.matchAll(IDENTIFIER)) yield identifier;
  }
}
