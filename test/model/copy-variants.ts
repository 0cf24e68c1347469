// What is broken on purpose about the copy of a cut.
import type { Variant } from './variant.js';

const SNAPSHOT = 'lib/memory/snapshot.ts';

const WORDS = `    this.words = sized(this.words, end, Int32Array);
    yield* copyColumn(this.words, region.i32, layout.slotWords / 4, end);
`;
const CELLS = '    yield* copyColumn(this.cells, region.f64, layout.histogramTotals / 8, used);\n';
const ASKS = `      const goesOn = this.goesOn();
      if (!(typeof goesOn === 'boolean' ? goesOn : await goesOn)) return false;
`;

export const COPIES: readonly Variant[] = [
  {
    name: 'a copy counts although the right was lost meanwhile',
    edits: [
      { file: 'lib/store/collect/right-pace.ts', from: ASKS, to: '' },
      {
        file: 'lib/memory/swap.ts',
        from: 'if (value === undefined || this.#region.kernel.beat(generation) === words.LOST) {',
        to: 'if (value === undefined) {',
      },
    ],
    scenarios: ['copyingTakenOver'],
  },
  {
    name: "slots' words are copied last",
    edits: [
      { file: SNAPSHOT, from: WORDS, to: '' },
      { file: SNAPSHOT, from: CELLS, to: CELLS + WORDS },
    ],
    scenarios: ['copyingAdmitted'],
  },
  {
    name: 'a slot that nobody is shown in is still that of who had it before',
    edits: [
      {
        file: 'lib/store/series/series-catalog.ts',
        from: '    this.#rows.take(slot);\n    return !isReadable(word) ||',
        to: '    if (!isReadable(word)) this.#rows.take(slot);\n    return !isReadable(word) ||',
      },
    ],
    scenarios: ['copyingHidden'],
  },
];
