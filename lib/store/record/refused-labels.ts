// What becomes of the labels of a set that was refused: it has no series that anybody could count, so it is sketched, for all
// threads together. By the same hashes as the walk over the series takes, so that a set that is there too counts once. One
// per stream and thread. Never throws. Who is terminated here leaves an estimate of what came before: no register is raised
// that the sets did not raise.
import { HashedLabels, mixedHigh, mixedLow } from '../../cardinality/hashed-labels.js';
import { rankOf, registerOf } from '../../cardinality/hyper-log-log.js';
import type { EncodedText } from '../../memory/encoded-text.js';
import type { Region } from '../../memory/region.js';
import { beginLabel, beginSketch, copySets, labelAt, raise, readLabel } from '../../memory/sketches.js';
import * as words from '../../memory/words.js';
import { readCanonicalLabels } from '../series/canonical-labels.js';
import { mayBeHeld } from '../series/known-series.js';
import type { RegisteredStream } from '../series/stream-registry.js';

/** Sketches of a label as this thread knows them. */
interface SketchedLabel {
  readonly low: number;
  readonly high: number;
  readonly address: number;
  /** Number of the last set that has it. */
  seen: number;
}

export class RefusedLabels {
  readonly #region: Region;
  readonly #stream: number;
  readonly #mayBeHeld: boolean;
  /** 0: there is no room. */
  #sketch: number | undefined;
  /** As many as were looked at. */
  readonly #labels: SketchedLabel[] = [];
  #hashed: HashedLabels | undefined;
  #number = 0;
  /** Whether there are as many labels as may be, and it was noted that others have no sketches. */
  #isFull = false;

  constructor(region: Region, stream: RegisteredStream) {
    this.#region = region;
    this.#stream = stream.index;
    this.#mayBeHeld = mayBeHeld(stream);
  }

  /** Counts a set, as the canonical text of its series. */
  add(text: EncodedText): void {
    const region = this.#region;
    const sketch = (this.#sketch ??= beginSketch(region, this.#stream));
    if (sketch === 0) return;
    const hashed = (this.#hashed ??= new HashedLabels());
    readCanonicalLabels(text.bytes, text.length, this.#mayBeHeld, hashed);
    const number = ++this.#number;
    // In this order: who begins a label copies the sets that came before it, and then sees no other set that has it. And a set
    // that counts before a label is looked for is either copied to it, or finds it.
    for (let index = 0; index < hashed.length; index++) this.#addLabel(sketch, hashed, index, text.bytes);
    const low = mixedLow(hashed.sumLow, hashed.sumHigh);
    const high = mixedHigh(low, hashed.sumHigh);
    this.#raise(sketch + words.SKETCH_SETS, low, high);
    this.#lookForMore(sketch);
    for (const label of this.#labels)
      if (label.seen !== number) this.#raise(label.address + words.SKETCH_LABEL_WITHOUT, low, high);
  }

  #addLabel(sketch: number, hashed: HashedLabels, index: number, bytes: Uint8Array): void {
    const label = this.#labelOf(sketch, hashed, index, bytes);
    if (label === undefined) return;
    label.seen = this.#number;
    const [ownLow, ownHigh] = [hashed.low[index] ?? 0, hashed.high[index] ?? 0];
    this.#raise(label.address + words.SKETCH_LABEL_VALUES, ownLow, ownHigh);
    const restHigh = (hashed.sumHigh - ownHigh) | 0;
    const low = mixedLow((hashed.sumLow - ownLow) | 0, restHigh);
    this.#raise(label.address + words.SKETCH_LABEL_WITHOUT, low, mixedHigh(low, restHigh));
  }

  #labelOf(
    sketch: number,
    hashed: HashedLabels,
    index: number,
    bytes: Uint8Array,
  ): SketchedLabel | undefined {
    const low = hashed.keyLow[index] ?? 0;
    const high = hashed.keyHigh[index] ?? 0;
    const expected = this.#labels[index];
    if (expected?.low === low && expected.high === high) return expected;
    const known = this.#known(low, high);
    if (known !== undefined || this.#isFull) return known;
    const { places } = hashed;
    const [from, to] = [places[4 * index] ?? 0, places[4 * index + 1] ?? 0];
    const begun = beginLabel(this.#region, sketch, { low, high, bytes, from, to });
    this.#lookForMore(sketch);
    this.#isFull = begun === 0 && this.#labels.length >= words.SKETCH_LABEL_COUNT;
    return this.#known(low, high);
  }

  #known(low: number, high: number): SketchedLabel | undefined {
    return this.#labels.find(label => label.low === low && label.high === high);
  }

  /** Labels that others began, or this thread. */
  #lookForMore(sketch: number): void {
    const labels = this.#labels;
    for (;;) {
      const address = labelAt(this.#region, sketch, labels.length);
      if (address === 0) break;
      copySets(this.#region, sketch, address);
      const { low, high } = readLabel(this.#region, address);
      labels.push({ low, high, address, seen: 0 });
    }
  }

  #raise(address: number, low: number, high: number): void {
    raise(this.#region, address, registerOf(low), rankOf(high));
  }
}
