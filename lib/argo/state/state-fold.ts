// From records to the state that they lead to. Numbers go into a store of its own, with the clock and the cuts of that time:
// so what expired, what began anew and how numbers were added up is as it was, to the last bit.
import {
  defineCustomInstrument,
  restoreCustomSeries,
  type CustomInstrument,
  type CustomInstrumentDefinition,
  type CustomSeries,
} from '../../instruments/custom-instrument.js';
import { CARDINALITY_LIMIT_MAX } from '../../limits.js';
import { lastCut, saveSeries, type SavedStream } from '../../store/save.js';
import { createCore, type StoreCore } from '../../store/store-core.js';
import { parseAttributes } from '../../store/series/attributes.js';
import { RealtimeSeries } from '../emit/realtime-series.js';
import { applyNumber } from '../emit/record.js';
import { FinishedWorkflows } from '../observe/finished-workflows.js';
import type { TrackerState } from '../observe/tracker-state.js';
import { heldBy, type SavedHolding } from './series-key.js';
import { readNumber, type Id, type SavedOperation, type StateRecord } from './state-record.js';
import { savedSeriesOf } from './saved-totals.js';
import { patched, UNSEEN } from './workflow-patch.js';

/** A series in one cut retires, in the next one its place is free. More cuts of one time change nothing. */
const CUTS_MAX = 4;

export interface FoldedState {
  readonly streams: readonly SavedStream[];
  /** The latest of a series last. */
  readonly held: readonly SavedHolding[];
  readonly hasBaseline: boolean;
  readonly workflows: ReadonlyMap<string, TrackerState>;
  readonly finished: FinishedWorkflows;
  readonly forgottenUntil: number;
  readonly gone: ReadonlyMap<string, number>;
  readonly position: string | undefined;
  /** When the last cut was; 0: there was none. */
  readonly cutAt: number;
  readonly at: number;
  /** Of the realtime series, as `EmissionTarget` has it. */
  readonly holder: string | undefined;
}

export class StateFold {
  readonly #core: StoreCore;
  readonly #realtime: RealtimeSeries;
  #now = 0;
  #cutAt = 0;
  readonly #values = new Map<Id, unknown>();
  readonly #definitions = new Map<Id, CustomInstrumentDefinition>();
  readonly #series = new Map<Id, CustomSeries>();
  readonly #workflows = new Map<string, TrackerState>();
  readonly #finished = new FinishedWorkflows();
  #forgottenUntil = -Infinity;
  readonly #gone = new Map<string, number>();
  #hasBaseline = false;
  #position: string | undefined;
  #holder: string | undefined;

  /** @param like the store that the state shall go to */
  constructor(like: StoreCore, { isExact }: { readonly isExact: boolean }) {
    const { layout, ...options } = like.options;
    // What had a place of its own had it under the limits of that time.
    const limits = { shared: false, stripes: 1, cardinalityLimit: CARDINALITY_LIMIT_MAX };
    this.#core = createCore({ ...layout, ...options, ...limits, clock: { now: () => this.#now } });
    this.#realtime = new RealtimeSeries({ isExact });
  }

