import { reclaimIdle } from '../../lib/memory/reclaim.js';
import type { Region } from '../../lib/memory/region.js';
import * as words from '../../lib/memory/words.js';

/** Takes the right, from whoever has it: as another thread would that waited long enough. */
export function takeOver(region: Region): number {
  const word = region.i64[words.RIGHT / 8] ?? 0n;
  const [low, high] = [BigInt.asIntN(32, word), BigInt.asIntN(32, word >> 32n)];
  const right = region.kernel.takeRight(1, Number(low), Number(high));
  if (right === 0) throw new Error('the right cannot be had');
  return right;
}

/** A whole collection of another thread, at once: whoever had the right lost it. */
export function collectElsewhere(region: Region, now: number): void {
  const { kernel, i64, layout } = region;
  const right = takeOver(region);
  const epochOf = (word: number): bigint => Atomics.load(i64, word / 8);
  for (let swapped = false; ;) {
    if (epochOf(words.DRAINED) === epochOf(words.EPOCH)) {
      if (swapped) break;
      kernel.swap(right, now);
      swapped = true;
    }
    if (epochOf(words.QUIESCED) !== epochOf(words.EPOCH)) kernel.quiesce(right);
    const bank = Number((epochOf(words.EPOCH) - 1n) & 1n);
    for (let stripe = 0; stripe < layout.stripes; stripe++)
      while (kernel.drain(right, words.STRIPES + stripe * words.STRIPE_SIZE, bank, 1000, now) === words.MORE);
    kernel.settle(right);
  }
  reclaimIdle(region, right, now);
  kernel.giveRight(right);
}
