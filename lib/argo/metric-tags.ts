// The tags of a metric, and which of them can never be resolved.
import { isArgoVariable, isInArgoNamespace, similarVariable } from './argo-variables.js';
import type { CompiledMetric } from './compiled-metric.js';
import type { Diagnostic } from './diagnostic.js';
import { reportFor } from './metric-report.js';
import { nameOfTag } from './template.js';
import type { Template } from './template.js';

/** One `{{tag}}` of a metric. */
export interface MetricTag {
  /** Without white space. */
  readonly name: string;
  readonly path: string;
  readonly position: number;
}

/** Of all texts, simple tags only: what an expression looks up is known when it runs. */
export function tagsOf({ path, name, help, when, labels, value }: CompiledMetric): readonly MetricTag[] {
  const texts: (readonly [Template, string])[] = [
    [name, `${path}.name`],
    [help, `${path}.help`],
    [when, `${path}.when`],
    ...labels.flatMap(label => [
      [label.key, `${label.path}.key`] as const,
      [label.value, `${label.path}.value`] as const,
    ]),
  ];
  if (value.kind !== 'realtime') texts.push([value.template, value.path]);
  return texts.flatMap(([template, textPath]) => tagsOfText(template, textPath));
}

function tagsOfText(template: Template, path: string): readonly MetricTag[] {
  if (!template.hasTags) return [];
  const tags: MetricTag[] = [];
  for (const segment of template.segments) {
    // `{{a {{b}}` is a text with a tag in it or no tag at all; which one is known when it is rendered.
    if (segment.kind !== 'tag' || segment.tag.includes('{{')) continue;
    tags.push({ name: nameOfTag(segment.tag), path, position: segment.position });
  }
  return tags;
}

/**
 * Warns of names that look like Argo's and are not: `workflow.nmae`, `steps.a.outputs.result`. Other names may be the
 * application's own variables.
 */
export function reportUnknownTags(metric: CompiledMetric, diagnostics: Diagnostic[]): void {
  for (const { name, path, position } of tagsOf(metric)) {
    if (!isInArgoNamespace(name) || isArgoVariable(name)) continue;
    reportFor(metric.metric, diagnostics).text(
      {
        code: 'TAG_UNKNOWN',
        severity: 'warning',
        position,
        message: `failed to resolve {{${name}}}`,
        hint: hintForTag(name),
      },
      path,
    );
  }
}

/** What may help who wrote a tag that nobody knows. */
export function hintForTag(name: string): string {
  if (/^(?:steps|tasks)\./.test(name)) {
    return 'Metrics see no other nodes. Take it as an input parameter of the template, or put the metric on that node.';
  }
  const similar = similarVariable(name);
  return similar === undefined
    ? 'Argo Workflows has no such variable for metrics.'
    : `Did you mean {{${similar}}}?`;
}
