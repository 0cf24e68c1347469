// Which template a node ran, and so which metrics it has.
import { isRecord, listAt, recordAt, textAt } from './json-value.js';
import type { WorkflowNode, WorkflowObject } from './workflow-object.js';

/** `metrics` of a template, and where in the Workflow object it stands. */
export interface TemplateMetrics {
  readonly metrics: unknown;
  readonly path: string;
}

interface Template {
  readonly json: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** `'unknown'` when the object does not contain the template; `undefined` when the template has no metrics. */
export function templateMetricsOf(
  node: WorkflowNode,
  workflow: WorkflowObject,
): TemplateMetrics | 'unknown' | undefined {
  const template = findTemplate(node, workflow);
  if (!template) return 'unknown';
  const own = template.json['metrics'];
  if (own !== undefined && own !== null) return { metrics: own, path: `${template.path}.metrics` };
  const defaults = recordAt(workflow.runningSpec, 'templateDefaults')['metrics'];
  if (defaults === undefined || defaults === null) return undefined;
  return { metrics: defaults, path: `${pathOfRunningSpec(workflow)}.templateDefaults.metrics` };
}

/** Where `runningSpec` stands in the object. */
export function pathOfRunningSpec(workflow: WorkflowObject): string {
  return workflow.runningSpec === workflow.spec ? 'spec' : 'status.storedWorkflowTemplateSpec';
}

function findTemplate(node: WorkflowNode, workflow: WorkflowObject): Template | undefined {
  const reference = node.json['templateRef'];
  if (isRecord(reference)) {
    const scope = reference['clusterScope'] === true ? 'cluster' : 'namespaced';
    return storedTemplate(`${scope}/${textAt(reference, 'name')}/${textAt(reference, 'template')}`, workflow);
  }
  const name = textAt(node.json, 'templateName');
  if (name === '') return inlineTemplate(node, workflow);
  const scope = textAt(node.json, 'templateScope');
  const stored = storedTemplate(`${scope}/${name}`, workflow);
  return scope.startsWith('local/')
    ? (localTemplate(name, workflow) ?? stored)
    : (stored ?? localTemplate(name, workflow));
}

function localTemplate(name: string, workflow: WorkflowObject): Template | undefined {
  const specs = [
    { spec: workflow.spec, path: 'spec' },
    { spec: workflow.runningSpec, path: pathOfRunningSpec(workflow) },
  ];
  for (const { spec, path } of specs) {
    const templates = listAt(spec, 'templates');
    const index = templates.findIndex(template => textAt(template, 'name') === name);
    const json = templates[index];
    if (isRecord(json)) return { json, path: `${path}.templates[${index}]` };
  }
  return undefined;
}

function storedTemplate(key: string, workflow: WorkflowObject): Template | undefined {
  const stored = recordAt(workflow.status, 'storedTemplates');
  const json = Object.hasOwn(stored, key) ? stored[key] : undefined;
  return isRecord(json) ? { json, path: `status.storedTemplates[${JSON.stringify(key)}]` } : undefined;
}

/** The `inline` template of the step or task with this node's name in the template of the node around it. */
function inlineTemplate(node: WorkflowNode, workflow: WorkflowObject): Template | undefined {
  const boundary = workflow.nodes.get(node.boundaryId);
  // A boundary that has no name of its own is inline too, and so on outwards; one that is its own boundary is broken.
  const around =
    boundary && textAt(boundary.json, 'templateName') !== '' ? findTemplate(boundary, workflow) : undefined;
  if (!around) return undefined;
  const name = node.displayName.replace(/\(.*\)$/s, '');
  const tasks = listAt(recordAt(around.json, 'dag'), 'tasks');
  const calls = [
    ...tasks.map((call, index) => ({ call, path: `${around.path}.dag.tasks[${index}]` })),
    ...listAt(around.json, 'steps').flatMap((group, outer) =>
      (Array.isArray(group) ? (group as unknown[]) : []).map((call, index) => ({
        call,
        path: `${around.path}.steps[${outer}][${index}]`,
      })),
    ),
  ];
  const found = calls.find(({ call }) => textAt(call, 'name') === name);
  const inline = found && isRecord(found.call) ? found.call['inline'] : undefined;
  return found && isRecord(inline) ? { json: inline, path: `${found.path}.inline` } : undefined;
}
