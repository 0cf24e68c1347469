// `item`: what the controller fills into the inline template of a step or a task that runs once for each item of a list. The
// object has the list, and the names of its nodes tell which item each of them ran for.
import type { Budget } from '../budget/budget.js';
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import { VariableLayer } from '../expression/run/layered-variables.js';
import type { VariableGroups } from '../expression/run/layered-variables.js';
import { parseTemplate, Rendering } from '../template/template.js';
import type { LoopCall } from '../workflow/loop-call.js';
import { callNameOf } from '../workflow/node-name.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';
import { marshalJson } from './workflow-json.js';
import { addParameters } from './workflow-parameters.js';

type Variables = Record<string, string>;

/** The controller leaves out the brackets of an item where it names a node. */
const NAME_END = /^\((\d+):([^()]*)\)(?:\(\d+\))?$/s;
/** Signs that stand otherwise in a name than in the item. */
const NOT_AS_IN_NAME = /[()"\\]/;

/** The items of all loops of one object, each list read once. */
export class LoopItems {
  readonly #workflow: WorkflowObject;
  readonly #base: VariableLayer;
  readonly #budget: Budget;
  readonly #lists = new Map<string, Map<object, readonly unknown[]>>();
  readonly #around = new Map<string, Rendering>();
  #byBoundary: ReadonlyMap<string, readonly WorkflowNode[]> | undefined;

  /** @param base the variables of the workflow
   * @param budget what filling in lists is charged to */
  constructor(workflow: WorkflowObject, base: VariableLayer, budget: Budget) {
    this.#workflow = workflow;
    this.#base = base;
    this.#budget = budget;
  }

  /** Adds `item`, and `item.KEY` of a map. Nothing where the object does not tell for certain. */
  addTo(variables: Variables, loop: LoopCall): void {
    const { call, callName } = loop;
    const [, place = '', shown = ''] = NAME_END.exec(callName.slice(textAt(call, 'name').length)) ?? [];
    if (place === '') return;
    if (listAt(call, 'withItems').length === 0 && textAt(call, 'withParam') === '') {
      this.#addNumber(variables, loop, shown);
      return;
    }
    const item = this.#listOf(loop)[Number(place)];
    // JSON tells 1.50 from 1.5, this language does not.
    if (typeof item === 'number') {
      if (Number(shown) === item) variables['item'] = shown;
    } else if (item !== undefined && nameOf(item) === shown) addItem(variables, item);
  }

  /** Of a sequence the name shows it as it is, unless the format has signs that names do not have. */
  #addNumber(variables: Variables, loop: LoopCall, shown: string): void {
    const format = this.#filledIn(recordAt(loop.call, 'withSequence')['format'], loop) ?? '';
    if (typeof format === 'string' && !NOT_AS_IN_NAME.test(format)) variables['item'] = shown;
  }

  #listOf(loop: LoopCall): readonly unknown[] {
    const { call, boundary } = loop;
    let ofBoundary = this.#lists.get(boundary.id);
    if (!ofBoundary) {
      ofBoundary = new Map();
      this.#lists.set(boundary.id, ofBoundary);
    }
    let list = ofBoundary.get(call);
    if (!list) {
      const items = listAt(call, 'withItems');
      const filledIn = this.#filledIn(items.length > 0 ? items : call['withParam'], loop);
      list = Array.isArray(filledIn) ? (filledIn as unknown[]) : listIn(filledIn);
      ofBoundary.set(call, list);
    }
    return list;
  }

  /** With what the template around knows in all texts; `undefined` in place of a text that has no value. */
  #filledIn(value: unknown, loop: LoopCall): unknown {
    if (typeof value === 'string') {
      const parsed = parseTemplate(value);
      if ('error' in parsed) return undefined;
      if (!parsed.template.hasTags) return value;
      const rendered = this.#renderingOf(loop.boundary).render(parsed.template);
      return 'error' in rendered ? undefined : rendered.value;
    }
    if (Array.isArray(value)) return value.map(each => this.#filledIn(each, loop));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#filledIn(each, loop)]));
  }

  /** What the steps or tasks beside the loop can refer to. */
  #renderingOf(boundary: WorkflowNode): Rendering {
    let rendering = this.#around.get(boundary.id);
    if (!rendering) {
      const kind = boundary.type === 'DAG' ? 'tasks' : 'steps';
      const groups: VariableGroups<WorkflowNode> = {
        inputs: variables => addParameters(variables, 'inputs.parameters', boundary.json['inputs'], ''),
        [kind]: variables => this.#addOutputs(variables, kind, boundary),
      };
      const variables = VariableLayer.of(groups, boundary, this.#base);
      rendering = new Rendering(variables, this.#budget);
      this.#around.set(boundary.id, rendering);
    }
    return rendering;
  }

  /** Of what ran beside the loop. */
  #addOutputs(variables: Variables, kind: string, boundary: WorkflowNode): void {
    this.#byBoundary ??= nodesByBoundary(this.#workflow);
    for (const node of this.#byBoundary.get(boundary.id) ?? []) {
      const prefix = `${kind}.${callNameOf(node, boundary)}.outputs`;
      const outputs = recordAt(node.json, 'outputs');
      addParameters(variables, `${prefix}.parameters`, outputs, '');
      if (typeof outputs['result'] === 'string') variables[`${prefix}.result`] = outputs['result'];
    }
  }
}

function nodesByBoundary({ nodes }: WorkflowObject): ReadonlyMap<string, readonly WorkflowNode[]> {
  const byBoundary = new Map<string, WorkflowNode[]>();
  for (const node of nodes.values()) {
    const beside = byBoundary.get(node.boundaryId);
    if (beside) beside.push(node);
    else byBoundary.set(node.boundaryId, [node]);
  }
  return byBoundary;
}

function listIn(json: unknown): readonly unknown[] {
  try {
    const list: unknown = typeof json === 'string' ? JSON.parse(json) : undefined;
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function addItem(variables: Variables, item: unknown): void {
  if (isRecord(item)) {
    for (const [key, value] of Object.entries(item)) variables[`item.${key}`] = textOfItem(value);
    variables['item'] = marshalJson(Object.fromEntries(sortedEntries(item)));
  } else variables['item'] = typeof item === 'string' ? item : marshalJson(item);
}

/** What stands for it in the name of its node. */
function nameOf(item: unknown): string {
  return shownText(item).replace(/[()]/g, '');
}

function shownText(item: unknown): string {
  if (Array.isArray(item)) return `[${item.map(textOfItem).join(' ')}]`;
  if (!isRecord(item)) return textOfItem(item);
  return sortedEntries(item)
    .map(([key, value]) => `${key}:${textOfItem(value)}`)
    .sort(byCodeUnits)
    .join(',');
}

/** As Go prints an item: JSON, a text without the quotes but with what is escaped in it. */
function textOfItem(value: unknown): string {
  const json = (JSON.stringify(value) ?? '').replace(
    /[\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16)}`,
  );
  return typeof value === 'string' ? json.slice(1, -1) : json;
}

function sortedEntries(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => byCodeUnits(a, b));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
