// The times that a Workflow object itself shows.
import { listAt, timeAt } from './json-value.js';
import type { WorkflowObject } from './workflow-object.js';

/** The newest one, in Unix milliseconds: the object was not written before it. `undefined` when it shows none. */
export function newestTimeOf(workflow: WorkflowObject): number | undefined {
  const { metadata, status, startedAt, nodes } = workflow;
  let newest = -Infinity;
  const see = (time: number | undefined): void => {
    if (time !== undefined && time > newest) newest = time;
  };
  see(timeAt(metadata, 'creationTimestamp'));
  see(startedAt);
  see(timeAt(status, 'finishedAt'));
  for (const field of listAt(metadata, 'managedFields')) see(timeAt(field, 'time'));
  for (const node of nodes.values()) {
    see(node.startedAt);
    see(node.finishedAt);
  }
  return newest === -Infinity ? undefined : newest;
}
