import { readWorkflow } from '../argo/workflow/workflow-object.js';
import { writtenAfter } from '../argo/workflow/workflow-times.js';
import { jsonDocuments } from './json-documents.js';
import { parseRecorded } from './watch-event.js';
import type { WatchEvent } from './watch-event.js';

/** One event of a recording, or why there is none, and the line on which it begins. */
export type RecordedEvent =
  | { readonly line: number; readonly event: WatchEvent }
  | { readonly line: number; readonly unreadable: string };

/** etcd refuses objects of more than 1.5 MB by default; ten times that leaves room for unusual ones. */
const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

/** Characters of a list that are held to be put in order; a longer one is taken in parts. */
const LIST_LENGTH_MAX = 256 * 1024 * 1024;

interface Item {
  readonly line: number;
  readonly text: string;
  readonly time: number;
}

/**
 * The events of a recording, in whatever form kubectl or the API server gave it. A workflow without an event is added. The
 * workflows of a list come by the newest time that they show: a list is sorted by name, and says nothing else of its order.
 */
export async function* recordedEvents(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<RecordedEvent, void, undefined> {
  let list: Item[] = [];
  let length = 0;
  for await (const document of jsonDocuments(source, DOCUMENT_BYTES_MAX)) {
    if ('isEndOfList' in document || length > LIST_LENGTH_MAX) {
      yield* inOrder(list);
      list = [];
      length = 0;
    }
    if ('isEndOfList' in document) continue;
    const { line, isItem } = document;
    const recorded = 'unreadable' in document ? document : parseRecorded(document.text);
    if ('workflow' in recorded && 'text' in document && isItem) {
      const workflow = readWorkflow(recorded.workflow);
      const time = (workflow && writtenAfter(workflow)) ?? 0;
      list.push({ line, text: document.text, time });
      length += document.text.length;
    } else if ('workflow' in recorded) yield { line, event: added(recorded.workflow) };
    else if ('event' in recorded) yield { line, event: recorded.event };
    else if ('unreadable' in recorded) yield { line, unreadable: recorded.unreadable };
  }
  yield* inOrder(list);
}

/** Parsed once more, because text takes much less memory than objects. */
function* inOrder(list: readonly Item[]): Generator<RecordedEvent, void, undefined> {
  for (const { line, text } of list.toSorted((a, b) => a.time - b.time))
    yield { line, event: added(JSON.parse(text) as object) };
}

function added(object: object): WatchEvent {
  return { type: 'ADDED', object };
}
