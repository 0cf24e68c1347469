// Reads Workflow objects as a Kubernetes watch delivers them: data of unknown origin, looked at with checks.
import { gunzipSync } from 'node:zlib';
import { MEBIBYTE } from '../../limits.js';
import { isRecord, recordAt, textAt, timeAt } from '../../guard/json-value.js';
import { ReadNode } from './workflow-node.js';
import type { WorkflowNode } from './workflow-node.js';
import { writtenNodesOf } from './written-workflow.js';

type Json = Readonly<Record<string, unknown>>;

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
  /** Why this object does not show its nodes; `undefined` when it shows what there is. */
  readonly hiddenNodes: 'offloaded' | 'unreadable' | undefined;
}

const FINAL_PHASES = new Set(['Succeeded', 'Failed', 'Error']);

/**
 * What compressed nodes may inflate to. etcd refuses objects of more than 1.5 MB, and node status compresses by about
 * 20, so this is twice what a controller can have written; gzip itself reaches 1,000.
 */
const NODES_BYTES_MAX = 64 * MEBIBYTE;

/** `undefined` when it is no Workflow. */
export function readWorkflow(object: unknown): WorkflowObject | undefined {
  if (!isRecord(object)) return undefined;
  const metadata = recordAt(object, 'metadata');
  const kind = object['kind'] ?? 'Workflow';
  if (kind !== 'Workflow' || textAt(metadata, 'uid') === '' || textAt(metadata, 'name') === '')
    return undefined;
  return new ReadWorkflow(object, metadata);
}

/** Reads the nodes when somebody asks: most of what is delivered twice is known by its version. */
class ReadWorkflow implements WorkflowObject {
  readonly uid: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly json: Json;
  readonly metadata: Json;
  readonly spec: Json;
  readonly status: Json;
  readonly runningSpec: Json;
  readonly phase: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  #nodes: ReadonlyMap<string, WorkflowNode> | undefined;
  #entryNode: WorkflowNode | undefined;

  constructor(json: Json, metadata: Json) {
    this.uid = textAt(metadata, 'uid');
    this.name = textAt(metadata, 'name');
    this.resourceVersion = textAt(metadata, 'resourceVersion');
    this.json = json;
    this.metadata = metadata;
    this.spec = recordAt(json, 'spec');
    this.status = recordAt(json, 'status');
    const stored = this.status['storedWorkflowTemplateSpec'];
    this.runningSpec = isRecord(stored) ? stored : this.spec;
    this.phase = textAt(this.status, 'phase');
    this.startedAt = timeAt(this.status, 'startedAt');
    // A workflow that was made to run again may still carry the end of its earlier run.
    this.finishedAt = isFinal(this) ? timeAt(this.status, 'finishedAt') : undefined;
  }

  get nodes(): ReadonlyMap<string, WorkflowNode> {
    this.#nodes ??= nodesOf(this.status);
    return this.#nodes;
  }

  get entryNode(): WorkflowNode | undefined {
    this.#entryNode ??=
      this.nodes.get(this.name) ?? [...this.nodes.values()].find(({ name }) => name === this.name);
    return this.#entryNode;
  }

  get hiddenNodes(): WorkflowObject['hiddenNodes'] {
    if (this.nodes.size > 0) return undefined;
    if (textAt(this.status, 'compressedNodes') !== '') return 'unreadable';
    return textAt(this.status, 'offloadNodeStatusVersion') === '' ? undefined : 'offloaded';
  }
}

/** Whether the workflow is over. */
export function isFinal(workflow: Pick<WorkflowObject, 'phase'>): boolean {
  return FINAL_PHASES.has(workflow.phase);
}

function nodesOf(status: Json): ReadonlyMap<string, WorkflowNode> {
  const compressed = textAt(status, 'compressedNodes');
  if (compressed === '') return writtenNodesOf(status) ?? readNodes(recordAt(status, 'nodes'));
  try {
    const options = { maxOutputLength: NODES_BYTES_MAX };
    const nodes: unknown = JSON.parse(gunzipSync(Buffer.from(compressed, 'base64'), options).toString());
    return readNodes(isRecord(nodes) ? nodes : {});
  } catch {
    // Said by `hiddenNodes`: without nodes only the workflow itself can be looked at.
    return new Map();
  }
}

function readNodes(nodes: Json): Map<string, WorkflowNode> {
  const result = new Map<string, WorkflowNode>();
  for (const key of Object.keys(nodes)) {
    const json = nodes[key];
    if (isRecord(json)) result.set(key, new ReadNode(result.size, key, json));
  }
  return result;
}
