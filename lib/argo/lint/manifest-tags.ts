// Tags of a manifest. In a manifest every variable is Argo's, so a name that Argo does not have is a mistake.
import { isArgoVariable, REALTIME_VARIABLES, sourceOf } from '../variables/argo-variables.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { tagsOf } from '../spec/metric-tags.js';
import type { MetricTag } from '../spec/metric-tags.js';
import { hintForTag } from '../variables/tag-hint.js';
import { absenceOf } from './absent-variables.js';
import type { Absence } from './absent-variables.js';
import type { BlockScope } from './block-scope.js';
import { templatesOfSpec } from '../manifest/metrics-blocks.js';

/** Whether a variable may have a value where the metric stands. */
export function existsIn(scope: BlockScope): (name: string) => boolean {
  return name => isArgoVariable(name) && absenceOf(name, scope) === undefined;
}

/** Reports simple tags that cannot be resolved where the metric stands. */
export function reportManifestTags(metric: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  for (const { name, path, position } of [...tagsOf(metric), ...realtimeTags(metric, scope)]) {
    const absence = isArgoVariable(name)
      ? (absenceOf(name, scope) ?? itemKey(name, scope))
      : { severity: 'error' as const, hint: hintForTag(name, existsIn(scope)) };
    if (!absence) continue;
    report.text(
      { code: 'TAG_UNRESOLVED', position, message: `failed to resolve {{${name}}}`, ...absence },
      path,
    );
  }
  reportRealtimeVariable(metric, scope, report);
}

/** Argo's validation knows no keys of items in an inline template. It looks at the first one that it comes to. */
function itemKey(name: string, { spec }: BlockScope): Absence | undefined {
  if (sourceOf(name) !== 'loop' || name === 'item') return undefined;
  const inline = templatesOfSpec(spec, '').filter(({ around }) => around.length > 0);
  const hint = `In an inline template Argo's validation takes it in an expression only: {{=${name}}}.`;
  return { severity: inline.length > 1 ? 'warning' : 'error', hint };
}

/** The variable of a realtime gauge is a text to who fills in the items of a loop. */
function realtimeTags({ value }: CompiledMetric, { loop }: BlockScope): readonly MetricTag[] {
  if (!loop || value.kind !== 'realtime' || !REALTIME_VARIABLES.includes(value.variable)) return [];
  return [{ name: value.variable, path: value.path, position: 0 }];
}

function reportRealtimeVariable({ value }: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  if (value.kind !== 'realtime') return;
  const { level } = scope;
  const { variable, path } = value;
  const unavailable = `'${variable}' is not available as a real time metric`;
  if (!REALTIME_VARIABLES.includes(variable)) {
    const hint = `Give one variable: ${REALTIME_VARIABLES.map(name => `{{${name}}}`).join(' or ')}.`;
    report.error('REALTIME_VARIABLE_UNKNOWN', path, unavailable, hint);
  } else if (level === 'workflow' && variable === 'duration') {
    const hint = 'The workflow has it only when it is over. While it runs there is {{workflow.duration}}.';
    report.warning('REALTIME_VARIABLE_UNKNOWN', path, unavailable, hint);
  } else if (level === 'template' && variable === 'workflow.duration') {
    const hint =
      'The controller fills in a number before it looks for a variable. Show {{duration}}, or put the metric on the workflow.';
    report.warning(
      'REALTIME_VALUE_INVALID',
      path,
      'real time metrics can only be used with metric variables',
      hint,
    );
  }
}
