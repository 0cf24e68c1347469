// A state as the records that a journal begins with.
import { customDefinitionOf, type CustomInstrumentDefinition } from '../../instruments/custom-instrument.js';
import type { SavedStream } from '../../store/save.js';
import type { FinishedWorkflows } from '../observe/finished-workflows.js';
import type { TrackerState } from '../observe/tracker-state.js';
import type { SavedHolding } from './series-key.js';
import { KeyIds, SharedIds } from './shared-ids.js';
import { savedTotalOf } from './saved-totals.js';
import { saveNumber, type Id, type StateRecord } from './state-record.js';
import { patchOf, UNSEEN } from './workflow-patch.js';

/** Series, workflows or reports in one record. */
const PIECE = 500;

export interface StateToSave {
  readonly streams: readonly SavedStream[];
  readonly held: Iterable<SavedHolding>;
  readonly hasBaseline: boolean;
  readonly workflows: Iterable<readonly [uid: string, state: TrackerState]>;
  readonly finished: FinishedWorkflows;
  readonly gone: Iterable<readonly [uid: string, newestTime: number]>;
  readonly forgottenUntil: number;
  readonly position: string | undefined;
  readonly holder: string | undefined;
  /** Of the last cut, Unix milliseconds; 0: there was none. */
  readonly cutAt: number;
  /** Not before anything in it. */
  readonly at: number;
}

/** Numbers that are given in it are meant by no record behind it. */
export function* snapshotOf(state: StateToSave): Generator<StateRecord, void, undefined> {
  const definitions = new KeyIds<string>();
  const series = new KeyIds<string>();
  const ids = new SharedIds();
  let d: NonNullable<StateRecord['d']>[number][] = [];
  const definitionId = (definition: CustomInstrumentDefinition): Id =>
    definitions.idOf(JSON.stringify(definition), id => d.push([id, definition]));
  for (const stream of state.streams) {
    const id = definitionId(customDefinitionOf(stream.definition));
    for (const totals of pieces(stream.series)) {
      yield { t: state.at, d, m: [id, totals.map(savedTotalOf)] };
      d = [];
    }
  }
  // Everything behind it begins to have data behind this cut.
  yield {
    t: state.at,
    ...(state.cutAt > 0 ? { c: [1, state.cutAt] as const } : {}),
    ...(state.hasBaseline ? { b: true as const } : {}),
    ...(state.holder === undefined ? {} : { h: state.holder }),
    ...(state.position === undefined ? {} : { p: state.position }),
    ...(state.forgottenUntil === -Infinity ? {} : { u: state.forgottenUntil }),
  };
  for (const held of pieces(state.held)) {
    const s: NonNullable<StateRecord['s']>[number][] = [];
    const g = held.map(({ reporter, definition, text, start, end, isComplete }) => {
      const { owner, subject, metric } = reporter;
      const of = definitionId(definition);
      const id = series.idOf(`${of} ${text ?? '-'}`, fresh =>
        s.push(text === undefined ? [fresh, of] : [fresh, of, text]),
      );
      return [owner, subject, metric, id, start, end ?? null, isComplete] as const;
    });
    yield { d, s, g };
    d = [];
  }
  // Without them there is nothing behind the numbers in the bytes. First: what bytes could not hold here, they may hold there, and
  // its values would have the same numbers.
  for (const k of pieces(state.finished.values())) yield { k };
  for (const piece of state.finished.pieces()) yield { f: piece.toString('base64') };
  for (const workflows of pieces(state.workflows)) {
    const w = workflows.map(([uid, after]) => [uid, patchOf(UNSEEN, after, ids)] as const);
    yield { j: ids.takeFresh(), w };
  }
  for (const gone of pieces(state.gone))
    yield { w: gone.map(([uid, newestTime]) => [uid, saveNumber(newestTime)] as const) };
}

function* pieces<Item>(items: Iterable<Item>): Generator<Item[], void, undefined> {
  let piece: Item[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
