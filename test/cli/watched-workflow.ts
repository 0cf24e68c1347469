// A workflow as a watch shows it, with a metric of each kind.
import type { WorkflowEvent } from '../../lib/argo/observe/workflow-observer.js';

export const START = Date.UTC(2026, 10, 27);

/** A workflow of one step that ran for some seconds. */
export function workflow(
  name: string,
  version: number,
  { phase = 'Succeeded', metrics = METRICS, end = 10, value = '1' } = {},
): WorkflowEvent {
  const at = (seconds: number): string => new Date(START + 1000 * seconds).toISOString().replace('.000', '');
  const isOver = phase !== 'Running';
  const times = { startedAt: at(0), ...(isOver ? { finishedAt: at(end) } : {}) };
  const node = {
    id: `${name}-1`,
    name,
    displayName: name,
    type: 'Pod',
    templateName: 'main',
    phase,
    ...times,
  };
  return {
    type: 'MODIFIED',
    object: {
      metadata: {
        name,
        namespace: 'n',
        uid: `uid-${name}`,
        resourceVersion: String(version),
        labels: { value },
      },
      spec: { entrypoint: 'main', templates: [{ name: 'main', container: {}, metrics }] },
      status: { phase, ...times, nodes: { [name]: node } },
    },
  };
}

const LABELS = [{ key: 'value', value: '{{workflow.labels.value}}' }];
export const METRICS = {
  prometheus: [
    { name: 'runs', help: 'Runs', labels: LABELS, counter: { value: '0.1' } },
    { name: 'level', help: 'Level', gauge: { operation: 'Add', value: '1' } },
    { name: 'last', help: 'Last', gauge: { value: '{{workflow.labels.value}}' } },
    { name: 'sizes', help: 'Sizes', histogram: { buckets: [1, 5], value: '{{workflow.labels.value}}' } },
    { name: 'clock', help: 'Clock', labels: LABELS, gauge: { realtime: true, value: '{{duration}}' } },
  ],
};
