// Which template a node ran, and so which metrics it has.
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import { isLoop } from './loop-call.js';
import type { LoopCall } from './loop-call.js';
import { callNameOf } from './node-name.js';
import type { WorkflowNode } from './workflow-node.js';
import type { WorkflowObject } from './workflow-object.js';

/** `metrics` of a template, and where in the Workflow object it stands. */
export interface TemplateMetrics {
  readonly metrics: unknown;
  readonly path: string;
  readonly template: Readonly<Record<string, unknown>>;
  /** The template is inline, and its text is to be filled in with the item of this loop. */
  readonly loop?: LoopCall | undefined;
  /** The nodes of the templates that an inline one stands in, the outermost first: their inputs are filled into it. */
  readonly around: readonly WorkflowNode[];
}

interface Template {
  readonly json: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly loop?: LoopCall | undefined;
  readonly around?: readonly WorkflowNode[];
}

/** `'unknown'` when the object does not contain the template; `undefined` when the template has no metrics. */
export function templateMetricsOf(
  node: WorkflowNode,
  workflow: WorkflowObject,
): TemplateMetrics | 'unknown' | undefined {
  if (isInline(node) || node.templateRef) return metricsIn(findTemplate(node, workflow), workflow);
  // Very many nodes may have run few templates.
  const { templateScope, templateName } = node;
  const byName = namedIn(workflow, templateScope);
  let known = byName.get(templateName);
  if (!known) {
    known = { metrics: metricsIn(findTemplate(node, workflow), workflow) };
    byName.set(templateName, known);
  }
  return known.metrics;
}

/** By name. */
function namedIn(workflow: WorkflowObject, scope: string): Map<string, Named> {
  let byScope = named.get(workflow);
  if (!byScope) named.set(workflow, (byScope = new Map<string, Map<string, Named>>()));
  let byName = byScope.get(scope);
  if (!byName) byScope.set(scope, (byName = new Map<string, Named>()));
  return byName;
}

interface Named {
  readonly metrics: TemplateMetrics | 'unknown' | undefined;
}

/** What nodes have that name a template, by its scope and by its name, for as long as the object lives. */
const named = new WeakMap<WorkflowObject, Map<string, Map<string, Named>>>();

function metricsIn(found: Template | undefined, workflow: WorkflowObject): Named['metrics'] {
  if (!found) return 'unknown';
  const { json: template, path, loop, around = [] } = found;
  const own = template['metrics'];
  if (own !== undefined && own !== null)
    return { metrics: own, path: `${path}.metrics`, template, loop, around };
  // A list replaces the default one as a whole, as in Kubernetes' merging.
  const defaults = recordAt(workflow.runningSpec, 'templateDefaults')['metrics'];
  if (defaults === undefined || defaults === null) return undefined;
  return {
    metrics: defaults,
    path: `${pathOfRunningSpec(workflow)}.templateDefaults.metrics`,
    template,
    around: [],
  };
}

/** The template that a node ran; `undefined` when the object does not contain it. */
export function templateOf(
  node: WorkflowNode,
  workflow: WorkflowObject,
): Readonly<Record<string, unknown>> | undefined {
  return findTemplate(node, workflow)?.json;
}

/** Where `runningSpec` stands in the object. */
export function pathOfRunningSpec(workflow: WorkflowObject): string {
  return workflow.runningSpec === workflow.spec ? 'spec' : 'status.storedWorkflowTemplateSpec';
}

function findTemplate(node: WorkflowNode, workflow: WorkflowObject): Template | undefined {
  // From the node outwards to the first that has a template by name; those before it are inline, each in the next.
  const inner: WorkflowNode[] = [];
  let current: WorkflowNode | undefined = node;
  while (current && isInline(current) && !inner.includes(current) && inner.length < INLINE_DEPTH_MAX) {
    inner.push(current);
    current = workflow.nodes.get(current.boundaryId);
  }
  if (!current || isInline(current)) return undefined;
  let template = namedTemplate(current, workflow);
  for (const each of inner.reverse()) template = template && inlineTemplate(each, template, workflow);
  return template && inner.length > 0 ? { ...template, around: [current, ...inner.slice(0, -1)] } : template;
}

/** Argo refuses templates that call each other deeper than this. */
const INLINE_DEPTH_MAX = 100;

function isInline(node: WorkflowNode): boolean {
  return node.templateName === '' && node.templateRef === undefined;
}

function namedTemplate(node: WorkflowNode, workflow: WorkflowObject): Template | undefined {
  const reference = node.templateRef;
  if (reference) {
    const scope = reference['clusterScope'] === true ? 'cluster' : 'namespaced';
    return storedTemplate(`${scope}/${textAt(reference, 'name')}/${textAt(reference, 'template')}`, workflow);
  }
  const { templateName: name, templateScope: scope } = node;
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
    const index = placeIn(templates, name);
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
function inlineTemplate(
  node: WorkflowNode,
  around: Template,
  workflow: WorkflowObject,
): Template | undefined {
  const boundary = workflow.nodes.get(node.boundaryId);
  const callName = callNameOf(node, boundary) || node.displayName;
  const stored = `${node.templateScope}/inline`;
  // Items and attempts follow in brackets.
  const name = callName.replace(/\(.*\)$/s, '');
  const named = callName.replace(ATTEMPT, '');
  // With the item filled in, where one is stored for each.
  const ofItem = name === named ? undefined : storedTemplate(`${stored}/${named}`, workflow);
  if (ofItem) return ofItem;
  for (const { calls, path } of callListsOf(around)) {
    const index = placeIn(calls, name);
    const call = calls[index];
    const inline = isRecord(call) ? call['inline'] : undefined;
    if (!isRecord(call) || !isRecord(inline)) continue;
    // What the outer loop fills in is no variable of the inner one any more.
    const loop = around.loop ?? (boundary && isLoop(call) ? { call, callName, boundary } : undefined);
    return { json: inline, path: `${path}[${index}].inline`, loop };
  }
  return storedTemplate(`${stored}/${name}`, workflow);
}

/** Of a node that is one attempt of another one. */
const ATTEMPT = /\(\d+\)$/;

function callListsOf({ json, path }: Template): { calls: readonly unknown[]; path: string }[] {
  const groups = listAt(json, 'steps').map((group, index) => ({
    calls: Array.isArray(group) ? (group as unknown[]) : [],
    path: `${path}.steps[${index}]`,
  }));
  return [{ calls: listAt(recordAt(json, 'dag'), 'tasks'), path: `${path}.dag.tasks` }, ...groups];
}

/** Places by name, for as long as the object lives: an object may have very many nodes of very many templates. */
const places = new WeakMap<readonly unknown[], Map<string, number>>();

/** Where the first of that name stands; -1 when there is none. */
function placeIn(list: readonly unknown[], name: string): number {
  let byName = places.get(list);
  if (!byName) {
    byName = new Map();
    for (const [index, item] of list.entries()) {
      const itemName = textAt(item, 'name');
      if (!byName.has(itemName)) byName.set(itemName, index);
    }
    places.set(list, byName);
  }
  return byName.get(name) ?? -1;
}
