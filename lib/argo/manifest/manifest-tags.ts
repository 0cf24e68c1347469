// Tags of a manifest. In a manifest every variable is Argo's, so a name that Argo does not have is a mistake.
import { isArgoVariable, REALTIME_VARIABLES } from '../argo-variables.js';
import { closestWord } from '../../store/closest-word.js';
import type { CompiledMetric } from '../compiled-metric.js';
import type { TextDiagnostic } from '../diagnostic.js';
import { isRecord, listAt, recordAt, textAt } from '../json-value.js';
import type { MetricReport } from '../metric-report.js';
import { hintForTag, tagsOf } from '../metric-tags.js';
import type { MetricTag } from '../metric-tags.js';
import type { MetricsBlock } from './metrics-blocks.js';

/** Reports what cannot be resolved where the metric stands. */
export function reportManifestTags(metric: CompiledMetric, block: MetricsBlock, report: MetricReport): void {
  for (const tag of tagsOf(metric)) {
    const diagnostic = diagnose(tag, block);
    if (diagnostic) report.text(diagnostic, tag.path);
  }
  const { value } = metric;
  if (value.kind !== 'realtime' || REALTIME_VARIABLES.includes(value.variable)) return;
  const message = `'${value.variable}' is not available as a real time metric`;
  const hint = `Give one variable: ${REALTIME_VARIABLES.map(name => `{{${name}}}`).join(' or ')}.`;
  report.error('REALTIME_VARIABLE_UNKNOWN', value.path, message, hint);
}

function diagnose({ name, position }: MetricTag, { template }: MetricsBlock): TextDiagnostic | undefined {
  const message = `failed to resolve {{${name}}}`;
  const unresolved = (severity: TextDiagnostic['severity'], hint: string): TextDiagnostic => {
    return { code: 'TAG_UNRESOLVED', severity, position, message, hint };
  };
  if (!isArgoVariable(name)) return unresolved('error', hintForTag(name));
  if (!template) return undefined;
  const input = parameterIn(name, 'inputs');
  if (input !== undefined) {
    const declared = parametersOf(template, 'inputs');
    return declared.includes(input)
      ? undefined
      : unresolved('error', hintForParameter(input, declared, 'input'));
  }
  const output = parameterIn(name, 'outputs');
  // A plugin gives outputs that no template declares.
  if (output !== undefined && !isRecord(template['plugin'])) {
    const declared = parametersOf(template, 'outputs');
    return declared.includes(output)
      ? undefined
      : unresolved('warning', hintForParameter(output, declared, 'output'));
  }
  const hasPods = template['steps'] === undefined && template['dag'] === undefined;
  if (name === 'exitCode' && !hasPods) {
    return unresolved(
      'warning',
      'Steps and DAGs have no exit code. Put the metric on the template that has a pod.',
    );
  }
  return undefined;
}

/** `inputs.parameters.NAME` → `NAME`; not of `inputs.parameters.NAME.path`, which is another variable. */
function parameterIn(name: string, kind: 'inputs' | 'outputs'): string | undefined {
  const prefix = `${kind}.parameters.`;
  return name.startsWith(prefix) && !name.endsWith('.path') ? name.slice(prefix.length) : undefined;
}

function parametersOf(template: Readonly<Record<string, unknown>>, kind: 'inputs' | 'outputs'): string[] {
  return listAt(recordAt(template, kind), 'parameters').map(parameter => textAt(parameter, 'name'));
}

function hintForParameter(name: string, declared: readonly string[], kind: 'input' | 'output'): string {
  const similar = closestWord(name, declared);
  if (similar !== undefined) return `Did you mean {{${kind}s.parameters.${similar}}}?`;
  const names = declared.slice(0, 5).join(', ');
  return `The template declares no such ${kind} parameter${names === '' ? '' : `, only ${names}`}.`;
}
