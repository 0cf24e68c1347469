// Since when the series of a store have data, as far as this thread can tell: what is younger than a scrape interval can
// be shown as 0 first, so that a server sees the first value as an increase. Kept here, on the reading side, 12 bytes for
// each slot, and only once somebody wants to know. One per thread and store; its time is that of the cuts.
//
// What another thread drained before this one looked is at most as old as its series, and is taken to be that old: shown
// at once, it may lose its first value, while a 0 after a number would be a reset that never was.
import type { Region } from '../../memory/region.js';
import { isInUse, liveWord, readSlot, slotsEnd, slotWord, streamsUsed } from '../../memory/tables.js';
import { hasTotal } from '../../memory/totals.js';

/** An overflow series is one series for as long as the store lives, whatever its word says. */
const OVERFLOW_LIFE = 1;

export class FirstSeen {
  readonly #region: Region;
  #isWatching = false;
  /** By slot: whose data was looked for. */
  #lives = new Int32Array();
  /** By slot: the time of the first cut with data; NaN before it. */
  #times = new Float64Array();
  /** The time of the last cut of this thread. It never falls: when the clock does, the difference is added. */
  #cutAt = -Infinity;
  #clockLoss = 0;
  #epoch = -1n;

  constructor(region: Region) {
    this.#region = region;
  }

  /** From now on each cut of this thread is looked at. */
  watch(): void {
    this.#isWatching = true;
  }

  /** Before a cut, without the right: what others have drained since this thread last looked. */
  beforeCut(epoch: bigint): void {
    if (!this.#isWatching || epoch === this.#epoch) return;
    this.#visit((slot, life) => {
      if (this.#lives[slot] === life) return;
      this.#lives[slot] = life;
      const isOlder = hasTotal(this.#region, slot);
      this.#times[slot] = isOlder ? readSlot(this.#region, slot).startUnixMillis + this.#clockLoss : NaN;
    });
  }

  /** Under the right, after the drain: what has data for the first time. */
  afterCut(epoch: bigint, now: number): void {
    if (!this.#isWatching) return;
    this.#clockLoss = Math.max(this.#clockLoss, this.#cutAt - now);
    this.#cutAt = now + this.#clockLoss;
    this.#epoch = epoch;
    this.#visit((slot, life) => {
      if (this.#lives[slot] === life && !Number.isNaN(this.#times[slot])) return;
      this.#lives[slot] = life;
      this.#times[slot] = hasTotal(this.#region, slot) ? this.#cutAt : NaN;
    });
  }

  /** Whether a series has had data for less than this time, as of the last cut. */
  isYoung(slot: number, millis: number): boolean {
    return this.#cutAt - (this.#times[slot] ?? NaN) < millis;
  }

  #visit(look: (slot: number, life: number) => void): void {
    const end = slotsEnd(this.#region);
    this.#reserve(end);
    for (let stream = 0; stream < streamsUsed(this.#region); stream++) look(stream, OVERFLOW_LIFE);
    for (let slot = this.#region.layout.maxStreams; slot < end; slot++) {
      const word = slotWord(this.#region, slot);
      if (isInUse(word)) look(slot, liveWord(word));
    }
  }

  #reserve(end: number): void {
    if (end <= this.#lives.length) return;
    const [lives, times] = [this.#lives, this.#times];
    this.#lives = new Int32Array(end + (end >> 1));
    this.#times = new Float64Array(this.#lives.length);
    this.#lives.set(lives);
    this.#times.set(times);
  }
}
