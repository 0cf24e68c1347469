// The tags of a metric, and which of them can never be resolved.
import { isArgoVariable, isInArgoNamespace } from '../variables/argo-variables.js';
import type { CompiledMetric } from './compiled-metric.js';
import type { Diagnostic } from '../diagnostic/diagnostic.js';
import { reportFor } from '../diagnostic/metric-report.js';
import { hintForTag } from '../variables/tag-hint.js';
import type { Template } from '../template/template.js';

/** One `{{tag}}` of a metric. */
export interface MetricTag {
  /** Without white space. */
  readonly name: string;
  readonly path: string;
  readonly position: number;
}

/** A text of a metric that may have tags, and where it stands. */
export interface MetricText {
  readonly template: Template;
  readonly path: string;
}

/** All texts of a metric; of a realtime gauge but for its value, which is a variable and no text. */
export function textsOf({ path, name, help, when, labels, value }: CompiledMetric): readonly MetricText[] {
  const texts: MetricText[] = [
    { template: name, path: `${path}.name` },
    { template: help, path: `${path}.help` },
    { template: when, path: `${path}.when` },
    ...labels.flatMap(label => [
      { template: label.key, path: `${label.path}.key` },
      { template: label.value, path: `${label.path}.value` },
    ]),
  ];
  if (value.kind !== 'realtime') texts.push({ template: value.template, path: value.path });
  return texts;
}

/** Of all texts, simple tags only: what an expression looks up is known when it runs. */
export function tagsOf(metric: CompiledMetric): readonly MetricTag[] {
  return textsOf(metric).flatMap(({ template, path }) => tagsOfText(template, path));
}

function tagsOfText(template: Template, path: string): readonly MetricTag[] {
  if (!template.hasTags) return [];
  const tags: MetricTag[] = [];
  for (const segment of template.segments) {
    // `{{a {{b}}` is a text with a tag in it or no tag at all; which one is known when it is rendered.
    if (segment.kind !== 'tag' || segment.tag.includes('{{')) continue;
    tags.push({ name: segment.name, path, position: segment.position });
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
