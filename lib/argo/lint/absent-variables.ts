// Which of Argo's variables can never have a value where a metric stands.
import { sourceOf } from '../variables/argo-variables.js';
import { closestWord } from '../budget/closest-word.js';
import { isRecord, listAt, recordAt, textAt } from '../../guard/json-value.js';
import { parametersOf } from './block-scope.js';
import type { BlockScope } from './block-scope.js';
import { isResultCaptured } from './captured-result.js';
import { factsOf } from './spec-facts.js';

export interface Absence {
  /** `warning`: something that is not in the document could bring it. */
  readonly severity: 'error' | 'warning';
  readonly hint: string;
}

type Rule = (name: string, scope: BlockScope) => Absence | undefined;

/** Why a variable that Argo has does not exist here; `undefined` when it may. @param name without white space */
export function absenceOf(name: string, scope: BlockScope): Absence | undefined {
  for (const rule of RULES) {
    const absence = rule(name, scope);
    if (absence) return absence;
  }
  return undefined;
}

const FILE_PATH = /^(inputs\.artifacts|outputs\.artifacts|outputs\.parameters)\.(.+)\.path$/;

const RULES: readonly Rule[] = [
  (name, { level }) =>
    level === 'workflow' && sourceOf(name) === 'call'
      ? error('Only metrics of templates have it: the workflow as a whole has none.')
      : undefined,
  item,
  unfilled,
  exitCode,
  result,
  retries,
  (name, scope) =>
    name === 'pod.name' && scope.hasNoPods
      ? error('This kind of template runs in no pod. {{node.name}} is the name of the node.')
      : undefined,
  (name, scope) => parameter(name, scope, 'inputs'),
  (name, scope) => parameter(name, scope, 'outputs'),
  filePath,
  workflowParameter,
  workflowOutput,
  ofSubmission,
  metadataOf('labels'),
  metadataOf('annotations'),
];

function error(hint: string): Absence {
  return { severity: 'error', hint };
}

/** `item` and `item.KEY`. */
function item(name: string, { loop }: BlockScope): Absence | undefined {
  if (sourceOf(name) !== 'loop') return undefined;
  if (!loop)
    return error(
      'Only the inline template of a step or a task with items has one. Pass it on as an input parameter of the template.',
    );
  const key = name.slice('item.'.length);
  const items = listAt(loop, 'withItems');
  if (key === '' || (items.length === 0 && textAt(loop, 'withParam') !== '')) return undefined;
  const hasKey = items.length > 0 && items.every(each => isRecord(each) && Object.hasOwn(each, key));
  return hasKey ? undefined : error(`Not every item of the list is a map with the key '${key}'.`);
}

/** The controller fills the item into the whole step or task, and fails it at a tag that has no value by then. */
function unfilled(name: string, scope: BlockScope): Absence | undefined {
  const { loop, around } = scope;
  const source = sourceOf(name);
  if (!loop || source === 'loop' || (source === 'workflow' && name !== 'workflow.failures')) return undefined;
  // What the template around the step has, it fills in before.
  const isFilledIn =
    /^(?:node|steps|tasks)\.name$|^inputs\.parameters$/.test(name) ||
    (/^(?:retries$|lastRetry\.)/.test(name) && around.some(({ isRetried }) => isRetried)) ||
    (FILE_PATH.test(name)
      ? around.some(({ json }) => hasFilePath(json, name))
      : name.startsWith('inputs.parameters.') &&
        around.some(template => parametersOf(template.json, 'inputs').includes(name.slice(INPUT_LENGTH))));
  if (isFilledIn) return undefined;
  return error(
    'The controller fills in the items before anything runs, and fails the step or task at a tag that has no value by then. Put the metric on a template of its own, and pass the item on as an input parameter.',
  );
}

const INPUT_LENGTH = 'inputs.parameters.'.length;

/** The entry node's template is another one when the submission or a cron workflow names another entry point. */
function aboutNode({ level, isWholeWorkflow, isDefault }: BlockScope, hint: string): Absence {
  const isCertain = level === 'template' ? !isDefault : isWholeWorkflow;
  return { severity: isCertain ? 'error' : 'warning', hint };
}

function exitCode(name: string, scope: BlockScope): Absence | undefined {
  if (name !== 'exitCode' || !scope.hasOnly(['steps', 'dag', 'http', 'suspend'])) return undefined;
  const isCalling = scope.hasOnly(['steps', 'dag']);
  const who = isCalling ? 'Steps and DAGs have' : 'This kind of template has';
  return aboutNode(scope, `${who} no exit code. Put the metric on the template that has a pod.`);
}

function result(name: string, scope: BlockScope): Absence | undefined {
  if (name !== 'outputs.result') return undefined;
  if (scope.hasOnly(['steps', 'dag', 'suspend', 'resource']))
    return aboutNode(
      scope,
      'This kind of template has no result. Containers, scripts, data and HTTP templates have.',
    );
  const isCaptured = scope.templates?.some(template => isResultCaptured(template, scope)) ?? true;
  if (isCaptured || !scope.isWholeWorkflow) return undefined;
  const hint =
    'The output is captured only for a step or a task whose outputs.result something beside it refers to, such as an argument of another one. Write it to a file and declare an output parameter of that.';
  return { severity: 'warning', hint };
}

