// What an observer remembers and what its emissions do, as records: one for each event, however much it changes.
import { customDefinitionOf, type CustomSeries } from '../../instruments/custom-instrument.js';
import { lastCut } from '../../store/save.js';
import type { StoreCore } from '../../store/store-core.js';
import type { Elapsed } from '../emit/elapsed.js';
import type { EmissionLog, NumberOperation, Reporter } from '../emit/emission-log.js';
import type { LeftBehind, ObserverLog, TrackerState } from '../observe/tracker-state.js';
import { KeyIds, SharedIds } from './shared-ids.js';
import { placeOfKey } from './series-key.js';
import type { SteadyClock } from './steady-clock.js';
import { saveNumber, type Id, type SavedOperation, type StateRecord } from './state-record.js';
import { patchOf, UNSEEN } from './workflow-patch.js';

export interface StateRecorderOptions {
  readonly core: StoreCore;
  /** The store's: it stands still within an event, so that whoever repeats the event does so at the same time. */
  readonly clock: SteadyClock;
  /** Gets a record in the turn in which all of it happened. */
  readonly write: (record: StateRecord) => void;
  /** A record could not be made, so nothing that comes next means what it says before there is another snapshot. */
  readonly failed: (error: unknown) => void;
}

export class StateRecorder implements EmissionLog, ObserverLog {
  readonly #options: StateRecorderOptions;
  readonly #ids = new SharedIds();
  readonly #definitions = new KeyIds<string>();
  readonly #series = new KeyIds<string>();
  #depth = 0;
  /** Of the last cut that is in a record. */
  #epoch: bigint;
  #cuts: StateRecord['c'];
  #freshDefinitions: NonNullable<StateRecord['d']>[number][] = [];
  #freshSeries: NonNullable<StateRecord['s']>[number][] = [];
  #operations: SavedOperation[] = [];
  #before = new Map<string, TrackerState | undefined>();
  #after = new Map<string, TrackerState | LeftBehind>();
  #forgottenUntil: number | undefined;
  #hasBaseline = false;
  #position: string | undefined;

  constructor(options: StateRecorderOptions) {
    this.#options = options;
    this.#epoch = lastCut(options.core).epoch;
  }

  /** Of the last cut that is in a record. */
  get epoch(): bigint {
    return this.#epoch;
  }

  /** Whether something has begun and not come to its end. */
  get isInside(): boolean {
    return this.#depth > 0;
  }

  begin(): void {
    if (this.#depth++ > 0) return;
    this.#options.clock.stop();
    this.#noteCuts();
  }

  end(): void {
    if (--this.#depth > 0) return;
    const { clock, write, failed } = this.#options;
    try {
      const record = this.#take();
      if (Object.keys(record).length > 0) write({ t: clock.now(), ...record });
    } catch (error) {
      failed(error);
    } finally {
      clock.go();
    }
  }

  before(uid: string, state: () => TrackerState | undefined): void {
    if (!this.#before.has(uid)) this.#before.set(uid, state());
  }

  after(uid: string, change: TrackerState | LeftBehind): void {
    this.#after.set(uid, change);
    if ('forgottenUntil' in change && change.forgottenUntil > -Infinity)
      this.#forgottenUntil = change.forgottenUntil;
  }

  baseline(): void {
    this.#within(() => (this.#hasBaseline = true));
  }

  /** From here on the watch goes on. Between begin and end it belongs to what happens there. */
  moved(position: string): void {
    this.#within(() => (this.#position = position));
  }

  /** Cuts that came since the last record are written: what is shown of them cannot be taken back. */
  cut(): void {
    this.#within(() => undefined);
  }

  number(operation: NumberOperation, series: CustomSeries, number: number): void {
    this.#add([operation, this.#seriesId(series), saveNumber(number)]);
  }

  report({ owner, subject, metric }: Reporter, series: CustomSeries, { start, end }: Elapsed): void {
    this.#add(['report', owner, subject, metric, this.#seriesId(series), start, end ?? null]);
  }

  endReport({ owner, subject, metric }: Reporter, atUnixMillis: number): void {
    this.#add(['end', owner, subject, metric, atUnixMillis]);
  }

  endSubject(owner: string, subject: string, atUnixMillis: number): void {
    this.#add(['endSubject', owner, subject, atUnixMillis]);
  }

  complete(owner: string, atUnixMillis: number): void {
    this.#add(['complete', owner, atUnixMillis]);
  }

  delete(owner: string): void {
    this.#add(['delete', owner]);
  }

  /** All numbers are given anew, and the cuts until now are known: what comes next stands behind a snapshot. */
  restart(): void {
    this.#ids.clear();
    this.#definitions.clear();
    this.#series.clear();
    this.#epoch = lastCut(this.#options.core).epoch;
  }

  /** Its number; what is needed to read it is in the next record. */
  #seriesId({ key }: CustomSeries): Id {
    return this.#series.idOf(key, id => {
      const { registry } = this.#options.core;
      const { index, text } = placeOfKey(key);
      const definition = this.#definitionId(customDefinitionOf(registry.at(index).definition));
      this.#freshSeries.push(text === undefined ? [id, definition] : [id, definition, text]);
    });
  }

  #definitionId(definition: NonNullable<StateRecord['d']>[number][1]): Id {
    return this.#definitions.idOf(JSON.stringify(definition), id =>
      this.#freshDefinitions.push([id, definition]),
    );
  }

  /** What must stand in the record, or before it, that uses numbers which were given until now. */
  #takeFresh(): StateRecord {
    const j = this.#ids.takeFresh();
    const d = this.#freshDefinitions;
    const s = this.#freshSeries;
    this.#freshDefinitions = [];
    this.#freshSeries = [];
    return { ...(j.length > 0 ? { j } : {}), ...(d.length > 0 ? { d } : {}), ...(s.length > 0 ? { s } : {}) };
  }

  #within(act: () => void): void {
    this.begin();
    act();
    this.end();
  }

  #add(operation: SavedOperation): void {
    this.#within(() => this.#operations.push(operation));
  }

  #noteCuts(): void {
    const { epoch, atUnixMillis } = lastCut(this.#options.core);
    if (epoch === this.#epoch) return;
    this.#cuts = [Number(epoch - this.#epoch), atUnixMillis];
    this.#epoch = epoch;
  }

  #take(): StateRecord {
    const changes = [...this.#after].map(([uid, after]) => {
      if ('goneAt' in after) return [uid, saveNumber(after.goneAt)] as const;
      if ('forgottenUntil' in after) return [uid, null] as const;
      return [uid, patchOf(this.#before.get(uid) ?? UNSEEN, after, this.#ids)] as const;
    });
    const record: StateRecord = {
      ...(this.#cuts === undefined ? {} : { c: this.#cuts }),
      ...this.#takeFresh(),
      ...(this.#operations.length > 0 ? { o: this.#operations } : {}),
      ...(changes.length > 0 ? { w: changes } : {}),
      ...(this.#forgottenUntil === undefined ? {} : { u: this.#forgottenUntil }),
      ...(this.#hasBaseline ? { b: true } : {}),
      ...(this.#position === undefined ? {} : { p: this.#position }),
    };
    this.#cuts = undefined;
    this.#operations = [];
    this.#before = new Map();
    this.#after = new Map();
    this.#forgottenUntil = undefined;
    this.#hasBaseline = false;
    this.#position = undefined;
    return record;
  }
}
