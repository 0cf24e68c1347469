// What of a workflow's state is another than before, and the state of before with that.
import type { TrackerState, WrittenState } from '../observe/tracker-state.js';
import type { SharedIds } from './shared-ids.js';
import type { Id, WorkflowPatch } from './state-record.js';

const NOTHING_WRITTEN: WrittenState = { first: undefined, started: undefined, written: [] };

/** Of a workflow that nobody has seen. */
export const UNSEEN: TrackerState = {
  versions: '',
  runs: '',
  newestTime: undefined,
  phase: undefined,
  labels: undefined,
  annotations: undefined,
  startedAt: undefined,
  saidHidden: false,
  written: NOTHING_WRITTEN,
};

type Changing<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export function patchOf(before: TrackerState, after: TrackerState, ids: SharedIds): WorkflowPatch {
  // Each field by itself: what V8 copies from another object is old from the beginning, and waits there.
  const patch: Changing<WorkflowPatch> = {};
  if (before.versions !== after.versions) patch.v = after.versions;
  if (before.runs !== after.runs) patch.r = runsPatchOf(before.runs, after.runs);
  if (before.newestTime !== after.newestTime) patch.n = after.newestTime ?? null;
  if (before.phase !== after.phase) patch.p = after.phase ?? null;
  if (before.labels !== after.labels) patch.l = ids.idOf(after.labels);
  if (before.annotations !== after.annotations) patch.a = ids.idOf(after.annotations);
  if (before.startedAt !== after.startedAt) patch.s = after.startedAt ?? null;
  if (before.saidHidden !== after.saidHidden) patch.h = after.saidHidden;
  if (before.written !== after.written) patch.w = writtenPatchOf(after.written, ids);
  return patch;
}

/** Most events change one run: what stands before and behind it stays. */
function runsPatchOf(before: string, after: string): readonly [number, number, string] {
  const shorter = Math.min(before.length, after.length);
  let begin = 0;
  while (begin < shorter && before[begin] === after[begin]) begin++;
  let end = 0;
  while (end < shorter - begin && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const between = after.slice(begin, after.length - end);
  return [begin, end, Buffer.from(between, 'latin1').toString('base64')];
}

function writtenPatchOf(
  { first, started, written }: WrittenState,
  ids: SharedIds,
): NonNullable<WorkflowPatch['w']> {
  return [
    ids.idOf(first),
    started ?? null,
    written.map(({ mark, isChanged, original }) => (isChanged ? [mark, ids.idOf(original)] : [mark])),
  ];
}

/** @param valueOf the shared value of a number; `undefined` for 0 */
export function patched(
  before: TrackerState,
  patch: WorkflowPatch,
  valueOf: (id: Id) => unknown,
): TrackerState {
  return {
    versions: patch.v ?? before.versions,
    runs: patch.r === undefined ? before.runs : patchedRuns(before.runs, patch.r),
    newestTime: patch.n === undefined ? before.newestTime : (patch.n ?? undefined),
    phase: patch.p === undefined ? before.phase : (patch.p ?? undefined),
    labels: patch.l === undefined ? before.labels : valueOf(patch.l),
    annotations: patch.a === undefined ? before.annotations : valueOf(patch.a),
    startedAt: patch.s === undefined ? before.startedAt : (patch.s ?? undefined),
    saidHidden: patch.h ?? before.saidHidden,
    written: patch.w === undefined ? before.written : patchedWritten(patch.w, valueOf),
  };
}

function patchedRuns(before: string, [begin, end, between]: NonNullable<WorkflowPatch['r']>): string {
  if (begin + end > before.length) throw new RangeError('a patch of runs that are longer');
  const text = Buffer.from(between, 'base64').toString('latin1');
  return before.slice(0, begin) + text + before.slice(before.length - end);
}

function patchedWritten(
  [first, started, written]: NonNullable<WorkflowPatch['w']>,
  valueOf: (id: Id) => unknown,
): WrittenState {
  return {
    first: valueOf(first),
    started: started ?? undefined,
    written: written.map(([mark, original]) =>
      original === undefined
        ? { mark, isChanged: false, original }
        : { mark, isChanged: true, original: valueOf(original) },
    ),
  };
}
