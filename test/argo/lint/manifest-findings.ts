// Manifests for rules about what a metric means, and what `lint` says about them.
import { BlockScope } from '../../../lib/argo/lint/block-scope.js';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';

type Json = Readonly<Record<string, unknown>>;

/** A counter with one label. */
export function labelled(value: string): Json {
  return { name: 'm_total', help: 'M', labels: [{ key: 'k', value }], counter: { value: '1' } };
}

/** A gauge with this value. */
export function gauge(value: string): Json {
  return { name: 'm', help: 'M', gauge: { realtime: false, value } };
}

/** A counter with this clause. */
export function clause(when: string): Json {
  return { name: 'm_total', help: 'M', when, counter: { value: '1' } };
}

/** A WorkflowTemplate with one template that has the metric. */
export function inTemplate(
  metric: Json,
  template: Json = { container: { image: 'x' } },
  spec: Json = {},
): Json {
  const metrics = { prometheus: [metric] };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'WorkflowTemplate',
    metadata: { name: 'w' },
    spec: { templates: [{ name: 't', ...template, metrics }], ...spec },
  };
}

/** A Workflow that has the metric, with one template as its entry. */
export function inWorkflow(
  metric: Json,
  template: Json = { container: { image: 'x' } },
  spec: Json = {},
): Json {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'w-' },
    spec: {
      entrypoint: 't',
      metrics: { prometheus: [metric] },
      templates: [{ name: 't', ...template }],
      ...spec,
    },
  };
}

/** `SEVERITY CODE: MESSAGE | HINT` of each finding, of these codes only. */
export function findingsIn(manifest: Json, ...codes: readonly string[]): string[] {
  const { findings } = new ManifestLinter().lint('f.yaml', JSON.stringify(manifest));
  return findings
    .filter(({ code }) => codes.length === 0 || codes.includes(code))
    .map(({ severity, code, message, hint }) => `${severity} ${code}: ${message} | ${hint ?? ''}`);
}

/** The scope of metrics of a template, or without one of a workflow, of a specification. */
export function scopeIn(spec: Json, template?: Json, kind = 'Workflow'): BlockScope {
  const level = template ? 'template' : 'workflow';
  const place = { metrics: {}, path: 'spec.metrics', level, spec, object: { kind } } as const;
  return new BlockScope(template ? { ...place, template } : place);
}
