// The right to collect: one word with generation and sequence, so that a holder that died or sleeps can be taken over by
// one compare-and-swap, and a sleeper that wakes up finds out inside its next section. See swap.ts for the argument.
import { RIGHT_PATIENCE_MILLIS } from '../limits.js';
import type { Region } from './region.js';
import { monotonicMillis, pause } from '../waiting.js';
import { RIGHT, RIGHT_HELD } from './words.js';

const HELD = BigInt(RIGHT_HELD);

/** Whether the right is still that of a generation. It may be another's in the next moment: only a section knows. */
export function isHeldBy(region: Region, generation: number): boolean {
  return BigInt.asIntN(32, Atomics.load(region.i64, RIGHT / 8) >> 32n) === BigInt(generation);
}

/** Any thread may have one; `take` is for one caller at a time in each thread. */
export class Right {
  readonly #region: Region;
  /** The word as it was last seen, and since when: kept between two waits, for none may be as long as the patience. */
  #seen: { readonly word: bigint; readonly since: number } | undefined;

  constructor(region: Region) {
    this.#region = region;
  }

  /**
   * Waits for the right while its holder moves, and takes it over from one that stood still for longer than any step
   * takes. Returns the generation, or 0 at the deadline (in `monotonicMillis`).
   */
  async take(deadline: number): Promise<number> {
    for (;;) {
      const word = Atomics.load(this.#region.i64, RIGHT / 8);
      const now = monotonicMillis();
      if (word !== this.#seen?.word) this.#seen = { word, since: now };
      const force = (word & HELD) === HELD && now - this.#seen.since > RIGHT_PATIENCE_MILLIS;
      const generation = this.#region.kernel.takeRight(
        force ? 1 : 0,
        Number(BigInt.asIntN(32, word)),
        Number(BigInt.asIntN(32, word >> 32n)),
      );
      if (generation !== 0) return generation;
      if (now > deadline) return 0;
      await pause();
    }
  }

  give(generation: number): void {
    this.#region.kernel.giveRight(generation);
  }
}
