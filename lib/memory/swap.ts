// The swap: how writers and the collector never touch the same bank of memory, and why that is right.
//
// WORDS. A *stripe* is one 64-bit word with its own cache lines; even means that nobody is inside. Each stripe has two
// banks. `EPOCH`'s lowest bit names the *hot* bank of all stripes, the other one is *cold*. A *section* is straight-line
// kernel code between a compare-and-swap that announces it and an atomic store that ends it. `RIGHT` is the right to
// collect; `EPOCH`, `QUIESCED` and `DRAINED` say how far a collection got: DRAINED <= QUIESCED <= EPOCH <= DRAINED + 1.
//
// ASSUMPTIONS
// A1. JavaScript's and WebAssembly's atomic operations are sequentially consistent.
// A2. V8 stops a thread for good only at a call, at a loop's back edge or at a function's entry. So a section, which has
//     none of these (scripts/check-kernel.mjs refuses the build otherwise), runs to its end or does not begin, whatever
//     `worker.terminate()` does. The operating system may suspend a thread anywhere, but lets it go on.
// A3. A section cannot trap: its indexes were checked at admission.
//
// GUARANTEES
// G1. Every record that returned is in exactly one cut. G2. No torn value is collected. G3. A writer never waits for the
// collector; the collector waits for writers at most until its deadline. G4. A thread that dies loses nothing that
// returned and wedges nothing. G5. The cut is causally consistent: if record A returned before record B began, in
// whatever threads and instruments, no cut has B without A.
//
// WHY
// 1. *A writer announces (word even -> odd), then loads EPOCH, then writes into that bank, then leaves (odd -> even).*
//    The collector stores EPOCH, then looks at each word. By A1 (Dekker): either the collector sees the writer inside, and
//    waits until the word moves; or the writer announced after that look, and so loads the new EPOCH. Hence, once each
//    word was seen even or different from the first look after the swap, nobody is inside who chose the cold bank, and
//    nobody will choose it before the next swap. Choosing first and announcing then would lose records.
// 2. *The drain begins only when all stripes have settled, and QUIESCED says so.* Then the cold banks do not change while
//    they are read (G2), and each record is in the cold banks of exactly one epoch (G1).
// 3. *All or none (G5).* Let A return before B begins and B be in the cut of epoch e, so B loaded EPOCH <= e. A announced
//    earlier and so loaded no later value: A is in the cold banks of e or was drained before. As nothing is drained before
//    all stripes have settled, A is in the cut. Draining the settled stripes only would break this.
// 4. *At the deadline nothing is drained:* totals still equal the previous cut, and the next collection goes on with this
//    wait and drains before it swaps. So a bank is empty when it becomes hot: `swap` refuses while DRAINED != EPOCH.
// 5. *A writer that is killed* is outside of any section (A2): its words are even, its last record is whole or absent
//    (G4). *Suspended inside*, it delays cuts, never other writers: they take another stripe. A stripe that is odd and
//    unmoved for 30 s can only come from a broken A2 or A3; it is then passed over, counted and reported.
// 6. *Each step of a collector is a section of RIGHT* that compares the generation inside. A collector that is killed
//    leaves RIGHT even; its successor takes it by one compare-and-swap when it has not moved for a while, and goes on from
//    the phase words. A cell is added to the totals and zeroed in one section, so the successor finds it moved or not
//    moved. A collector that merely slept fails its next section. Generation and sequence are one word, or a stale owner
//    could turn its successor's word even.
// 7. *If the debt that was found was another's*, this collection swaps once more: what returned before it was asked for
//    must be in it.
// 8. *Totals are copied* under the right, in steps (snapshot.ts), and what is left out of readings with them; the copy counts only
//    if an empty section succeeds afterwards. Between two steps a reading may let its thread do other things: to totals, planes
//    and slots, what that thread records meanwhile is no other than what other threads record. Who took the right meanwhile is
//    found by the section after each step. Without the right only words of slots change (a removal, a series that comes or
//    revives, an overflow series' generation) and records of slots that nobody had: no total, no mark, no start of a series with
//    a total. Which series a slot has is found out under the same right, in which no slot is freed, so a slot that others are
//    given later is not taken for theirs: the rest is made of the copy, without the right. Places of delta readers are read
//    under the right.
// 9. *Gauges* are not banked, because Set does not commute. Their writers announce on a stripe too, so 1 and 2 hold for
//    them: in a settled cut a gauge changes only by writers of the new epoch, who first copied the value at the cut aside
//    (kernel/record.as.ts) and noted it in the new bank.
// 10. *An idle series gives its place back (kernel/reclaim.as.ts) in three steps.* RETIRING is marked between two cuts, at
//    EPOCH = e. A writer looks at the slot's word after it chose its bank: who found it LIVE did so before the mark, so
//    its bank is that of an epoch <= e, it is inside its stripe since then, and the next cut waits for it and drains that
//    bank. So when a cut of a later epoch is drained and did not find the series touched (a drain makes it LIVE again),
//    nothing of it is in any bank. DEAD, by one compare-and-swap against a writer who revives it in the same moment: one
//    of the two wins. From then on every writer finds a word that is not its handle's, records nothing, and looks the
//    series up again. The place is free, under a new generation, in one section with the cells being zero, so no
//    handle ever fits a second series. Looking first and choosing the bank then would let a record land in a freed slot.
//    The mark, which collectors alone write, says too that the series is left out of readings: not the clock, which every
//    reader would ask at another time. What a drain finds in a marked series is a new life (kernel/collect.as.ts): records
//    from before the mark are of the cut behind it, and so of that life. The section that takes the mark away empties the
//    total, gives the life a start after the last cut and moves the first number; the buckets of a histogram are empty
//    before, and a collector that died among them left the mark, so its successor empties them again. A gauge's base is
//    in its cell, so it is marked under the lock of its writers, which a collector only tries to take: whoever holds it, or
//    has written since the swap, has used the gauge. A writer that comes in that section tries again, as beside another
//    writer: the one place where a record may find a collector in its way (G3), and only of a gauge that was idle, for longer
//    than a section only while the operating system keeps the collector from running. An overflow series has the mark and keeps its slot. A stream knows
//    when a life ended from the section on that makes it DEAD: who finds it so admits the next one.
// 11. *A delta reader has whole cuts (kernel/planes.as.ts).* A thread claims a place, or gives it back, in any moment, by one
//     compare-and-swap of its lease, and waits for nobody. Whom a drain serves is decided in the section that begins it,
//     together with QUIESCED, and does not change before DRAINED: so a cut is in a place whole or not at all (G2, G5). The
//     section stands after the swap. A record that begins after a claim returned either loaded the old EPOCH, and then the
//     section sees the claim, or it is in a later cut (G1). A place in which something of a former lease is left is
//     emptied before the drain begins, and serves nobody until then. A reader may have died while it merged one half into the
//     other: then a histogram's buckets stand in both, and its note, which moves last, in the first one only; so emptying by
//     the notes clears the buckets of both. A lease that is judged idle is ended by a compare-and-swap of the word that a
//     collection changes too: one of the two wins, and a reader that collected in time keeps its place.
// 12. *A series is removed by any thread, in one section of ADMISSION (kernel/admit.as.ts):* LEAVING, and its place in the
//     limit is free. A record that begins afterwards finds a word that is not its handle's, and no search finds the slot:
//     it is in a new one, whose start is later than one that was shown. A record from before or beside it is in a bank,
//     and what 10 says holds: the next drained cut has it, and with it the readers of deltas. No drain makes the slot
//     LIVE. A collector marks it LEFT between two cuts, with EPOCH; not the thread that removes, whose mark would be
//     too old before the state is there, and too late behind it. From there on it goes as in 10: GONE after a cut of a
//     later epoch, once no delta reader has something of it. Two slots of equal attributes in one interval of a delta
//     reader are one point. Who found the limit reached hears of the place: it read the overflow slot's word before the
//     limit, and the section that makes room changes that word.
// 13. *A series may exist without a record:* a sum of -0, a histogram with the count -0, beside the +0 of a cell that is
//     untouched. It is noted in its bank once, by whoever comes first: the other finds a cell that is touched. Least and
//     greatest value are taken over only with a count.
// 14. *Since when a series has had data is noted by the drain that first finds some (kernel/collect.as.ts)*, in a section that
//     moves something of it: whoever goes on for a killed collector finds the note, or nothing was moved. It is told by
//     CUT_CLOCK, which `settle` alone moves, under the right and never back, so no series grows younger, whoever drains. A life
//     takes its note with it: the section that begins the next one writes another, burial writes 0. A removal reads it
//     without the right: while it finds none, no reading has shown the numbers, whose slot it makes LEAVING.
// 15. *A place of a hidden stream is freed only when nobody needs it (store/collect/hidden-places.ts).* What needs it is a
//     series, and whoever gives a series to somebody to record into (store/record/admit-within.ts) first has the place, then
//     has the series admitted, then looks at the place's word once more: RETIRING it makes LIVE, another one it begins anew.
//     The asker marks the place RETIRING, then looks for series, then frees. If that second look came before the mark, so
//     did the admission, and the asker finds the series; if it came behind it, the place is LIVE again and the asker's
//     compare-and-swap fails, or it is dead and nothing is recorded into the series. A place that was made LIVE and marked
//     again by another asker has another mark, which the first one compares: marks are an epoch, only holders of the right
//     write them, and each of them swapped before. The reclaim of 10 passes over what is hidden: it would find all idle.
//     The asker reads what a place stands for without the right: a text goes only behind DEAD, so it was whole if the word is
//     still RETIRING afterwards; what is DEAD nobody can need, whoever needs the same has another place. Who remembers which
//     places are taken, and by whom (store/record/admitted-values.ts), remembers the word of the overflow slot with it, which
//     the section that frees a place changes: there is no moment in which it is free and the word is the old one.
// 16. *What a series had in another process is given back before the first cut (kernel/restore.as.ts).* A total is touched by
//     holders of the right alone, so a section of the right that finds EPOCH = 0 and nothing first seen is the first one to
//     touch it, and every drain adds to what it finds there. A gauge's value stands in its cell: it is taken as its writers
//     take it, and one that was written stays as it is. The buckets come first, the head with the note that the series is
//     there last; who gives back is alone with the store, so nobody goes on where it was killed.
// 17. EPOCH has 64 bits and a stripe's word too: neither comes round.
import { DRAIN_STEPS, STRIPE_ABANDONED_MILLIS } from '../limits.js';
import { clearLeftOvers } from './planes.js';
import { reclaimIdle } from './reclaim.js';
import type { Region } from './region.js';
import { Right } from './right.js';
import { addDuration } from './statistics.js';
import { LOOKS_BEFORE_PAUSE, monotonicMillis, pause } from '../waiting.js';
import * as words from './words.js';

