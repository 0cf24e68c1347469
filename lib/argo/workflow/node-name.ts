// Names that Argo derives from where a node stands: of its pod, its step and its task.
import { recordAt, textAt } from '../../guard/json-value.js';
import type { WorkflowNode } from './workflow-node.js';
import type { WorkflowObject } from './workflow-object.js';

const POD_NAME_FORMAT = 'workflows.argoproj.io/pod-name-format';
/** Kubernetes allows 253 characters; a hash of ten digits and a hyphen follow. */
const POD_NAME_PREFIX_MAX = 242;

/** The pod's name: the node's ID in the old format, else workflow, template and a hash of the node's name. */
export function podNameOf(workflow: WorkflowObject, node: WorkflowNode, templateName: string): string {
  if (textAt(recordAt(workflow.metadata, 'annotations'), POD_NAME_FORMAT) === 'v1') return node.id;
  if (node.name === workflow.name) return workflow.name;
  const prefix = templateName === '' ? workflow.name : `${workflow.name}-${templateName}`;
  return `${prefix.slice(0, POD_NAME_PREFIX_MAX)}-${hashOf(node.name)}`;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The template that a node names, inside its WorkflowTemplate if it refers to one. */
export function templateNameOf(node: WorkflowNode): string {
  return textAt(node.templateRef, 'template') || node.templateName;
}

/** Name of the step or task that a node runs, with its item; empty for entry nodes, exit handlers and hooks. */
export function callNameOf(node: WorkflowNode, boundary: WorkflowNode | undefined): string {
  if (!boundary?.name || !node.name.startsWith(boundary.name) || isHook(node)) return '';
  return node.name.slice(boundary.name.length).replace(/^(?:\[\d+\])?\./, '');
}

/** A node that runs beside another one because of it. */
export function isHook(node: WorkflowNode): boolean {
  return recordAt(node.json, 'nodeFlag')['hooked'] === true;
}

/** Argo refuses templates that call each other deeper than this. */
const DEPTH_MAX = 100;

/** Whether a node belongs to the exit handler or a lifecycle hook of the workflow itself. */
export function isBesideEntry(node: WorkflowNode, workflow: WorkflowObject): boolean {
  let root = node;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const around = workflow.nodes.get(root.boundaryId);
    if (!around) break;
    root = around;
  }
  const { name } = workflow;
  return root.name.startsWith(`${name}.onExit`) || root.name.startsWith(`${name}.hooks.`);
}
