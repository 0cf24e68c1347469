// Workflow objects for tests, as small as the reader takes them.

export type NodeFields = Readonly<Record<string, unknown>> & { readonly id: string };

export interface WorkflowFields {
  readonly phase?: string;
  readonly version?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly nodes?: readonly NodeFields[];
  readonly uid?: string;
}

export const START = '2026-01-01T00:00:00Z';
export const END = '2026-01-01T00:00:05Z';

/** A Workflow `wf` whose nodes are Pods of the template `main` unless they say otherwise. */
export function workflowOf(fields: WorkflowFields = {}): Record<string, unknown> {
  const { phase = 'Running', version = 1, metadata = {}, spec = {}, status = {} } = fields;
  const { nodes = [], uid = 'uid-1' } = fields;
  const isOver = phase !== 'Running';
  const read = nodes.map(node => [
    node.id,
    {
      name: node.id,
      displayName: node.id,
      type: 'Pod',
      templateName: 'main',
      templateScope: 'local/wf',
      ...node,
    },
  ]);
  return {
    kind: 'Workflow',
    metadata: {
      name: 'wf',
      namespace: 'argo',
      uid,
      resourceVersion: String(version),
      creationTimestamp: START,
      ...metadata,
    },
    spec: { entrypoint: 'main', ...spec },
    status: {
      phase,
      startedAt: START,
      finishedAt: isOver ? END : null,
      nodes: Object.fromEntries(read) as unknown,
      ...status,
    },
  };
}

/** A node that is over. */
export function finished(id: string, fields: Readonly<Record<string, unknown>> = {}): NodeFields {
  return { id, phase: 'Succeeded', startedAt: START, finishedAt: END, ...fields };
}

/** A node that still runs. */
export function running(id: string, fields: Readonly<Record<string, unknown>> = {}): NodeFields {
  return { id, phase: 'Running', startedAt: START, finishedAt: null, ...fields };
}
