// Reads Workflow objects as a Kubernetes watch delivers them: data of unknown origin, looked at with checks.
import { gunzipSync } from 'node:zlib';
import { MEBIBYTE } from '../limits.js';
import { isRecord, listAt, recordAt, textAt, timeAt } from './json-value.js';

type Json = Readonly<Record<string, unknown>>;

/** A node of `status.nodes`. */
export interface WorkflowNode {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly phase: string;
  readonly boundaryId: string;
  readonly children: readonly string[];
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** Over for good, as Argo decides it: a daemon counts as soon as it is ready. */
  readonly isFulfilled: boolean;
  readonly json: Json;
}

/** A Workflow object. Everything in it is as of one version of the object. */
export interface WorkflowObject {
  readonly uid: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly json: Json;
  readonly metadata: Json;
  readonly spec: Json;
  readonly status: Json;
  /** The specification that runs: the stored one of a workflow that refers to a template. */
  readonly runningSpec: Json;
  readonly phase: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly nodes: ReadonlyMap<string, WorkflowNode>;
  /** The node that the workflow itself is, once there is one. */
  readonly entryNode: WorkflowNode | undefined;
  /** The nodes are kept elsewhere or compressed: this object does not show them. */
  readonly hidesNodes: boolean;
}

const FULFILLED_PHASES = new Set(['Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted']);
const FINAL_PHASES = new Set(['Succeeded', 'Failed', 'Error']);

/** Where the controller puts the nodes when there are too many, or what says that they are in a database. */
const HIDING_FIELDS = ['compressedNodes', 'offloadNodeStatusVersion'];
/** An object holds 1.5 MB at most; node status compresses by about 20. */
const NODES_BYTES_MAX = 256 * MEBIBYTE;

/** `undefined` when it is no Workflow. */
export function readWorkflow(object: unknown): WorkflowObject | undefined {
  if (!isRecord(object)) return undefined;
  const metadata = recordAt(object, 'metadata');
  const uid = textAt(metadata, 'uid');
  const name = textAt(metadata, 'name');
  const kind = object['kind'] ?? 'Workflow';
  if (kind !== 'Workflow' || uid === '' || name === '') return undefined;
  const spec = recordAt(object, 'spec');
  const status = recordAt(object, 'status');
  const stored = status['storedWorkflowTemplateSpec'];
  const nodes = readNodes(nodesOf(status));
  return {
    uid,
    name,
    resourceVersion: textAt(metadata, 'resourceVersion'),
    json: object,
    metadata,
    spec,
    status,
    runningSpec: isRecord(stored) ? stored : spec,
    phase: textAt(status, 'phase'),
    startedAt: timeAt(status, 'startedAt'),
    finishedAt: timeAt(status, 'finishedAt'),
    nodes,
    entryNode: nodes.get(name) ?? [...nodes.values()].find(node => node.name === name),
    hidesNodes: nodes.size === 0 && HIDING_FIELDS.some(field => textAt(status, field) !== ''),
  };
}

/** Whether the workflow is over. */
export function isFinal(workflow: WorkflowObject): boolean {
  return FINAL_PHASES.has(workflow.phase);
}

function nodesOf(status: Json): Json {
  const compressed = textAt(status, 'compressedNodes');
  if (compressed === '') return recordAt(status, 'nodes');
  try {
    const options = { maxOutputLength: NODES_BYTES_MAX };
    const nodes: unknown = JSON.parse(gunzipSync(Buffer.from(compressed, 'base64'), options).toString());
    return isRecord(nodes) ? nodes : {};
  } catch {
    // Said by `hidesNodes`: without nodes only the workflow itself can be looked at.
    return {};
  }
}

function readNodes(nodes: Json): Map<string, WorkflowNode> {
  const result = new Map<string, WorkflowNode>();
  for (const [key, json] of Object.entries(nodes)) {
    if (isRecord(json)) result.set(key, readNode(key, json));
  }
  return result;
}

function readNode(id: string, json: Json): WorkflowNode {
  const phase = textAt(json, 'phase');
  const isOver = FULFILLED_PHASES.has(phase) && json['taskResultSynced'] !== false;
  const isReadyDaemon = json['daemoned'] === true && phase !== 'Pending' && phase !== '';
  return {
    id,
    name: textAt(json, 'name'),
    displayName: textAt(json, 'displayName'),
    type: textAt(json, 'type'),
    phase,
    boundaryId: textAt(json, 'boundaryID'),
    children: listAt(json, 'children').filter(child => typeof child === 'string'),
    startedAt: timeAt(json, 'startedAt'),
    finishedAt: timeAt(json, 'finishedAt'),
    isFulfilled: isOver || isReadyDaemon,
    json,
  };
}
