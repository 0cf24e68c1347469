import { textAt } from '../../guard/json-value.js';
import { podNameOf, templateNameOf } from '../workflow/node-name.js';
import { orderNodes } from '../workflow/node-order.js';
import { quoteWhole } from '../go/text/quote.js';
import { marshalJson } from './workflow-json.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';

/** Argo's `workflow.failures`: JSON of the nodes that failed, quoted once more. `"null"` when none did. */
export function failuresOf(workflow: WorkflowObject): string {
  const failed = [...workflow.nodes.values()].filter(({ phase }) => phase === 'Failed' || phase === 'Error');
  const failures = orderNodes(workflow, failed).map(node => ({
    displayName: node.displayName,
    message: textAt(node.json, 'message'),
    templateName: templateNameOf(node),
    phase: node.phase,
    podName: podNameOf(workflow, node, templateNameOf(node)),
    finishedAt: node.finishedAt === undefined ? null : rfc3339Of(node.finishedAt),
  }));
  return quoteWhole(marshalJson(failures.length === 0 ? null : failures));
}

function rfc3339Of(unixMillis: number): string {
  return new Date(unixMillis).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
