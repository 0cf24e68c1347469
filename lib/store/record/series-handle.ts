// A series as one thread knows it: its slot, and the word that the slot has while the series has it. One object for each
// path in the thread's cache, and what a bound instrument holds; when the series was freed meanwhile, the next record
// finds out and renews it in place.
import type { RecordTarget } from '../../memory/recorder.js';

/** A slot with its word. */
export interface Place {
  readonly slot: number;
  readonly live: number;
}

export class SeriesHandle implements RecordTarget {
  slot: number;
  live: number;
  /** The attributes in their canonical form; empty in a handle for one record, and in one of the overflow series. */
  readonly text: string;
  readonly #find: (handle: SeriesHandle) => Place;

  constructor({ slot, live }: Place, text: string, find: (handle: SeriesHandle) => Place) {
    this.slot = slot;
    this.live = live;
    this.text = text;
    this.#find = find;
  }

  renew(): void {
    const { slot, live } = this.#find(this);
    this.slot = slot;
    this.live = live;
  }
}
