// Where in an object of Argo Workflows `metrics` stand.
import { isRecord, listAt, recordAt, textAt } from '../json-value.js';

/** One `metrics` object of a manifest. */
export interface MetricsBlock {
  readonly metrics: unknown;
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

/** Templates inside templates; Argo itself allows few. */
const DEPTH_MAX = 20;
const WORKFLOW_KINDS = new Set(['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate']);

/** All of an object, whatever its kind; a list gives those of its items. Nothing for kinds that have no metrics. */
export function findMetricsBlocks(object: unknown): readonly MetricsBlock[] {
  const kind = textAt(object, 'kind');
  if (WORKFLOW_KINDS.has(kind)) return blocksOfSpec(recordAt(object, 'spec'), 'spec', object);
  if (kind === 'CronWorkflow') {
    return blocksOfSpec(recordAt(recordAt(object, 'spec'), 'workflowSpec'), 'spec.workflowSpec', object);
  }
  if (!/^\w*List$/.test(kind)) return [];
  return listAt(object, 'items').flatMap((item, index) =>
    // A list in a list is nothing that Kubernetes has.
    /List$/.test(textAt(item, 'kind'))
      ? []
      : findMetricsBlocks(item).map(block => ({ ...block, path: `items[${index}].${block.path}` })),
  );
}

function blocksOfSpec(
  spec: Readonly<Record<string, unknown>>,
  path: string,
  object: unknown,
): readonly MetricsBlock[] {
  const blocks: MetricsBlock[] = [];
  if (isGiven(spec['metrics'])) {
    blocks.push({ metrics: spec['metrics'], path: `${path}.metrics`, level: 'workflow' });
  }
  const defaults = recordAt(spec, 'templateDefaults')['metrics'];
  if (isGiven(defaults)) {
    blocks.push({ metrics: defaults, path: `${path}.templateDefaults.metrics`, level: 'template' });
  }
  for (const [index, template] of listAt(spec, 'templates').entries()) {
    collectFromTemplate(template, `${path}.templates[${index}]`, { depth: 0, isInLoop: false }, blocks);
  }
  return blocks.map(block => ({ ...block, spec, object }));
}

interface Nesting {
  readonly depth: number;
  readonly isInLoop: boolean;
}

function collectFromTemplate(
  template: unknown,
  path: string,
  nesting: Nesting,
  blocks: MetricsBlock[],
): void {
  const { depth, isInLoop } = nesting;
  if (!isRecord(template) || depth > DEPTH_MAX) return;
  const { metrics } = template;
  if (isGiven(metrics)) {
    blocks.push({ metrics, path: `${path}.metrics`, level: 'template', template, isInLoop });
  }
  const inside = (call: unknown): Nesting => ({ depth: depth + 1, isInLoop: isInLoop || isLoop(call) });
  for (const [outer, group] of listAt(template, 'steps').entries()) {
    const steps: readonly unknown[] = Array.isArray(group) ? group : [];
    for (const [inner, step] of steps.entries()) {
      const stepPath = `${path}.steps[${outer}][${inner}].inline`;
      collectFromTemplate(recordAt(step, 'inline'), stepPath, inside(step), blocks);
    }
  }
  for (const [index, task] of listAt(recordAt(template, 'dag'), 'tasks').entries()) {
    collectFromTemplate(recordAt(task, 'inline'), `${path}.dag.tasks[${index}].inline`, inside(task), blocks);
  }
}

/** Whether a step or a task runs once for each item of a list. */
function isLoop(call: unknown): boolean {
  return isRecord(call) && ['withItems', 'withParam', 'withSequence'].some(key => isGiven(call[key]));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
