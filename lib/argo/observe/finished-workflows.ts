// What is remembered of workflows that are over: bytes, until one of them runs again. A cluster may have ten times as many of
// them as of those that run.
import { CountedValues, type CountedValue } from './counted-values.js';
import { KeyedRecords } from './keyed-records.js';
import { heldIn, packState, unpackState, versionsIn } from './packed-state.js';
import { hasEnded } from './packed-runs.js';
import type { TrackerState } from './tracker-state.js';

export class FinishedWorkflows {
  readonly #records = new KeyedRecords();
  readonly #values = new CountedValues();

  get size(): number {
    return this.#records.size;
  }

  /** The last one from now on. False, and it is not there: it is not over, or has what bytes cannot hold. */
  set(uid: string, state: TrackerState): boolean {
    const body = hasEnded(state.runs) ? packState(state, this.#values) : undefined;
    // Values that both have stay.
    this.delete(uid);
    if (body === undefined || this.#records.set(uid, body)) return body !== undefined;
    for (const held of heldIn(body)) this.#values.release(held);
    return false;
  }

  get(uid: string): TrackerState | undefined {
    const body = this.#records.get(uid);
    return body && unpackState(body, this.#values);
  }

  /** Whether this is the version that was seen last. */
  isLatest(uid: string, version: string): boolean {
    const body = this.#records.get(uid);
    // An empty one says nothing.
    return body !== undefined && version !== '' && versionsIn(body) === version;
  }

  delete(uid: string): boolean {
    const body = this.#records.get(uid);
    if (body === undefined) return false;
    for (const held of heldIn(body)) this.#values.release(held);
    return this.#records.delete(uid);
  }

  /** The first one ended first. None may be set meanwhile. */
  uids(): Iterable<string> {
    return this.#records.keys();
  }

  /** What states have in common, for `restoreValue` of another process. */
  values(): Iterable<CountedValue> {
    return this.#values.saved();
  }

  /** For `restorePiece` of another process. */
  pieces(): Iterable<Buffer> {
    return this.#records.pieces();
  }

  /** Before anything else. */
  restoreValue(value: CountedValue): void {
    this.#values.restore(value);
  }

  /** @throws RangeError for what nobody has given. The bytes belong to this one from now on */
  restorePiece(piece: Buffer): void {
    this.#records.take(piece);
  }
}
