// Where in an object of Argo Workflows `metrics` stand.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
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
  /** The template stands in a step or a task that runs once for each item. */
  readonly isInLoop?: boolean;
}

/** A template of a workflow, or one that a step or task has inline. */
export interface PlacedTemplate {
  readonly template: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** It stands in a step or a task that runs once for each item. */
  readonly isInLoop: boolean;
}

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
  if (spec['metrics'] !== undefined) {
    blocks.push({ metrics: spec['metrics'], path: `${path}.metrics`, level: 'workflow' });
  }
  const defaults = recordAt(spec, 'templateDefaults')['metrics'];
  if (defaults !== undefined) {
    blocks.push({ metrics: defaults, path: `${path}.templateDefaults.metrics`, level: 'template' });
  }
  for (const { template, path: place, isInLoop } of templatesOfSpec(spec, path)) {
    const { metrics } = template;
    if (metrics === undefined) continue;
    blocks.push({ metrics, path: `${place}.metrics`, level: 'template', template, isInLoop });
  }
  return blocks.map(block => ({ ...block, spec, object }));
}

/** In the order of the manifest. */
export function templatesOfSpec(
  spec: Readonly<Record<string, unknown>>,
  path: string,
): readonly PlacedTemplate[] {
  const found: PlacedTemplate[] = [];
  for (const [index, template] of listAt(spec, 'templates').entries()) {
    collectTemplates(template, `${path}.templates[${index}]`, { depth: 0, isInLoop: false }, found);
  }
  return found;
}

interface Nesting {
  readonly depth: number;
  readonly isInLoop: boolean;
}

function collectTemplates(template: unknown, path: string, nesting: Nesting, found: PlacedTemplate[]): void {
  const { depth, isInLoop } = nesting;
  if (!isRecord(template) || depth > DEPTH_MAX) return;
  found.push({ template, path, isInLoop });
  for (const { call, path: place } of callsOf(template, path)) {
    const inside = { depth: depth + 1, isInLoop: isInLoop || isLoop(call) };
    collectTemplates(call['inline'], `${place}.inline`, inside, found);
  }
}

/** Whether a step or a task runs once for each item of a list. */
function isLoop(call: Readonly<Record<string, unknown>>): boolean {
  return ['withItems', 'withParam', 'withSequence'].some(key => isGiven(call[key]));
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

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