function retries(name: string, scope: BlockScope): Absence | undefined {
  const isOfRetry = name.startsWith('lastRetry.');
  if ((name !== 'retries' && !isOfRetry) || !scope.isNeverRetried) return undefined;
  const hasChildren = !scope.hasOnly(['container', 'script', 'resource', 'data', 'http', 'suspend']);
  if (hasChildren && !isOfRetry) return undefined;
  return {
    severity: 'warning',
    hint: 'Only a template with a retryStrategy has it. Give it one, or leave this out.',
  };
}

/** `inputs.parameters.NAME`, and not `inputs.parameters.NAME.path`, which is another variable. */
function parameter(name: string, scope: BlockScope, kind: 'inputs' | 'outputs'): Absence | undefined {
  const prefix = `${kind}.parameters.`;
  if (!name.startsWith(prefix) || FILE_PATH.test(name)) return undefined;
  const declared = scope.parameters(kind);
  const own = name.slice(prefix.length);
  if (!declared || declared.includes(own)) return undefined;
  if (/^(?:[yn]|yes|no|on|off)$/i.test(own) && declared.some(each => /^(?:true|false|)$/.test(each)))
    return aboutNode(scope, `YAML reads ${own} as a boolean: write name: "${own}" where it is declared.`);
  const similar = closestWord(
    own,
    declared.filter(each => each !== ''),
  );
  if (similar !== undefined) return aboutNode(scope, `Did you mean {{${prefix}${similar}}}?`);
  const names = [...new Set(declared)].slice(0, 5).join(', ');
  const singular = kind.slice(0, -1);
  return aboutNode(
    scope,
    `The template declares no such ${singular} parameter${names === '' ? '' : `, only ${names}`}.`,
  );
}

function filePath(name: string, { templates, around }: BlockScope): Absence | undefined {
  const [, kind = '', own = ''] = FILE_PATH.exec(name) ?? [];
  if (own === '' || !templates || templates.length === 0) return undefined;
  if ([...templates, ...around].some(({ json }) => hasFilePath(json, name))) return undefined;
  return error(`The template declares no ${kind} '${own}' with a path.`);
}

function hasFilePath(template: unknown, name: string): boolean {
  const [, kind = '', own = ''] = FILE_PATH.exec(name) ?? [];
  const [side = '', list = ''] = kind.split('.');
  return listAt(recordAt(template, side), list).some(
    each =>
      textAt(each, 'name') === own && (textAt(each, 'path') || textAt(recordAt(each, 'valueFrom'), 'path')),
  );
}

function workflowParameter(name: string, { spec, isWholeWorkflow }: BlockScope): Absence | undefined {
  const prefix = 'workflow.parameters.';
  const own = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  if (own === '' || name === `${prefix}json`) return undefined;
  const declared = listAt(recordAt(spec, 'arguments'), 'parameters').map(each => textAt(each, 'name'));
  if (declared.includes(own)) return undefined;
  const similar = closestMisspelling(own, declared);
  if (similar !== undefined) return { severity: 'warning', hint: `Did you mean {{${prefix}${similar}}}?` };
  if (!isWholeWorkflow) return undefined;
  const hint = `The workflow declares no parameter '${own}'. Add it to its arguments; otherwise it exists only when the submission brings it.`;
  return { severity: 'warning', hint };
}

function workflowOutput(name: string, { spec, isWholeWorkflow }: BlockScope): Absence | undefined {
  const prefix = 'workflow.outputs.parameters.';
  if (!name.startsWith(prefix) || !isWholeWorkflow) return undefined;
  const { hasUnknownTemplates, globalNames } = factsOf(spec);
  const own = name.slice(prefix.length);
  if (hasUnknownTemplates || globalNames.some(global => global === own || global.includes('{{')))
    return undefined;
  const similar = closestWord(own, globalNames);
  const hint =
    similar === undefined
      ? `No output parameter of the workflow has the globalName '${own}'.`
      : `Did you mean {{${prefix}${similar}}}?`;
  return { severity: 'warning', hint };
}

/** What a workflow has only when something gives it. */
function ofSubmission(name: string, { spec, isWholeWorkflow, isScheduled }: BlockScope): Absence | undefined {
  if (!isWholeWorkflow) return undefined;
  if (name === 'workflow.priority' && spec['priority'] === undefined)
    return {
      severity: 'warning',
      hint: 'The workflow has no priority. Give it one; otherwise it exists only when the submission brings it.',
    };
  if (name === 'workflow.scheduledTime' && !isScheduled)
    return { severity: 'warning', hint: 'Only the workflows of a CronWorkflow have it.' };
  return undefined;
}

/** What a manifest sets itself is probably meant by what is spelt nearly alike. */
function metadataOf(field: 'labels' | 'annotations'): Rule {
  return (name, { spec, metadata }) => {
    const prefix = `workflow.${field}.`;
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (own === '' || own === 'json' || own.startsWith('workflows.argoproj.io/')) return undefined;
    const added = recordAt(spec, 'workflowMetadata');
    const holders = [recordAt(metadata, field), recordAt(added, field), recordAt(added, `${field}From`)];
    const set = holders.filter(isRecord).flatMap(holder => Object.keys(holder));
    if (set.includes(own)) return undefined;
    const similar = closestMisspelling(own, set);
    return similar === undefined
      ? undefined
      : { severity: 'warning', hint: `Did you mean {{${prefix}${similar}}}?` };
  };
}

/** Short names are alike by chance. */
const MISSPELT_LENGTH_MIN = 4;

function closestMisspelling(word: string, candidates: readonly string[]): string | undefined {
  if (word.length < MISSPELT_LENGTH_MIN) return undefined;
  const same = candidates.find(candidate => candidate.toLowerCase() === word.toLowerCase());
  return same ?? closestWord(word, candidates);
}