  /** Throws at what no recorder wrote. */
  async take(record: StateRecord): Promise<void> {
    for (const [id, value] of record.j ?? []) this.#values.set(id, value);
    for (const [id, definition] of record.d ?? []) this.#definitions.set(id, definition);
    const { m, g, c } = record;
    if (m !== undefined) {
      this.#now = record.t ?? this.#now;
      const [id, totals] = m;
      restoreCustomSeries(this.#core, known(this.#definitions, id), totals.map(savedSeriesOf));
    }
    if (c !== undefined) await this.#cut(...c);
    this.#now = record.t ?? this.#now;
    for (const [id, definition, text] of record.s ?? []) this.#addSeries(id, definition, text);
    for (const operation of record.o ?? []) this.#apply(operation);
    for (const [owner, subject, metric, id, start, end, isComplete] of g ?? []) {
      const series = known(this.#series, id);
      const reporter = { owner, subject, metric };
      this.#realtime.restore({ reporter, series, start, ...(end === null ? {} : { end }), isComplete });
    }
    for (const value of record.k ?? []) this.#finished.restoreValue(value);
    if (record.f !== undefined) this.#finished.restorePiece(Buffer.from(record.f, 'base64'));
    for (const [uid, change] of record.w ?? []) this.#change(uid, change);
    if (record.b === true) this.#hasBaseline = true;
    this.#forgottenUntil = record.u ?? this.#forgottenUntil;
    this.#holder = record.h ?? this.#holder;
    this.#position = record.p ?? this.#position;
  }

  /**
   * @param at the time at which it goes on. What no cut has had yet counts as used then, as in the next cut of a process that
   * goes on
   */
  async finish(at: number): Promise<FoldedState> {
    const { epoch } = lastCut(this.#core);
    this.#now = at;
    const held = Array.from(this.#realtime.held(), report => heldBy(this.#core, report));
    // What was recorded since the last cut is in the totals only behind another one, which nobody is shown.
    const { value: streams } = await this.#core.cuts.request(() =>
      saveSeries(this.#core, () => true, epoch + 1n),
    );
    if (streams === undefined) throw new Error('the right to collect was not to be had');
    return {
      streams,
      held,
      hasBaseline: this.#hasBaseline,
      workflows: this.#workflows,
      finished: this.#finished,
      forgottenUntil: this.#forgottenUntil,
      gone: this.#gone,
      position: this.#position,
      cutAt: this.#cutAt,
      at,
      holder: this.#holder,
    };
  }

  close(): void {
    this.#core.shutdown();
  }

  async #cut(count: number, at: number): Promise<void> {
    this.#now = at;
    this.#cutAt = at;
    for (let cut = 0; cut < Math.min(count, CUTS_MAX); cut++) await this.#core.cuts.request(() => true);
  }

  #addSeries(id: Id, definitionId: Id, text: string | undefined): void {
    const definition = known(this.#definitions, definitionId);
    const instrument = this.#instrument(definition);
    const series =
      text === undefined
        ? instrument.overflow()
        : instrument.series(parseAttributes(text) as Readonly<Record<string, string>>);
    this.#series.set(id, series);
  }

  #instrument(definition: CustomInstrumentDefinition): CustomInstrument {
    const result = defineCustomInstrument(this.#core, definition);
    if ('instrument' in result) return result.instrument;
    throw new Error(`${definition.name} cannot be defined`);
  }

  #apply(operation: SavedOperation): void {
    switch (operation[0]) {
      case 'add':
      case 'set':
      case 'record': {
        const [kind, id, number] = operation;
        return applyNumber(kind, known(this.#series, id), readNumber(number));
      }
      case 'report': {
        const [, owner, subject, metric, id, start, end] = operation;
        const elapsed = end === null ? { start } : { start, end };
        return this.#realtime.report({ owner, subject, metric }, known(this.#series, id), elapsed);
      }
      case 'end': {
        const [, owner, subject, metric, at] = operation;
        return this.#realtime.end({ owner, subject, metric }, at);
      }
      case 'endSubject':
        return this.#realtime.endSubject({ owner: operation[1], subject: operation[2] }, operation[3]);
      case 'complete':
        return this.#realtime.complete(operation[1], operation[2]);
      case 'delete':
        return this.#realtime.delete(operation[1]);
      default:
        throw new Error('an unknown operation');
    }
  }

  #change(uid: string, change: NonNullable<StateRecord['w']>[number][1]): void {
    // What is gone comes again only from a backup; the one that went last stands last.
    this.#gone.delete(uid);
    if (typeof change === 'object' && change !== null) {
      const before = this.#workflows.get(uid) ?? this.#finished.get(uid) ?? UNSEEN;
      const after = patched(before, change, id => (id === 0 ? undefined : known(this.#values, id)));
      if (this.#finished.set(uid, after)) this.#workflows.delete(uid);
      else this.#workflows.set(uid, after);
      return;
    }
    this.#workflows.delete(uid);
    this.#finished.delete(uid);
    if (change !== null) this.#gone.set(uid, readNumber(change));
  }
}

function known<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined && !map.has(key))
    throw new Error(`what number ${String(key)} stands for is not there`);
  return value as Value;
}
