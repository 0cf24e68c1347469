// Tags of a manifest. In a manifest every variable is Argo's, so a name that Argo does not have is a mistake.
import { isArgoVariable, REALTIME_VARIABLES } from '../variables/argo-variables.js';
import type { CompiledMetric } from '../spec/compiled-metric.js';
import type { MetricReport } from '../diagnostic/metric-report.js';
import { tagsOf } from '../spec/metric-tags.js';
import { hintForTag } from '../variables/tag-hint.js';
import { absenceOf } from './absent-variables.js';
import type { BlockScope } from './block-scope.js';

/** Whether a variable may have a value where the metric stands. */
export function existsIn(scope: BlockScope): (name: string) => boolean {
  return name => isArgoVariable(name) && absenceOf(name, scope) === undefined;
}

/** Reports simple tags that cannot be resolved where the metric stands. */
export function reportManifestTags(metric: CompiledMetric, scope: BlockScope, report: MetricReport): void {
  for (const { name, path, position } of tagsOf(metric)) {
    const absence = isArgoVariable(name)
      ? absenceOf(name, scope)
      : { severity: 'error' as const, hint: hintForTag(name, existsIn(scope)) };
    if (!absence) continue;
    report.text(
      { code: 'TAG_UNRESOLVED', position, message: `failed to resolve {{${name}}}`, ...absence },
      path,
    );
  }
  reportRealtimeVariable(metric, scope, report);
}

function reportRealtimeVariable(
  { value }: CompiledMetric,
  { level }: BlockScope,
  report: MetricReport,
): void {
  if (value.kind !== 'realtime') return;
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
