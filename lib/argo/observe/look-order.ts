// In which order the nodes of one object are looked at. Where a metric may show it, it is the controller's. To find that out costs as
// much as all the rest of a look at very many nodes, so others are taken as the object has them, and first: where there are too many
// emissions for one object, or no room, counts go before gauges. Sums of fractions may differ in their last digit.
import { isRecord } from '../../guard/json-value.js';
import { orderNodes } from '../workflow/node-order.js';
import { templateMetricsOf } from '../workflow/node-template.js';
import type { WorkflowNode } from '../workflow/workflow-node.js';
import type { WorkflowObject } from '../workflow/workflow-object.js';

/**
 * First those whose order nothing shows.
 *
 * @param nodes in the order of the object
 */
export function lookOrder(workflow: WorkflowObject, nodes: readonly WorkflowNode[]): readonly WorkflowNode[] {
  if (nodes.length <= 1) return nodes;
  const unordered: WorkflowNode[] = [];
  const ordered: WorkflowNode[] = [];
  try {
    const metrics = nodes.map(node => metricsOf(node, workflow));
    const shown = showOrder(new Set(metrics));
    for (const [index, node] of nodes.entries()) (shown.has(metrics[index]) ? ordered : unordered).push(node);
  } catch {
    // Getters and proxies may do anything.
    return orderNodes(workflow, nodes);
  }
  for (const node of orderNodes(workflow, ordered)) unordered.push(node);
  return unordered;
}

/** `undefined`: it has none. */
function metricsOf(node: WorkflowNode, workflow: WorkflowObject): unknown {
  const found = templateMetricsOf(node, workflow);
  return typeof found === 'object' ? found.metrics : undefined;
}

/** Of more than that nobody asks. */
const METRICS_MAX = 10_000;

/**
 * Those of which the order may show: the last one that sets a gauge wins, and the first one that defines a metric.
 *
 * @param blocks `metrics` of the templates of nodes
 */
function showOrder(blocks: ReadonlySet<unknown>): ReadonlySet<unknown> {
  const shown = new Set<unknown>();
  const definedBy = new Map<string, unknown>();
  let asked = 0;
  for (const block of blocks) {
    const metrics = isRecord(block) ? block['prometheus'] : undefined;
    if (!Array.isArray(metrics)) continue;
    asked += metrics.length;
    if (asked > METRICS_MAX) return blocks;
    for (const metric of metrics as readonly unknown[]) {
      if (!isRecord(metric)) continue;
      const { name, help, gauge } = metric;
      // It may become any name.
      if (hasTag(name) || hasTag(help)) return blocks;
      const base = typeof name === 'string' ? name.replace(SUFFIX, '') : '';
      const other = definedBy.get(base);
      if (other !== undefined) shown.add(block).add(other);
      definedBy.set(base, block);
      if (gauge !== undefined) shown.add(block);
    }
  }
  return shown;
}

/** What is added to names where they are shown. */
const SUFFIX = /_(?:total|count|sum|bucket)$/;

function hasTag(text: unknown): boolean {
  return typeof text === 'string' && text.includes('{{');
}
