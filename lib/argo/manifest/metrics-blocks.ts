// Where in an object of Argo Workflows `metrics` stand.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import { isLoop } from '../workflow/loop-call.js';
import { objectsIn } from './manifest-objects.js';

/** One `metrics` object of a manifest. */
export interface MetricsBlock {
  readonly metrics: unknown;
  /** In the document. */
  readonly path: string;
  readonly level: 'workflow' | 'template';
  /** The template it belongs to; for `templateDefaults` and workflows there is none whose parameters are known. */
  readonly template?: Readonly<Record<string, unknown>>;
  /** The specification of a workflow that it is in. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** What the specification is of, such as a Workflow. */
  readonly object?: unknown;
  /** Of a template that a step or a task has inline: those around it, the outermost first. */
  readonly around?: readonly Readonly<Record<string, unknown>>[];
  /** The outermost step or task around it that runs once for each item. */
  readonly loop?: Readonly<Record<string, unknown>> | undefined;
}

/** A template of a workflow, or one that a step or task has inline. */
export interface PlacedTemplate extends Nesting {
  readonly template: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** What stands around an inline template. */
type Nesting = Required<Pick<MetricsBlock, 'around' | 'loop'>>;

/** Templates inside templates; Argo itself allows few. */
const DEPTH_MAX = 20;
const WORKFLOW_KINDS = new Set(['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate']);

/** All of a document, whatever it holds. Nothing for kinds that have no metrics. */
export function findMetricsBlocks(document: unknown): readonly MetricsBlock[] {
  return workflowSpecsIn(document).flatMap(blocksOfSpec);
}

/** The specification of a workflow. */
export interface PlacedSpec {
  readonly spec: Readonly<Record<string, unknown>>;
  /** Of the specification, in the document. */
  readonly path: string;
  /** What it is of. */
  readonly object: unknown;
}

/** Of all workflows that a document holds. */
export function workflowSpecsIn(document: unknown): readonly PlacedSpec[] {
  return objectsIn(document).flatMap(({ object, path }) => {
    const kind = textAt(object, 'kind');
    const outer = path === '' ? 'spec' : `${path}.spec`;
    if (WORKFLOW_KINDS.has(kind)) return [{ object, spec: recordAt(object, 'spec'), path: outer }];
    if (kind !== 'CronWorkflow') return [];
    return [
      { object, spec: recordAt(recordAt(object, 'spec'), 'workflowSpec'), path: `${outer}.workflowSpec` },
    ];
  });
}

/** The workflow's own metrics first, those of templates in their order. */
export function blocksOfSpec({ spec, path, object }: PlacedSpec): readonly MetricsBlock[] {
  const blocks: MetricsBlock[] = [];
  if (spec['metrics'] !== undefined)
    blocks.push({ metrics: spec['metrics'], path: `${path}.metrics`, level: 'workflow' });
  const defaults = recordAt(spec, 'templateDefaults')['metrics'];
  if (defaults !== undefined)
    blocks.push({ metrics: defaults, path: `${path}.templateDefaults.metrics`, level: 'template' });
  for (const { template, path: place, around, loop } of templatesOfSpec(spec, path)) {
    const { metrics } = template;
    if (metrics === undefined) continue;
    blocks.push({ metrics, path: `${place}.metrics`, level: 'template', template, around, loop });
  }
  return blocks.map(block => ({ ...block, spec, object }));
}

/** In the order of the manifest. */
export function templatesOfSpec(
  spec: Readonly<Record<string, unknown>>,
  path: string,
): readonly PlacedTemplate[] {
  const found: PlacedTemplate[] = [];
  for (const [index, template] of listAt(spec, 'templates').entries())
    collectTemplates(template, `${path}.templates[${index}]`, { around: [], loop: undefined }, found);
  return found;
}

function collectTemplates(template: unknown, path: string, nesting: Nesting, found: PlacedTemplate[]): void {
  const { around, loop } = nesting;
  if (!isRecord(template) || around.length > DEPTH_MAX) return;
  found.push({ template, path, ...nesting });
  for (const { call, path: place } of callsOf(template, path)) {
    const inside = { around: [...around, template], loop: loop ?? (isLoop(call) ? call : undefined) };
    collectTemplates(call['inline'], `${place}.inline`, inside, found);
  }
}

/** The steps or tasks of a template. */
export function callsOf(
  template: Readonly<Record<string, unknown>>,
  path: string,
): readonly { readonly call: Readonly<Record<string, unknown>>; readonly path: string }[] {
  const steps = listAt(template, 'steps').flatMap((group, outer) =>
    (Array.isArray(group) ? (group as readonly unknown[]) : []).map(
      (call, inner) => [call, `${path}.steps[${outer}][${inner}]`] as const,
    ),
  );
  const tasks = listAt(recordAt(template, 'dag'), 'tasks').map(
    (call, index) => [call, `${path}.dag.tasks[${index}]`] as const,
  );
  return [...steps, ...tasks].flatMap(([call, place]) => (isRecord(call) ? [{ call, path: place }] : []));
}
