/** What one line of a recording holds. */
export type WatchLine =
  | { readonly event: WatchEvent }
  /** Nothing about a workflow: an empty line, or a bookmark, which only says how far a watch has come. */
  | { readonly nothing: true }
  | { readonly unreadable: string };

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: object;
}

const TYPES: ReadonlySet<unknown> = new Set<WatchEvent['type']>(['ADDED', 'MODIFIED', 'DELETED']);

/** Reads one line of `kubectl get --watch --output-watch-events`. What the object holds is not looked at. */
export function parseWatchLine(text: string): WatchLine {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { nothing: true };
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch (error) {
    return { unreadable: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isObject(value))
    return { unreadable: 'not a watch event, which is an object with "type" and "object"' };
  const { type, object } = value;
  if (type === 'BOOKMARK') return { nothing: true };
  if (type === 'ERROR') return { unreadable: `the watch reported an error: ${statusMessage(object)}` };
  if (!TYPES.has(type)) {
    const hint =
      value['kind'] === 'Workflow' ? ' (this is a Workflow itself: record with --output-watch-events)' : '';
    return { unreadable: `"type" is ${JSON.stringify(type)}, expected ADDED, MODIFIED or DELETED${hint}` };
  }
  if (!isObject(object)) return { unreadable: '"object" is not an object' };
  return { event: { type: type as WatchEvent['type'], object } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function statusMessage(status: unknown): string {
  const message = isObject(status) ? status['message'] : undefined;
  return typeof message === 'string' ? message : JSON.stringify(status);
}
