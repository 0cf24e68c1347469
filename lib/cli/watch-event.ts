/** What a value of a recording holds. */
export type Recorded =
  | { readonly event: WatchEvent }
  /** A workflow without an event around it, as a list has them. */
  | { readonly workflow: object }
  /** Nothing about a workflow: a bookmark, which only says how far a watch has come, or a list of nothing. */
  | { readonly nothing: true }
  | { readonly unreadable: string };

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: object;
}

const TYPES: ReadonlySet<unknown> = new Set<WatchEvent['type']>(['ADDED', 'MODIFIED', 'DELETED']);

/** Characters that a message shows of what it does not know. */
const SHOWN_MAX = 100;

/** Reads one event of `kubectl get --watch --output-watch-events`, or one workflow. What the object holds is not looked at. */
export function parseRecorded(text: string): Recorded {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { unreadable: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isObject(value)) return { unreadable: 'neither a watch event nor a workflow, which are objects' };
  const { type, object, kind } = value;
  if (type === undefined && kind === 'Workflow') return { workflow: value };
  // Go writes an empty list as null.
  if (type === undefined && /List$/.test(String(kind)) && (value['items'] ?? null) === null)
    return { nothing: true };
  if (type === 'BOOKMARK') return { nothing: true };
  if (type === 'ERROR') return { unreadable: `the watch reported an error: ${statusMessage(object)}` };
  if (!TYPES.has(type)) {
    const what = type === undefined ? `"kind" is ${shown(kind)}` : `"type" is ${shown(type)}`;
    return { unreadable: `${what}, expected a Workflow, or an event ADDED, MODIFIED or DELETED` };
  }
  if (!isObject(object)) return { unreadable: '"object" is not an object' };
  return { event: { type: type as WatchEvent['type'], object } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function statusMessage(status: unknown): string {
  const message = isObject(status) ? status['message'] : undefined;
  return typeof message === 'string' ? message : shown(status);
}

function shown(value: unknown): string {
  const text = String(JSON.stringify(value));
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}
