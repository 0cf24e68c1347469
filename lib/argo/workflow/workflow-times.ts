// The times that a Workflow object itself shows, in Unix milliseconds.
import { listAt, timeAt } from '../../guard/json-value.js';
import type { WorkflowObject } from './workflow-object.js';

/** The newest one of what happened to the workflow. `undefined` when it shows none. */
export function newestTimeOf(workflow: WorkflowObject): number | undefined {
  const { metadata, status, startedAt, nodes } = workflow;
  let newest = newestOf([timeAt(metadata, 'creationTimestamp'), startedAt, timeAt(status, 'finishedAt')]);
  for (const node of nodes.values()) newest = later(later(newest, node.startedAt), node.finishedAt);
  return newest;
}

/**
 * The newest one at all: the object was not written before. Counts the writes that the API server noted, which tell nothing
 * of what happened, and which not everybody who hands on an object leaves in it.
 */
export function writtenAfter(workflow: WorkflowObject): number | undefined {
  const writes = listAt(workflow.metadata, 'managedFields').map(field => timeAt(field, 'time'));
  return newestOf([newestTimeOf(workflow), ...writes]);
}

function newestOf(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce(later, undefined);
}

function later(newest: number | undefined, time: number | undefined): number | undefined {
  return time !== undefined && (newest === undefined || time > newest) ? time : newest;
}
