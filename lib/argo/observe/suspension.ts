// Who ended a suspended node. The controller emits metrics for what it ends itself, not for what a person answered.
import { isRecord, textAt } from '../../guard/json-value.js';
import { parseDuration } from '../go/time/parse-duration.js';
import { parseTemplate, render } from '../template/template.js';
import type { AnyVariables } from '../template/template.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import { anyText } from '../variables/workflow-parameters.js';

/** The messages of nodes that the controller fails because the workflow is stopped or takes too long. */
const STOPPED = /^(?:Stopped with strategy '\w+'|Step exceeded its deadline$)/;
/** The API server adds it to the message of what somebody resumed, where it knows who that is. */
const RESUMED = /(?:^|; )Resumed by: /;

/** Whether the controller failed it because the workflow is stopped or takes too long. */
export function isStopped(node: WorkflowNode): boolean {
  return STOPPED.test(textAt(node.json, 'message'));
}

/**
 * Whether it was the controller: the duration of the suspension was over, or the workflow was stopped.
 *
 * @param variables those of the node, which the duration may use
 */
export function isEndedByController(
  node: WorkflowNode,
  template: Readonly<Record<string, unknown>>,
  variables: AnyVariables,
): boolean {
  if (node.phase !== 'Succeeded') return isStopped(node);
  const { suspend } = template;
  const duration = isRecord(suspend) ? anyText(suspend['duration']) : undefined;
  if (duration === undefined || duration === '' || RESUMED.test(textAt(node.json, 'message'))) return false;
  const { startedAt, finishedAt } = node;
  const millis = millisOf(duration, variables);
  if (millis === undefined || startedAt === undefined || finishedAt === undefined) return false;
  // Both times are cut to whole seconds, and the controller compares with the one that was cut.
  return finishedAt - startedAt >= Math.floor(millis / 1000) * 1000;
}

/** As Argo reads it: a number is seconds. `undefined` where it cannot be read. */
function millisOf(duration: string, variables: AnyVariables): number | undefined {
  const parsed = parseTemplate(duration);
  const rendered = 'error' in parsed ? parsed : render(parsed.template, variables);
  if ('error' in rendered) return undefined;
  if (/^[+-]?\d+$/.test(rendered.value)) return Number(rendered.value) * 1000;
  try {
    return parseDuration(rendered.value).seconds * 1000;
  } catch {
    return undefined;
  }
}
