// What probably was meant by a tag that Argo does not know. A hint names only what there is.
import { isArgoVariable, similarVariable, variablePrefixes } from './argo-variables.js';
import { closestWord } from '../budget/closest-word.js';
import { compileExpressionText } from '../expression/expression.js';
import { requiredNames } from '../expression/syntax/required-names.js';

type Exists = (name: string) => boolean;

/** Words of other systems for what Argo has, by the last part of the name. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['phase', 'status'],
  ['state', 'status'],
  ['status', 'status'],
  ['duration', 'duration'],
  ['exitCode', 'exitCode'],
  ['exit_code', 'exitCode'],
  ['result', 'outputs.result'],
]);

const HELM = /^(?:[.$]|-\s|(?:include|template|if|else|end|range|with|define|toYaml|tpl|required)\b(?!\.))/;
const OPERATORS = /[()?'"+*/<>=&|!]| - /;

/** What may help who wrote the tag. @param exists whether a variable has a value where the tag stands */
export function hintForTag(name: string, exists: Exists = isArgoVariable): string {
  if (name.startsWith('='))
    return `An expression begins with {{= without a space before the equals sign: {{${name}}}.`;
  if (HELM.test(name))
    return 'This looks like a template of Helm: render it first. Argo would read it as it is.';
  if (/^(?:steps|tasks)\./.test(name))
    return 'Metrics see no other nodes. Take it as an input parameter of the template, or put the metric on that node.';
  const meant =
    cronVariable(name) ??
    bracketless(name, exists) ??
    asExpression(name, exists) ??
    nearPrefix(name, exists) ??
    otherWord(name, exists) ??
    withParameters(name, exists);
  if (meant !== undefined) return meant;
  const similar = similarVariable(name);
  return similar !== undefined && exists(similar)
    ? `Did you mean {{${similar}}}?`
    : 'Argo Workflows has no such variable for metrics.';
}

function cronVariable(name: string): string | undefined {
  if (!name.startsWith('cronworkflow.')) return undefined;
  if (name === 'cronworkflow.name') return 'Write {{workflow.labels.workflows.argoproj.io/cron-workflow}}.';
  if (name === 'cronworkflow.namespace') return 'Write {{workflow.namespace}}.';
  return 'Only the fields of the cron workflow itself know its variables.';
}

function bracketless(name: string, exists: Exists): string | undefined {
  const [, object = '', , key = ''] = /^([\w.]+)\[(['"])([^'"\]]+)\2\]$/.exec(name) ?? [];
  const dotted = `${object}.${key}`;
  return key !== '' && exists(dotted)
    ? `A simple tag has no brackets: {{${dotted}}}. In an expression: {{=${name}}}.`
    : undefined;
}

function asExpression(name: string, exists: Exists): string | undefined {
  if (!OPERATORS.test(name)) return undefined;
  const compiled = compileExpressionText(name);
  if ('error' in compiled) return undefined;
  const names = requiredNames(compiled.expression.syntax).map(({ path }) => path);
  const leaves = names.filter(path => !names.some(other => other.startsWith(`${path}.`)));
  const isKnown = leaves.every(
    path => exists(path) || /^(?:as(?:Int|Float)|jsonpath|toJson|sprig\.\w+)$/.test(path),
  );
  return isKnown ? `An expression begins with an equals sign: {{=${name}}}.` : undefined;
}

/** `workflow.parameter.x`. */
function nearPrefix(name: string, exists: Exists): string | undefined {
  const parts = name.split('.');
  for (let count = parts.length - 1; count > 0; count--) {
    const rest = parts.slice(count).join('.');
    const prefix = closestWord(parts.slice(0, count).join('.'), variablePrefixes());
    if (prefix !== undefined && rest !== '' && exists(`${prefix}.${rest}`))
      return `Did you mean {{${prefix}.${rest}}}?`;
  }
  return undefined;
}

/** `inputs.x`. */
function withParameters(name: string, exists: Exists): string | undefined {
  const [root = '', ...rest] = name.split('.');
  const whole = [root, 'parameters', ...rest].join('.');
  const isHolder = /^(?:inputs|outputs|workflow)$/.test(root) && rest.length > 0;
  return isHolder && similarVariable(name) === undefined && exists(whole)
    ? `Did you mean {{${whole}}}?`
    : undefined;
}

function otherWord(name: string, exists: Exists): string | undefined {
  const parts = name.split('.');
  const word = OTHER_WORDS.get(parts.at(-1) ?? '');
  if (word === undefined) return undefined;
  const meant = parts[0] === 'workflow' ? `workflow.${word}` : word;
  return meant !== name && exists(meant) ? `Did you mean {{${meant}}}?` : undefined;
}