export interface CutOptions {
  /** How long to wait for writers that the operating system stopped inside a record. */
  readonly stallDeadlineMillis: number;
  /** Unix milliseconds, noted as the time of the cut. Asked under the right, so that waiting for it makes no cut older. */
  readonly now: () => number;
}

/** `value` is undefined only if the right to collect could not be had in time (`outcome` is then `busy`). */
export interface CutResult<T> {
  readonly outcome: 'fresh' | 'stalled' | 'busy';
  readonly value: T | undefined;
  readonly waitMillis: number;
}

interface StuckStripe {
  readonly word: bigint;
  readonly since: number;
}

/** One per thread and store. Calls of `cut` must not overlap in one thread; between threads the right orders them. */
export class Swap {
  readonly #region: Region;
  readonly #right: Right;
  readonly #stuck = new Map<number, StuckStripe>();
  /** Stripes of this thread's last cut that were passed over because they have been odd for too long. */
  abandonedStripes = 0;

  constructor(region: Region) {
    this.#region = region;
    this.#right = new Right(region);
  }

  /**
   * Makes a cut and calls `read` under the right. `read` gets the generation for the kernel's steps, must call `beat`
   * now and then, and at once after it waited for anything, and returns undefined as soon as a step says LOST; then all
   * begins again.
   */
  async cut<T>(
    read: (generation: number) => Promise<T | undefined> | T | undefined,
    options: CutOptions,
  ): Promise<CutResult<T>> {
    const begin = monotonicMillis();
    let deadline = begin + options.stallDeadlineMillis;
    for (let attempts = 1; ; attempts++) {
      const generation = await this.#right.take(deadline);
      const waitMillis = monotonicMillis() - begin;
      if (generation === 0) return { outcome: 'busy', value: undefined, waitMillis };
      const now = options.now();
      const progress = await this.#advance(generation, deadline, now);
      if (progress === 'lost') continue;
      if (progress === 'fresh' && !reclaimIdle(this.#region, generation, now)) continue;
      const value = await read(generation);
      if (value === undefined || this.#region.kernel.beat(generation) === words.LOST) {
        // It was this thread that took so long, and not whom it would wait for.
        if (attempts === 1) deadline = monotonicMillis() + options.stallDeadlineMillis;
        continue;
      }
      this.#right.give(generation);
      return { outcome: progress, value, waitMillis: monotonicMillis() - begin };
    }
  }

  /** How many swaps this store has seen, in all threads. */
  epoch(): bigint {
    return Atomics.load(this.#region.i64, words.EPOCH / 8);
  }

  async #advance(generation: number, deadline: number, now: number): Promise<'fresh' | 'stalled' | 'lost'> {
    const { kernel, i64 } = this.#region;
    for (let swapped = false; ;) {
      const epoch = this.epoch();
      if (Atomics.load(i64, words.DRAINED / 8) === epoch) {
        if (swapped) return 'fresh';
        if (kernel.swap(generation, now) === words.LOST) return 'lost';
        swapped = true;
        continue;
      }
      if (Atomics.load(i64, words.QUIESCED / 8) !== epoch) {
        const begin = monotonicMillis();
        const settled = await this.#waitForWriters(generation, deadline);
        addDuration(this.#region, 'swapWait', monotonicMillis() - begin);
        if (settled !== 'settled') return settled;
        if (!this.#beginDrain(generation)) return 'lost';
      }
      const begin = monotonicMillis();
      if (!this.#drain(generation, Number((epoch - 1n) & 1n), now)) return 'lost';
      addDuration(this.#region, 'drain', monotonicMillis() - begin);
      if (kernel.settle(generation) === words.LOST) return 'lost';
    }
  }

  /** Places that were given back are emptied first. */
  #beginDrain(generation: number): boolean {
    let answer = this.#region.kernel.quiesce(generation);
    while (answer === words.MORE && clearLeftOvers(this.#region, generation))
      answer = this.#region.kernel.quiesce(generation);
    return answer === words.DONE;
  }

  #drain(generation: number, bank: number, now: number): boolean {
    for (let index = 0; index < this.#region.layout.stripes; index++) {
      const stripe = words.STRIPES + index * words.STRIPE_SIZE;
      let answer = words.MORE;
      while (answer === words.MORE)
        answer = this.#region.kernel.drain(generation, stripe, bank, DRAIN_STEPS, now);
      if (answer === words.LOST) return false;
    }
    return true;
  }

  async #waitForWriters(generation: number, deadline: number): Promise<'settled' | 'stalled' | 'lost'> {
    this.abandonedStripes = 0;
    const first: bigint[] = [];
    let open: number[] = [];
    for (let index = 0; index < this.#region.layout.stripes; index++) {
      const word = this.#stripeWord(index);
      first.push(word);
      if (word & 1n) open.push(index);
    }
    const stillOpen = (index: number): boolean => this.#stripeWord(index) === first[index];
    for (let look = 0; look < LOOKS_BEFORE_PAUSE && open.length > 0; look++) open = open.filter(stillOpen);
    for (;;) {
      const now = monotonicMillis();
      const abandoned = open.filter(index => this.#isAbandoned(index, first[index] ?? 0n, now));
      this.abandonedStripes = abandoned.length;
      if (abandoned.length === open.length) return 'settled';
      if (now > deadline) return 'stalled';
      await pause();
      // Tells other collectors that this one waits and is not dead.
      if (this.#region.kernel.beat(generation) === words.LOST) return 'lost';
      open = open.filter(stillOpen);
    }
  }

  #isAbandoned(index: number, word: bigint, now: number): boolean {
    const known = this.#stuck.get(index);
    if (known?.word === word) return now - known.since > STRIPE_ABANDONED_MILLIS;
    this.#stuck.set(index, { word, since: now });
    return false;
  }

  #stripeWord(index: number): bigint {
    return Atomics.load(this.#region.i64, (words.STRIPES + index * words.STRIPE_SIZE) / 8);
  }
}
