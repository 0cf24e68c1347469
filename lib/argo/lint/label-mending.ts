// What would bound a label that has no end: an expression with few values, a configuration and a View that leave the label out.
import { textAt } from '../../guard/json-value.js';
import { CARDINALITY_LIMIT_DEFAULT } from '../../limits.js';
import { PREFIX_DEFAULT } from '../emit/custom-metrics.js';
import { isVariableMap } from '../variables/argo-variables.js';
import type { BlockScope } from './block-scope.js';
import type { LabelVerdict } from './label-verdict.js';
import type { OpenSpread } from './value-spread.js';

/** Of the expressions that hints give: the numbers are examples. */
const SECONDS_A_STEP = 60;
const STEPS_MAX = 10;

/** A longer one nobody pastes. */
const VIEW_LENGTH_MAX = 400;

/**
 * A text for the label that has few values; `undefined` where nothing takes its place. Expressions have no `<` and no
 * double quotes, which the controller does not let into pods.
 */
export function boundedText(
  { label }: LabelVerdict,
  spread: OpenSpread,
  scope: BlockScope,
): string | undefined {
  const name = spread.passed?.at(-1) ?? spread.source;
  const variable = memberPath(name);
  const isSeen = variable !== undefined && label.value.source.includes(lastPart(name));
  switch (spread.kind) {
    case 'number':
      return variable !== undefined && /(?:^|\.)duration$/.test(name)
        ? `{{=min(int(asFloat(${variable}) / ${SECONDS_A_STEP}), ${STEPS_MAX})}}`
        : undefined;
    case 'text':
      return isSeen && !isVariableMap(name) && !name.endsWith('.json')
        ? `{{=${variable} in ['a', 'b'] ? ${variable} : 'other'}}`
        : undefined;
    case 'perRun':
      if (/creationTimestamp|scheduled/i.test(spread.source)) return '{{workflow.creationTimestamp.A}}';
      return scope.isScheduled
        ? '{{workflow.labels.workflows.argoproj.io/cron-workflow}}'
        : '{{workflow.mainEntrypoint}}';
    case 'perNode':
      return templateName(scope) ?? '{{status}}';
    case 'fresh':
      return /^(?:sprig\.)?(?:now|date|htmlDate)/.test(spread.source)
        ? '{{workflow.creationTimestamp.A}}'
        : undefined;
    default:
      return undefined;
  }
}

/** Where the metric is about one template, what people call its nodes. */
function templateName({ templates = [], around }: BlockScope): string | undefined {
  const [template, ...others] = templates;
  const name = template && others.length === 0 && around.length === 0 ? textAt(template.json, 'name') : '';
  return /^[\w-]+$/.test(name) ? name : undefined;
}

/**
 * The entry of the controller's `metricsConfig` that leaves labels of a metric out; `undefined` where names are none that
 * can stand in it. @param metric may have tags: then it is a pattern.
 */
export function policyText(metric: string, keys: readonly string[]): string | undefined {
  const pattern = metric.replaceAll(/\{\{.*?\}\}/gs, '*');
  // The one name that JavaScript takes for something else, with quotes and without.
  if (pattern === '__proto__') return undefined;
  if (!/^[\w*]+$/.test(pattern) || !keys.every(key => /^\w+$/.test(key))) return undefined;
  const labels = keys.map(key => `'${key}'`).join(', ');
  return `modifiers: { ${configKey(pattern)}: { disabledAttributes: [${labels}] } }`;
}

/**
 * The View of a store that leaves labels of a metric out; `undefined` where a name is none that can stand in it, or where the
 * metric's has tags.
 */
export function viewText(metric: string, keys: readonly string[]): string | undefined {
  if (!isPlain(metric) || keys.length === 0 || !keys.every(key => isPlain(key) && key !== '__proto__'))
    return undefined;
  const labels = keys.map(key => `${key}: { drop: true }`).join(', ');
  const selector = `instrumentName: '${PREFIX_DEFAULT}${metric}', limit: ${CARDINALITY_LIMIT_DEFAULT}`;
  const text = `cardinalityLimitedView({ ${selector}, labels: { ${labels} } })`;
  return text.length > VIEW_LENGTH_MAX ? undefined : text;
}

/** YAML and JavaScript read it alike: neither the `on` nor the `1` of Go's YAML, and no `*`, stand without quotes. */
function configKey(name: string): string {
  return isPlain(name) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(name) ? name : `'${name}'`;
}

/** As an expression writes it: `inputs.parameters['my-name']`. */
function memberPath(name: string): string | undefined {
  const [root = '', ...members] = partsOf(name);
  if (!isPlain(root)) return undefined;
  if (members.some(member => /['\\\n{}]/.test(member))) return undefined;
  return root + members.map(member => (isPlain(member) ? `.${member}` : `['${member}']`)).join('');
}

const WHOLE = /^(inputs|outputs|workflow)\.(parameters|labels|annotations)\.(.+)$/;

/** What a manifest calls its own may have dots in it. */
function partsOf(name: string): readonly string[] {
  const [, root, map, own] = WHOLE.exec(name) ?? [];
  return root === undefined || map === undefined || own === undefined ? name.split('.') : [root, map, own];
}

function lastPart(name: string): string {
  return partsOf(name).at(-1) ?? '';
}

function isPlain(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
