// How many different values of a label got no place. They are in no series and under no place, so they are sketched, for all
// threads together, as the sets of the hidden stream that has the places. Not all of a flood: it is told that there are
// more. One per stream, label and thread. Never throws.
import { estimate, rankOf, registerOf } from '../../cardinality/hyper-log-log.js';
import { mixedHigh, mixedLow } from '../../cardinality/hashed-labels.js';
import type { Region } from '../../memory/region.js';
import { beginSketch, findSketch, isWhole, noteLost, raise, readRegisters } from '../../memory/sketches.js';
import { streamOverflowed } from '../../memory/tables.js';
import * as words from '../../memory/words.js';
import type { LabelPolicyUse } from '../definition/cardinality-report.js';
import type { RefusedCount } from './admitted-values.js';

export class RefusedValues implements RefusedCount {
  readonly #region: Region;
  readonly #stream: number;
  /** 0: there is no room. */
  #sketch: number | undefined;

  constructor(region: Region, stream: number) {
    this.#region = region;
    this.#stream = stream;
  }

  /** Counts a value as an attribute has it: one that counts again changes nothing. */
  add(value: unknown): void {
    const sketch = this.#begin();
    if (sketch === 0) return;
    const text = String(value);
    let hash = (typeof value === 'string' ? TEXT : OTHER) ^ text.length;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    const low = mixedLow(hash, 0);
    raise(this.#region, sketch + words.SKETCH_SETS, registerOf(low), rankOf(mixedHigh(low, hash)));
  }

  /** Says that from now on values come that are not counted. */
  addNoMore(): void {
    const sketch = this.#begin();
    if (sketch !== 0) noteLost(this.#region, sketch);
  }

  #begin(): number {
    return (this.#sketch ??= beginSketch(this.#region, this.#stream));
  }
}

/** So that 1 and '1' are two. */
const TEXT = 0x811c9dc5;
const OTHER = 0x9747b28c;

/** Of the hidden stream that has the places; undefined: there was no room to count them. Any thread. */
export function countRefusedValues(region: Region, stream: number): LabelPolicyUse['refused'] {
  // The first one of all was refused there.
  if (streamOverflowed(region, stream) === 0) return { values: 0, atLeast: false };
  const sketch = findSketch(region, stream);
  if (sketch === 0) return undefined;
  const values = estimate(readRegisters(region, sketch + words.SKETCH_SETS));
  return { values, atLeast: !isWhole(region, sketch) };
}
