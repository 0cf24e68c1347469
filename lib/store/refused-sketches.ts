// What streams refused, as all threads together sketched it, for a report. Any thread.
import type { LabelSketches } from '../cardinality/label-report.js';
import type { Region } from '../memory/region.js';
import { copySets, findSketch, isWhole, labelAt, readLabel, readRegisters } from '../memory/sketches.js';
import * as words from '../memory/words.js';
import { CANONICAL_TEXTS } from './series/canonical-labels.js';

export interface RefusedSketches {
  readonly sets: Uint8Array;
  readonly labels: readonly LabelSketches[];
  /** false: some labels found no room, so nothing is known of theirs. */
  readonly isWhole: boolean;
}

/** Undefined: the stream refused nothing, or there was no room to count it. */
export function refusedSketches(region: Region, stream: number): RefusedSketches | undefined {
  const sketch = findSketch(region, stream);
  if (sketch === 0) return undefined;
  const labels: LabelSketches[] = [];
  for (let number = 0; ; number++) {
    const label = labelAt(region, sketch, number);
    if (label === 0) break;
    // Who began it may have died before that.
    copySets(region, sketch, label);
    const { low, high, key } = readLabel(region, label);
    labels.push({
      ...{ key: CANONICAL_TEXTS.key(key, 0, key.length), keyLow: low, keyHigh: high },
      values: readRegisters(region, label + words.SKETCH_LABEL_VALUES),
      without: readRegisters(region, label + words.SKETCH_LABEL_WITHOUT),
    });
  }
  const sets = readRegisters(region, sketch + words.SKETCH_SETS);
  return { sets, labels, isWhole: isWhole(region, sketch) };
}
